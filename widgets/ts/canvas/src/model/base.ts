/**
 * What the server stored when a job was opened.
 *
 * A job may hold 100 000 shapes, so they are handed over frame by frame, when a frame is first looked at. `@cvat-lab/client`
 * implements this on Arrow columns; `fromLabeledData` does it for plain records.
 */

import type { LabeledData, Shape, Tag, Track } from '@cvat-lab/schema';

export interface BaseData {
  /** Tracks span frames, so all of them are given at once. */
  readonly tracks: readonly Track[];
  /** The highest group number in use; 0 = none. */
  readonly maxGroup: number;
  /** The shapes of one frame, elements of skeletons nested. Asked once per frame. */
  shapesAt(frame: number): readonly Shape[];
  tagsAt(frame: number): readonly Tag[];
  /** Numbers of the frames that have shapes or tags. */
  readonly frames: Iterable<number>;
}

/** Base data from the records that CVAT's annotation routes answer with. */
export function fromLabeledData(data: LabeledData): BaseData {
  const shapes = byFrame(data.shapes);
  const tags = byFrame(data.tags);
  const groups = [data.shapes, data.tags, data.tracks].flatMap((list) => list.map((item) => item.group ?? 0));
  return {
    tracks: data.tracks,
    maxGroup: groups.reduce((max, group) => Math.max(max, group), 0),
    shapesAt: (frame) => shapes.get(frame) ?? [],
    tagsAt: (frame) => tags.get(frame) ?? [],
    frames: new Set([...shapes.keys(), ...tags.keys()]),
  };
}

function byFrame<T extends { frame: number }>(items: readonly T[]): Map<number, T[]> {
  const frames = new Map<number, T[]>();
  for (const item of items) {
    const list = frames.get(item.frame);
    if (list) list.push(item);
    else frames.set(item.frame, [item]);
  }
  return frames;
}

export function emptyLabeledData(): LabeledData {
  return { version: 0, tags: [], shapes: [], tracks: [], intervals: [] };
}
