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
  /** Boxes set since the tree was built. */
  private readonly loose = new Map<number, Box>();
  /** Ids whose box in the tree, if any, does not count. */
  private readonly stale = new Set<number>();

  /** @param boxOf - The box of an id; asked when the tree is built. */
  constructor(private readonly boxOf: (id: number) => Box) {}

  /** Start over with these ids. */
  load(ids: readonly number[]): void {
    this.loose.clear();
    this.stale.clear();
    this.treeIds = ids;
    this.tree = ids.length === 0 ? null : new Flatbush(ids.length);
    if (!this.tree) return;
    for (const id of ids) {
      const { minX, minY, maxX, maxY } = this.boxOf(id);
      this.tree.add(minX, minY, maxX, maxY);
    }
    this.tree.finish();
  }

  /** An id is new, or has another box. */
  set(id: number): void {
    this.stale.add(id);
    this.loose.set(id, this.boxOf(id));
    if (this.loose.size > MAX_LOOSE)
      this.load([...this.treeIds.filter((old) => !this.stale.has(old)), ...this.loose.keys()]);
  }

  delete(id: number): void {
    this.stale.add(id);
    this.loose.delete(id);
  }

  /** Ids of the boxes that meet `box`, in no particular order. */
  search(box: Box): number[] {
    const found = this.tree
      ? this.tree.search(box.minX, box.minY, box.maxX, box.maxY).map((position) => this.treeIds[position]!)
      : [];
    const ids = this.stale.size === 0 ? found : found.filter((id) => !this.stale.has(id));
    for (const [id, own] of this.loose) {
      if (boxesMeet(own, box)) ids.push(id);
    }
    return ids;
  }
}
