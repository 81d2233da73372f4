/**
 * Which objects the annotator means.
 *
 * As in CVAT, hovering a shape makes it *active*, and it stays active until another one is. Several objects can be *selected*
 * with Shift; while anything is selected, hovering changes nothing.
 */

import type { ClientId } from './model/objects';
import type { ObjectState } from './model/states';
import type { Scene, SceneItem } from './scene';

export class Selection {
  private activeId: ClientId | null = null;
  private selectedIds: ReadonlySet<ClientId> = new Set();

  constructor(
    private readonly scene: Scene,
    private readonly changed: () => void,
  ) {}

  get active(): ClientId | null {
    return this.activeId;
  }

  /** Several objects chosen with Shift; usually empty. */
  get selected(): ReadonlySet<ClientId> {
    return this.selectedIds;
  }

  /** The objects that a command applies to: the selected ones, else the active one. */
  get targets(): ObjectState[] {
    const ids = this.selectedIds.size > 0 ? this.selectedIds : this.activeId === null ? [] : [this.activeId];
    return [...ids].flatMap((clientId) => this.scene.states.get(clientId) ?? []);
  }

  /** The targets that may be edited. */
  get editable(): ObjectState[] {
    return this.targets.filter((state) => !state.object.locked);
  }

  /** The one shape whose handles are shown; null when there is none, or more than one target. */
  get focus(): SceneItem | null {
    const [state, second] = this.targets;
    return state && !second ? (this.scene.item(state.clientId) ?? null) : null;
  }

  /** Visible shapes that are drawn as chosen. */
  get items(): SceneItem[] {
    return this.targets.flatMap((state) => this.scene.item(state.clientId) ?? []);
  }

  has(clientId: ClientId): boolean {
    return this.selectedIds.size > 0 ? this.selectedIds.has(clientId) : this.activeId === clientId;
  }

  /** Make one object active and forget the selected ones; null = none. */
  activate(clientId: ClientId | null): void {
    if (clientId === this.activeId && this.selectedIds.size === 0) return;
    this.activeId = clientId;
    this.selectedIds = new Set();
    this.changed();
  }

  /** The cursor is over a shape. */
  hover(clientId: ClientId): void {
    if (this.selectedIds.size === 0) this.activate(clientId);
  }

  select(clientIds: Iterable<ClientId>): void {
    this.selectedIds = new Set(clientIds);
    this.activeId = null;
    this.changed();
  }

  /** Add an object to the selected ones, or take it away. */
  toggle(clientId: ClientId): void {
    const ids = new Set(this.selectedIds);
    if (!ids.delete(clientId)) ids.add(clientId);
    this.select(ids);
  }

  clear(): void {
    this.activate(null);
  }

  /** Forget objects that are not on the frame any more. */
  prune(): void {
    const exists = (clientId: ClientId) => this.scene.states.has(clientId);
    const kept = [...this.selectedIds].filter(exists);
    const active = this.activeId !== null && exists(this.activeId) ? this.activeId : null;
    if (kept.length === this.selectedIds.size && active === this.activeId) return;
    this.selectedIds = new Set(kept);
    this.activeId = active;
    this.changed();
  }
}
