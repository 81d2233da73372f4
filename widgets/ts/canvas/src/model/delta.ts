/**
 * Applying a change to a record that was changed by somebody else meanwhile.
 *
 * The same question comes up twice: undoing an old step after the object was edited again elsewhere, and bringing local edits
 * onto what a colleague saved. In both, only the fields that the change touched are written; of a track, only its keyframes.
 */

import type { TrackedShape } from '@cvat-lab/schema';
import type { AnnotationObject } from './objects';

type Fields = Record<string, unknown>;

/** `current`, with everything that differs between `from` and `to` set as in `to`. */
export function applyDelta(
  from: AnnotationObject,
  to: AnnotationObject,
  current: AnnotationObject,
): AnnotationObject {
  if (current === from) return to;
  const merged = mergeFields(
    from as unknown as Fields,
    to as unknown as Fields,
    current as unknown as Fields,
  );
  merged['data'] = mergeData(from, to, current);
  return merged as unknown as AnnotationObject;
}

function mergeFields(from: Fields, to: Fields, current: Fields): Fields {
  const merged = { ...current };
  for (const key of Object.keys(to)) {
    if (from[key] !== to[key]) merged[key] = to[key];
  }
  return merged;
}

function mergeData(from: AnnotationObject, to: AnnotationObject, current: AnnotationObject): Fields {
  const [a, b, c] = [from.data, to.data, current.data] as unknown as [Fields, Fields, Fields];
  const merged = mergeFields(a, b, c);
  if (from.kind === 'track' && to.kind === 'track' && current.kind === 'track') {
    const shapes = mergeKeyframes(from.data.shapes, to.data.shapes, current.data.shapes);
    merged['shapes'] = shapes;
    merged['frame'] = shapes[0]!.frame;
  }
  return merged;
}

function mergeKeyframes(
  from: readonly TrackedShape[],
  to: readonly TrackedShape[],
  current: readonly TrackedShape[],
): TrackedShape[] {
  const before = byFrame(from);
  const after = byFrame(to);
  const merged = byFrame(current);
  for (const frame of new Set([...before.keys(), ...after.keys()])) {
    const wanted = after.get(frame);
    if (before.get(frame) === wanted) continue;
    if (wanted) merged.set(frame, wanted);
    else merged.delete(frame);
  }
  const shapes = [...merged.values()].sort((a, b) => a.frame - b.frame);
  return shapes.length > 0 ? shapes : [...to];
}

function byFrame(shapes: readonly TrackedShape[]): Map<number, TrackedShape> {
  return new Map(shapes.map((shape) => [shape.frame, shape]));
}
