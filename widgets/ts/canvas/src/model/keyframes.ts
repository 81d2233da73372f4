/** Keyframes of one track: setting and removing. Pure functions that return new tracks. */

import type { AttributeValue, Track, TrackedShape } from '@cvat-lab/schema';
import { CanvasError } from '../errors';
import { trackAt } from './interpolation';

export type KeyframePatch = Partial<Omit<TrackedShape, 'frame' | 'id' | 'type'>>;

/** Change the keyframe at `frame`; where there is none, one is made from the interpolated shape. */
export function setKeyframe(track: Track, frame: number, patch: KeyframePatch): Track {
  const existing = track.shapes.find((shape) => shape.frame === frame);
  const keyframe = { ...(existing ?? computedKeyframe(track, frame)), ...patch };
  const others = track.shapes.filter((shape) => shape.frame !== frame);
  return withKeyframes(track, [...others, keyframe]);
}

function computedKeyframe(track: Track, frame: number): TrackedShape {
  const shape = trackAt(track, frame);
  if (!shape) {
    throw new CanvasError(`The track does not exist on frame ${frame}: it begins on frame ${track.frame}.`);
  }
  // Attributes stay away: a keyframe without a value holds the one of the keyframe before.
  return { ...shape, frame, id: null, attributes: [] };
}

export function removeKeyframe(track: Track, frame: number): Track {
  const rest = track.shapes.filter((shape) => shape.frame !== frame);
  if (rest.length === 0) {
    throw new CanvasError(`Frame ${frame} is the only keyframe of the track; delete the track instead.`);
  }
  return withKeyframes(track, rest);
}

function withKeyframes(track: Track, shapes: TrackedShape[]): Track {
  const sorted = shapes.toSorted((a, b) => a.frame - b.frame);
  return { ...track, shapes: sorted, frame: sorted[0]!.frame };
}

/** `values` with those of `changed` put over them. */
export function mergeAttributes(
  values: readonly AttributeValue[],
  changed: readonly AttributeValue[],
): AttributeValue[] {
  const merged = new Map(values.map((item) => [item.spec_id, item]));
  for (const item of changed) merged.set(item.spec_id, item);
  return [...merged.values()];
}
