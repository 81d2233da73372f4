/**
 * Where things are on a frame: boxes by client id.
 *
 * flatbush is quick but cannot change, so boxes edited since it was built live in a small list beside it, which is searched
 * one by one. When the list grows long the tree is built again.
 */

import Flatbush from 'flatbush';
import { type Box, boxesMeet } from '../geometry';

const MAX_LOOSE = 256;

export class SpatialIndex {
  private tree: Flatbush | null = null;
  private treeIds: readonly number[] = [];
  private readonly boxes = new Map<number, Box>();
  /** Ids whose box in the tree, if any, does not count. */
  private readonly stale = new Set<number>();
  private readonly loose = new Set<number>();

  /** Start over with these boxes. */
  load(boxes: Iterable<readonly [number, Box]>): void {
    this.boxes.clear();
    for (const [id, box] of boxes) this.boxes.set(id, box);
    this.rebuild();
  }

  set(id: number, box: Box): void {
    this.boxes.set(id, box);
    this.stale.add(id);
    this.loose.add(id);
    if (this.loose.size > MAX_LOOSE) this.rebuild();
  }

  delete(id: number): void {
    this.boxes.delete(id);
    this.stale.add(id);
    this.loose.delete(id);
  }

  /** Ids of the boxes that meet `box`, in no particular order. */
  search(box: Box): number[] {
    const found = this.tree
      ? this.tree.search(box.minX, box.minY, box.maxX, box.maxY).map((position) => this.treeIds[position]!)
      : [];
    const ids = this.stale.size === 0 ? found : found.filter((id) => !this.stale.has(id));
    for (const id of this.loose) {
      if (boxesMeet(this.boxes.get(id)!, box)) ids.push(id);
    }
    return ids;
  }

  private rebuild(): void {
    this.stale.clear();
    this.loose.clear();
    this.treeIds = [...this.boxes.keys()];
    if (this.boxes.size === 0) {
      this.tree = null;
      return;
    }
    this.tree = new Flatbush(this.boxes.size);
    for (const { minX, minY, maxX, maxY } of this.boxes.values()) this.tree.add(minX, minY, maxX, maxY);
    this.tree.finish();
  }
}
