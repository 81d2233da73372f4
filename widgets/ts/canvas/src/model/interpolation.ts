/**
 * Shapes between two keyframes: the twin of `cvat_lab/ops/interpolation.py` (with `contours.py` and `blending.py`).
 * `tests/golden/interpolation.json` holds both to the same numbers. Keyframes are never edited in place: what is
 * worked out for an array of points or of keyframes is kept for as long as that array lives.
 */

import type { AttributeValue, ShapeType, Track, TrackedShape } from '@cvat-lab/schema';
import { blendContours, type Matching, matchContours } from './contours';

/** How the points of a kind move, as `KINDS` in `cvat_lab/model/shape.py` says. */
export const INTERPOLATES: Readonly<Record<ShapeType, 'linear' | 'polyline' | 'single' | 'hold'>> = {
  rectangle: 'linear',
  ellipse: 'linear',
  cuboid: 'linear',
  polygon: 'polyline',
  polyline: 'polyline',
  points: 'single',
  mask: 'hold',
  skeleton: 'hold',
};

const TURNING: ReadonlySet<ShapeType> = new Set(['rectangle', 'ellipse', 'cuboid', 'skeleton']);

/** The points at `t` (0 = left keyframe, 1 = right one). Where the two do not fit together the left one is held. */
export function interpolatePoints(
  type: ShapeType,
  left: readonly number[],
  right: readonly number[] | null,
  t: number,
): number[] {
  if (right === null || t === 0) return [...left];
  const rule = INTERPOLATES[type];
  if (rule === 'polyline' && isDrawn(left) && isDrawn(right)) {
    return blendContours(matchingOf(type === 'polygon', left, right), t);
  }
  const straight = rule === 'linear' || (rule === 'single' && left.length === 2);
  if (!straight || left.length !== right.length) return [...left];
  const points = left.map((value, index) => value + (right[index]! - value) * t);
  if (type === 'cuboid' && isSpatial(left) && isSpatial(right)) turnSpatial(points, left, right, t);
  return points;
}

/** The rotation at `t` in degrees, along the shorter arc; a half turn goes clockwise. */
export function interpolateRotation(type: ShapeType, left: number, right: number, t: number): number {
  if (t === 0 || !TURNING.has(type)) return left;
  return modulo(left + shorterArc(left, right) * t + 360, 360);
}

/**
 * The shape of a track on a frame; null before its first keyframe. `outside` says that it is hidden, `attributes` are
 * the mutable ones with those inherited from earlier keyframes, and `id` is null between keyframes.
 */
export function trackAt(track: Track, frame: number): TrackedShape | null {
  const index = lastKeyframe(track.shapes, frame);
  const left = track.shapes[index];
  if (!left) return null;
  const attributes = inheritedAttributes(track.shapes)[index]!;
  if (left.frame === frame) return attributes === left.attributes ? left : { ...left, attributes };
  const right = track.shapes[index + 1];
  if (!right || right.type !== left.type) return { ...left, id: null, frame, attributes };
  const t = (frame - left.frame) / (right.frame - left.frame);
  return {
    ...left,
    id: null,
    frame,
    points: interpolatePoints(left.type, left.points, right.points, t),
    rotation: interpolateRotation(left.type, left.rotation, right.rotation, t),
    attributes,
  };
}

/** Position of the last keyframe at or before `frame`, -1 when there is none. */
function lastKeyframe(shapes: readonly TrackedShape[], frame: number): number {
  let low = 0;
  let high = shapes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (shapes[middle]!.frame <= frame) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const inherited = new WeakMap<readonly TrackedShape[], AttributeValue[][]>();

/** The mutable attributes in force at each keyframe. */
function inheritedAttributes(shapes: readonly TrackedShape[]): AttributeValue[][] {
  let known = inherited.get(shapes);
  if (!known) {
    let last: AttributeValue[] = [];
    known = shapes.map(({ attributes }) => {
      last = overlay(last, attributes);
      return last;
    });
    inherited.set(shapes, known);
  }
  return known;
}

function overlay(values: AttributeValue[], changed: AttributeValue[]): AttributeValue[] {
  if (changed.length === 0) return values;
  if (values.length === 0) return changed;
  const merged = new Map(values.map((item) => [item.spec_id, item]));
  for (const item of changed) merged.set(item.spec_id, item);
  return [...merged.values()];
}

interface KnownMatching {
  readonly right: readonly number[];
  readonly closed: boolean;
  readonly matching: Matching;
}

const matchings = new WeakMap<readonly number[], KnownMatching>();

function matchingOf(closed: boolean, left: readonly number[], right: readonly number[]): Matching {
  const known = matchings.get(left);
  if (known && known.right === right && known.closed === closed) return known.matching;
  const matching = matchContours(left, right, closed);
  matchings.set(left, { right, closed, matching });
  return matching;
}

function isDrawn(points: readonly number[]): boolean {
  return points.length > 0 && points.length % 2 === 0;
}

/** A 3D cuboid is known by the seven zeros at its end. */
function isSpatial(points: readonly number[]): boolean {
  return points.length === 16 && points.slice(9).every((value) => value === 0);
}

/** Euler angles, in radians, take the shorter arc. */
function turnSpatial(points: number[], left: readonly number[], right: readonly number[], t: number): void {
  for (let axis = 3; axis < 6; axis++) {
    const start = positiveDegrees(left[axis]!);
    const angle = ((start + shorterArc(start, positiveDegrees(right[axis]!)) * t) * Math.PI) / 180;
    points[axis] = angle > Math.PI ? angle - 2 * Math.PI : angle;
  }
}

function positiveDegrees(radians: number): number {
  return ((radians < 0 ? radians + 2 * Math.PI : radians) * 180) / Math.PI;
}

/** Degrees from one direction to another, -180 < way <= 180. */
function shorterArc(left: number, right: number): number {
  return 180 - modulo(180 - (right - left), 360);
}

function modulo(value: number, divisor: number): number {
  const rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}
