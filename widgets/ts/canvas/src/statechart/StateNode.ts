/**
 * Statecharts: a tree of states of which one path, from the root to a leaf, is active.
 *
 * An input goes to the active leaf first and climbs towards the root until a state handles it. A state handles an input by
 * having the method for it; a method that returns `'pass'` lets the parent have the input too.
 */

import type { Editor } from '../editor';
import type { CanvasInput, KeyInput, PointerInput } from '../events';

/** `'pass'` = not handled after all; anything else = handled. */
// biome-ignore lint/suspicious/noConfusingVoidType: most handlers return nothing.
export type Handled = 'pass' | void;

/** What a state is told when it is entered; each state says what it expects. */
export type EnterInfo = Readonly<Record<string, unknown>>;

export interface StateNodeType {
  new (editor: Editor, parent: StateNode | null): StateNode;
  /** Lower-case twin of the class name; part of the path. */
  readonly id: string;
  /** The child that is entered with this state; leaves have none. */
  readonly initial?: string;
  readonly children?: readonly StateNodeType[];
}

const HANDLERS = {
  pointer_down: 'onPointerDown',
  pointer_move: 'onPointerMove',
  pointer_up: 'onPointerUp',
  pointer_leave: 'onPointerLeave',
  double_click: 'onDoubleClick',
  key_down: 'onKeyDown',
  key_up: 'onKeyUp',
  cancel: 'onCancel',
  complete: 'onComplete',
  interrupt: 'onInterrupt',
  undo: 'onUndo',
  redo: 'onRedo',
} as const satisfies Record<CanvasInput['type'], keyof StateNode>;

export abstract class StateNode {
  readonly children: ReadonlyMap<string, StateNode>;
  private activeChild: StateNode | null = null;

  constructor(
    protected readonly editor: Editor,
    protected readonly parent: StateNode | null,
  ) {
    this.children = new Map((this.type.children ?? []).map((child) => [child.id, new child(editor, this)]));
  }

  onEnter?(info: EnterInfo): void;
  onExit?(): void;
  onPointerDown?(input: PointerInput): Handled;
  onPointerMove?(input: PointerInput): Handled;
  onPointerUp?(input: PointerInput): Handled;
  onPointerLeave?(input: PointerInput): Handled;
  onDoubleClick?(input: PointerInput): Handled;
  onKeyDown?(input: KeyInput): Handled;
  onKeyUp?(input: KeyInput): Handled;
  onCancel?(): Handled;
  onComplete?(): Handled;
  onInterrupt?(): Handled;
  onUndo?(): Handled;
  onRedo?(): Handled;

  get id(): string {
    return this.type.id;
  }

  /** Ids from the root to this state, for example `root.rectangle.drawing`. */
  get path(): string {
    return this.parent ? `${this.parent.path}.${this.id}` : this.id;
  }

  /** The active leaf below this state, or the state itself when it is a leaf. */
  get leaf(): StateNode {
    return this.activeChild?.leaf ?? this;
  }

  get active(): StateNode | null {
    return this.activeChild;
  }

  /** Leave the active child and enter another one, with its initial descendants. */
  transition(id: string, info: EnterInfo = {}): void {
    const next = this.children.get(id);
    if (!next) {
      const known = [...this.children.keys()].join(', ') || 'none';
      throw new Error(`${this.path} has no state "${id}"; its states are: ${known}.`);
    }
    this.activeChild?.exit();
    this.activeChild = next;
    next.enter(info);
  }

  /** Hand an input to the active leaf and upwards. Returns whether a state handled it. */
  dispatch(input: CanvasInput): boolean {
    for (let node: StateNode | null = this.leaf; node; node = node.parent) {
      const handler = node[HANDLERS[input.type]] as ((input: CanvasInput) => Handled) | undefined;
      if (handler && handler.call(node, input) !== 'pass') return true;
      if (node === this) break;
    }
    return false;
  }

  enter(info: EnterInfo): void {
    this.onEnter?.(info);
    const { initial } = this.type;
    // A state may have gone on by itself while it was entered.
    if (initial !== undefined && !this.activeChild) this.transition(initial, info);
  }

  exit(): void {
    this.activeChild?.exit();
    this.activeChild = null;
    this.onExit?.();
  }

  private get type(): StateNodeType {
    return this.constructor as StateNodeType;
  }
}

/** A state without children. Each one says how it ends: taken back, finished, or stopped from outside. */
export abstract class LeafState extends StateNode {
  /** Take back what the state did. */
  abstract override onCancel(): Handled;
  /** Finish what the state does and keep it. */
  abstract override onComplete(): Handled;
  /** Something else needs the canvas: end in a well-defined way, at once. */
  abstract override onInterrupt(): Handled;

  /** Go to another state of the same tool. */
  protected go(id: string, info: EnterInfo = {}): void {
    this.parent!.transition(id, info);
  }
}
