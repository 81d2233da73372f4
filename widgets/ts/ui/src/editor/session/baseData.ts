/** Hands the columns of an opened job to the canvas, which asks for them frame by frame. */

import type { BaseData } from '@cvat-lab/canvas';
import type { JobData } from '@cvat-lab/client';

export function baseDataOf(data: JobData): BaseData {
  return {
    tracks: data.tracks(),
    maxGroup: [data.shapes, data.tags, data.trackRows].reduce(
      (max, { group }) => group.reduce((highest, number) => Math.max(highest, number), max),
      0,
    ),
    shapesAt: (frame) => data.shapesAt(frame),
    tagsAt: (frame) => data.tagsAt(frame),
    frames: new Set([...data.shapeIndex.frames, ...data.tagIndex.frames]),
  };
}

/** Numbers of the frames that can be shown. */
export function shownFrames({ frames }: JobData): number[] {
  return [...frames.number].filter((_, row) => frames.deleted[row] === 0);
}

/** The frame nearest to a number; frames are ascending and at least one. */
export function nearestFrame(frames: readonly number[], wanted: number): number {
  return frames.reduce((best, frame) => (Math.abs(frame - wanted) < Math.abs(best - wanted) ? frame : best));
}
