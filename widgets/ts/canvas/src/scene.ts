/**
 * What is on the frame that is shown: the states of all objects, those of them that are visible, and where.
 *
 * Both the tools (what is under the cursor?) and the renderer (what is in this rectangle?) ask here. An edit replaces the items
 * of the objects it touched and nothing else.
 */

import { type Box, boxContains, type Point } from './geometry';
import type { Annotations } from './model/annotations';
import type { Change, ClientId } from './model/objects';
import type { ObjectState } from './model/states';
import { shapeUtil } from './shapes/registry';
import { SpatialIndex } from './spatial';

/** A visible shape. */
export class SceneItem {
  /** Outline kept by the renderer as long as the item lives. */
  outline: Path2D | null = null;

  constructor(readonly state: ObjectState) {}

  /** Worked out each time: four more numbers for each of many thousand shapes are rarely needed again. */
  get bounds(): Box {
    return shapeUtil(this.state.type).bounds(this.state);
  }
}

/** What an edit did to the visible shapes. */
export interface SceneDelta {
  readonly removed: readonly SceneItem[];
  readonly added: readonly SceneItem[];
}

export type StatePredicate = (state: ObjectState) => boolean;

/** What belongs to the scene. */
export interface SceneRules {
  /** Whether an object of the frame is known to the user interface at all. */
  readonly isListed: StatePredicate;
  /** Whether a listed object is drawn and can be hit. */
  readonly isVisible: StatePredicate;
}

export class Scene {
  private readonly allStates = new Map<ClientId, ObjectState>();
  private readonly items = new Map<ClientId, SceneItem>();
  private readonly index = new SpatialIndex((clientId) => this.items.get(clientId)!.bounds);
  private sorted: SceneItem[] | null = null;
  private frameNumber = -1;

  constructor(
    private readonly annotations: Annotations,
    private readonly rules: SceneRules,
  ) {}

  get frame(): number {
    return this.frameNumber;
  }

  /** The states of all listed objects of the frame, hidden ones too, by client id. */
  get states(): ReadonlyMap<ClientId, ObjectState> {
    return this.allStates;
  }

  /** The visible shapes in the order they are drawn: by z_order, then by age. */
  get drawingOrder(): readonly SceneItem[] {
    this.sorted ??= [...this.items.values()].sort(byDrawingOrder);
    return this.sorted;
  }

  item(clientId: ClientId): SceneItem | undefined {
    return this.items.get(clientId);
  }

  /** Show another frame. */
  load(frame: number): void {
    this.frameNumber = frame;
    this.allStates.clear();
    for (const state of this.annotations.statesAt(frame)) {
      if (this.rules.isListed(state)) this.allStates.set(state.clientId, state);
    }
    this.refilter();
  }

  /** Decide anew which objects are visible. */
  refilter(): void {
    this.items.clear();
    this.sorted = null;
    for (const state of this.allStates.values()) {
      const item = this.makeItem(state);
      if (item) this.items.set(state.clientId, item);
    }
    this.index.load([...this.items.keys()]);
  }

  /** Take over edits. */
  refresh(changes: readonly Change[]): SceneDelta {
    const removed: SceneItem[] = [];
    const added: SceneItem[] = [];
    for (const clientId of new Set(changes.map((change) => change.clientId))) {
      const old = this.items.get(clientId);
      const item = this.replaceState(clientId);
      if (old) removed.push(old);
      if (item) added.push(item);
      this.replaceItem(clientId, old, item);
    }
    return { removed, added };
  }

  private replaceState(clientId: ClientId): SceneItem | null {
    const state = this.annotations.stateOf(clientId, this.frameNumber);
    if (!state || !this.rules.isListed(state)) {
      this.allStates.delete(clientId);
      return null;
    }
    this.allStates.set(clientId, state);
    return this.makeItem(state);
  }

  private replaceItem(clientId: ClientId, old: SceneItem | undefined, item: SceneItem | null): void {
    if (item) {
      this.items.set(clientId, item);
      this.index.set(clientId);
    } else if (old) {
      this.items.delete(clientId);
      this.index.delete(clientId);
    }
    if (!this.sorted || !(old || item)) return;
    // While a shape is dragged the order stays: swap the item in place.
    if (old && item && old.state.z_order === item.state.z_order) this.sorted[this.sorted.indexOf(old)] = item;
    else this.sorted = null;
  }

  /** Visible shapes whose bounds meet `box`, in drawing order. */
  itemsIn(box: Box): SceneItem[] {
    return this.sort(this.index.search(box).map((clientId) => this.items.get(clientId)!));
  }

  /** Put items into drawing order, in place. */
  sort(items: SceneItem[]): SceneItem[] {
    return items.sort(byDrawingOrder);
  }

  /** Visible shapes that lie completely inside `box`. */
  itemsInside(box: Box): SceneItem[] {
    return this.itemsIn(box).filter((item) => boxContains(box, item.bounds));
  }

  /**
   * The shape under `p`: of all that are hit the one whose outline is nearest, so that a small shape inside a large one can be
   * reached; of equals the upper one.
   *
   * @param reach - Pixels around lines and points that count as a hit.
   * @param accepts - Leaves out shapes, for example locked ones.
   */
  hit(p: Point, reach: number, accepts: StatePredicate = () => true): SceneItem | null {
    const around = { minX: p.x - reach, minY: p.y - reach, maxX: p.x + reach, maxY: p.y + reach };
    let best: SceneItem | null = null;
    let nearest = Number.POSITIVE_INFINITY;
    for (const item of this.itemsIn(around)) {
      if (!accepts(item.state)) continue;
      const distance = shapeUtil(item.state.type).distance(item.state, p, reach, this.annotations.labels);
      if (distance !== null && distance <= nearest) {
        best = item;
        nearest = distance;
      }
    }
    return best;
  }

  private makeItem(state: ObjectState): SceneItem | null {
    if (state.kind === 'tag' || state.outside || !this.rules.isVisible(state)) return null;
    const item = new SceneItem(state);
    // A skeleton without visible points, or a shape without any, is nowhere.
    return Number.isFinite(item.bounds.minX) ? item : null;
  }
}

function byDrawingOrder(a: SceneItem, b: SceneItem): number {
  return a.state.z_order - b.state.z_order || a.state.clientId - b.state.clientId;
}
