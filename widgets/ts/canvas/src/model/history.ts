/**
 * Undo and redo.
 *
 * A step is what one gesture or command did. A gesture sets a mark when it begins; everything that changes until `commit` is
 * one step, and `bail` takes it all back.
 */

import { applyDelta } from './delta';
import type { AnnotationObject, Change, ClientId } from './objects';

export interface Step {
  readonly title: string;
  readonly changes: readonly Change[];
  /** The frame the annotator was looking at. */
  readonly frame: number;
}

/** What the history needs to know about the document. */
export interface HistoryTarget {
  get(clientId: ClientId): AnnotationObject | null;
  apply(changes: readonly Change[]): void;
}

interface Gesture {
  readonly title: string;
  readonly frame: number;
  readonly changes: Map<ClientId, Change>;
}

export class History {
  private done: Step[] = [];
  private undone: Step[] = [];
  private gesture: Gesture | null = null;

  /** @param limit - Number of steps that are kept. */
  constructor(
    private readonly target: HistoryTarget,
    private readonly onStep: () => void,
    private readonly limit = 500,
  ) {}

  /** Titles of the steps that undo and redo would take, latest first; null = none. */
  get undoTitle(): string | null {
    return this.done.at(-1)?.title ?? null;
  }

  get redoTitle(): string | null {
    return this.undone.at(-1)?.title ?? null;
  }

  /** Whether a gesture is under way. */
  get isMarked(): boolean {
    return this.gesture !== null;
  }

  mark(title: string, frame: number): void {
    if (this.gesture) throw new Error(`Cannot begin "${title}": "${this.gesture.title}" has not ended.`);
    this.gesture = { title, frame, changes: new Map() };
  }

  /** End the gesture as one step. A gesture that changed nothing leaves no step. */
  commit(): void {
    const { gesture } = this;
    this.gesture = null;
    if (gesture) this.push(gesture.title, gesture.frame, [...gesture.changes.values()]);
  }

  /** End the gesture and take back what it did. */
  bail(): void {
    const { gesture } = this;
    this.gesture = null;
    if (gesture) this.target.apply(this.reversed([...gesture.changes.values()]));
  }

  /** Remember changes that were just applied: in the gesture if there is one, else as a step of their own. */
  record(title: string, frame: number, changes: readonly Change[]): void {
    if (!this.gesture) {
      this.push(title, frame, changes);
      return;
    }
    for (const change of changes) {
      const earlier = this.gesture.changes.get(change.clientId);
      this.gesture.changes.set(change.clientId, earlier ? { ...change, before: earlier.before } : change);
    }
  }

  /** Take back the last step; returns it, or null when there is none. */
  undo(): Step | null {
    const step = this.done.pop();
    if (!step) return null;
    this.target.apply(this.reversed(step.changes));
    this.undone.push(step);
    this.onStep();
    return step;
  }

  redo(): Step | null {
    const step = this.undone.pop();
    if (!step) return null;
    this.target.apply(this.onto(step.changes));
    this.done.push(step);
    this.onStep();
    return step;
  }

  private push(title: string, frame: number, changes: readonly Change[]): void {
    const real = changes.filter(({ before, after }) => before !== after);
    if (real.length === 0) return;
    this.done.push({ title, frame, changes: real });
    if (this.done.length > this.limit) this.done.shift();
    this.undone = [];
    this.onStep();
  }

  private reversed(changes: readonly Change[]): Change[] {
    return this.onto(
      changes.map(({ clientId, before, after }) => ({ clientId, before: after, after: before })),
    );
  }

  /**
   * The changes as they apply to the objects of now. An edit of an object that a colleague has deleted has no target any more
   * and is left out; so is the creation of one that is there, and the deletion of one that is gone.
   */
  private onto(changes: readonly Change[]): Change[] {
    return changes.flatMap(({ clientId, before, after }) => {
      const current = this.target.get(clientId);
      if (before && after)
        return current ? [{ clientId, before: current, after: applyDelta(before, after, current) }] : [];
      return (before === null) === (current === null) ? [{ clientId, before: current, after }] : [];
    });
  }
}
