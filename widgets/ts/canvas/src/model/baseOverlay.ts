/** Base data, plus what others changed on frames that were not looked at yet. */

import type { Shape, Tag } from '@cvat-lab/schema';
import type { BaseData } from './base';
import type { ObjectData } from './objects';

type Single = Extract<ObjectData, { kind: 'shape' | 'tag' }>;

export class BaseOverlay {
  private readonly taken = new Set<number>();
  private readonly framesWithObjects: Set<number>;
  private readonly shapes = new Map<number, Shape | null>();
  private readonly tags = new Map<number, Tag | null>();

  constructor(private readonly base: BaseData) {
    this.framesWithObjects = new Set(base.frames);
  }

  /** Whether somebody changed frames that were not looked at. */
  get isChanged(): boolean {
    return this.shapes.size > 0 || this.tags.size > 0;
  }

  /** Frames that have, or may have, shapes or tags. */
  frames(): Iterable<number> {
    return this.framesWithObjects;
  }

  has(frame: number): boolean {
    return this.framesWithObjects.has(frame);
  }

  isTaken(frame: number): boolean {
    return this.taken.has(frame);
  }

  /** The objects of a frame, the first time; nothing later. */
  take(frame: number): ObjectData[] {
    if (this.taken.has(frame)) return [];
    this.taken.add(frame);
    return [
      ...this.merged(this.base.shapesAt(frame), this.shapes, frame).map((data) => ({
        kind: 'shape' as const,
        data,
      })),
      ...this.merged(this.base.tagsAt(frame), this.tags, frame).map((data) => ({
        kind: 'tag' as const,
        data,
      })),
    ];
  }

  /** Somebody created or updated an object on a frame that was not taken. */
  put(item: Single): void {
    this.framesWithObjects.add(item.data.frame);
    if (item.kind === 'shape') this.shapes.set(item.data.id!, item.data);
    else this.tags.set(item.data.id!, item.data);
  }

  /** Somebody deleted an object. Ids that no frame holds do no harm. */
  delete(kind: 'shape' | 'tag', id: number): void {
    (kind === 'shape' ? this.shapes : this.tags).set(id, null);
  }

  private merged<T extends Shape | Tag>(
    stored: readonly T[],
    changed: ReadonlyMap<number, T | null>,
    frame: number,
  ): T[] {
    if (changed.size === 0) return [...stored];
    const kept = stored.filter((item) => !changed.has(item.id!));
    for (const item of changed.values()) if (item?.frame === frame) kept.push(item);
    return kept;
  }
}
