/** A small document with the saving interface of the editor. For tests: shapes are nothing but a number. */

import type { ChangeResult, ChangeSet, Shape } from '@cvat-lab/schema';
import { emptyChange, sizeOf } from '../changes';
import type { ChangeSource } from '../sync';
import type { JobServer } from './jobServer';

type Values = Map<number, number>;

export class TestDocument implements ChangeSource {
  revision: number;
  /** What is seen, by the document's own names. */
  readonly values: Values = new Map();
  /** What the server has, or will have when it accepts what was taken. */
  private saved: Values = new Map();
  private flight: { saved: Values; created: number[] } | null = null;
  private readonly serverIds = new Map<number, number>();
  private readonly listeners = new Set<() => void>();
  private lastName = 0;

  /** @param label the label of all shapes */
  constructor(
    server: Pick<JobServer, 'revision' | 'states'>,
    private readonly label = 1,
  ) {
    this.revision = server.revision;
    for (const shape of server.states.at(-1)!.values()) this.insert(shape);
  }

  get contents(): number[] {
    return [...this.values.values()].sort((a, b) => a - b);
  }

  add(value: number): number {
    this.values.set(++this.lastName, value);
    this.stepped();
    return this.lastName;
  }

  edit(name: number, value: number): void {
    this.values.set(name, value);
    this.stepped();
  }

  remove(name: number): void {
    this.values.delete(name);
    this.stepped();
  }

  peekChanges(): ChangeSet | null {
    const change = { ...emptyChange(), base_revision: this.revision };
    for (const [name, value] of this.values) {
      if (!this.saved.has(name)) change.created.shapes.push(this.shape(-name, value));
      else if (this.saved.get(name) !== value) change.updated.shapes.push(this.shape(this.idOf(name), value));
    }
    const gone = [...this.saved.keys()].filter((name) => !this.values.has(name));
    change.deleted.shapes = gone.map((name) => this.idOf(name));
    return sizeOf(change) ? change : null;
  }

  takeChanges(changeId: string): ChangeSet | null {
    if (this.flight) throw new Error('taken already');
    const change = this.peekChanges();
    if (!change) return null;
    const created = [...this.values.keys()].filter((name) => !this.saved.has(name));
    this.flight = { saved: this.saved, created };
    this.saved = new Map(this.values);
    return { ...change, change_id: changeId };
  }

  confirm(result: ChangeResult): void {
    this.flight!.created.forEach((name, i) => {
      this.serverIds.set(name, result.created.shapes[i]!);
    });
    this.flight = null;
    this.revision = result.revision;
  }

  restore(): void {
    this.saved = this.flight!.saved;
    this.flight = null;
  }

  rebase(missed: ChangeSet, revision: number): void {
    if (this.flight) throw new Error('rebased in flight');
    const names = new Map([...this.serverIds].map(([name, id]) => [id, name]));
    for (const shape of [...missed.updated.shapes, ...missed.created.shapes]) {
      const name = names.get(shape.id!);
      if (name === undefined) this.insert(shape);
      else this.overwrite(name, shape.z_order);
    }
    for (const id of missed.deleted.shapes) this.erase(names.get(id)!);
    this.revision = revision;
  }

  replay(changes: ChangeSet): void {
    const names = new Map([...this.serverIds].map(([name, id]) => [id, name]));
    for (const { z_order } of changes.created.shapes) this.values.set(++this.lastName, z_order);
    for (const { id, z_order } of changes.updated.shapes)
      this.values.set(names.get(id!) ?? ++this.lastName, z_order);
    for (const id of changes.deleted.shapes) this.values.delete(names.get(id)!);
    this.stepped();
  }

  onStep(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private insert({ id, z_order }: Shape): void {
    this.values.set(++this.lastName, z_order);
    this.saved.set(this.lastName, z_order);
    this.serverIds.set(this.lastName, id!);
  }

  /** A local edit stays on top of theirs. */
  private overwrite(name: number, value: number): void {
    const edited = this.values.get(name) !== this.saved.get(name);
    this.saved.set(name, value);
    if (!edited) this.values.set(name, value);
  }

  /** What was edited here is created anew. */
  private erase(name: number): void {
    const edited = this.values.get(name) !== this.saved.get(name);
    this.saved.delete(name);
    this.serverIds.delete(name);
    if (!edited) this.values.delete(name);
  }

  private idOf(name: number): number {
    return this.serverIds.get(name) ?? -name;
  }

  private stepped(): void {
    for (const listener of this.listeners) listener();
  }

  private shape(id: number, value: number): Shape {
    const fields = {
      attributes: [],
      elements: [],
      group: 0,
      source: 'manual',
      label_id: this.label,
      frame: 0,
    };
    const place = { points: [0, 0, 1, 1], rotation: 0, occluded: false, outside: false };
    return { id, ...fields, ...place, type: 'rectangle', score: 1, z_order: value };
  }
}
