/**
 * Plane geometry in image pixels: x right, y down, angles in degrees clockwise.
 *
 * Point lists are flat, `[x0, y0, x1, y1, ...]`, as on the wire. Nothing here knows about kinds of shapes.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** An axis-aligned box; both ends belong to it. */
export interface Box {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
}

export function boxOf(points: ArrayLike<number>): Box {
  let minX = Number.POSITIVE_INFINITY;
  let minY = Number.POSITIVE_INFINITY;
  let maxX = Number.NEGATIVE_INFINITY;
  let maxY = Number.NEGATIVE_INFINITY;
  for (let i = 0; i + 1 < points.length; i += 2) {
    const x = points[i]!;
    const y = points[i + 1]!;
    if (x < minX) minX = x;
    if (x > maxX) maxX = x;
    if (y < minY) minY = y;
    if (y > maxY) maxY = y;
  }
  return { minX, minY, maxX, maxY };
}

export function boxBetween(a: Point, b: Point): Box {
  return {
    minX: Math.min(a.x, b.x),
    minY: Math.min(a.y, b.y),
    maxX: Math.max(a.x, b.x),
    maxY: Math.max(a.y, b.y),
  };
}

export function boxOfFrame(size: Size): Box {
  return { minX: 0, minY: 0, maxX: size.width, maxY: size.height };
}

export function uniteBoxes(a: Box, b: Box): Box {
  return {
    minX: Math.min(a.minX, b.minX),
    minY: Math.min(a.minY, b.minY),
    maxX: Math.max(a.maxX, b.maxX),
    maxY: Math.max(a.maxY, b.maxY),
  };
}

export function inflateBox(box: Box, by: number): Box {
  return { minX: box.minX - by, minY: box.minY - by, maxX: box.maxX + by, maxY: box.maxY + by };
}

export function scaleBox(box: Box, by: number): Box {
  return { minX: box.minX * by, minY: box.minY * by, maxX: box.maxX * by, maxY: box.maxY * by };
}

/** The part of `box` inside `limits`; its area is 0 when they do not meet. */
export function clampBox(box: Box, limits: Box): Box {
  const x = (value: number) => clamp(value, limits.minX, limits.maxX);
  const y = (value: number) => clamp(value, limits.minY, limits.maxY);
  return { minX: x(box.minX), minY: y(box.minY), maxX: x(box.maxX), maxY: y(box.maxY) };
}

/** The shift nearest to `wish` that takes `box` no further out of `limits` than it is. */
export function shiftWithin(box: Box, limits: Box, wish: Point): Point {
  return {
    x: clamp(wish.x, Math.min(0, limits.minX - box.minX), Math.max(0, limits.maxX - box.maxX)),
    y: clamp(wish.y, Math.min(0, limits.minY - box.minY), Math.max(0, limits.maxY - box.maxY)),
  };
}

export function boxesMeet(a: Box, b: Box): boolean {
  return a.minX <= b.maxX && b.minX <= a.maxX && a.minY <= b.maxY && b.minY <= a.maxY;
}

export function boxContains(outer: Box, inner: Box): boolean {
  return (
    outer.minX <= inner.minX &&
    outer.minY <= inner.minY &&
    outer.maxX >= inner.maxX &&
    outer.maxY >= inner.maxY
  );
}

export function boxArea(box: Box): number {
  return (box.maxX - box.minX) * (box.maxY - box.minY);
}

export function boxCentre(box: Box): Point {
  return { x: (box.minX + box.maxX) / 2, y: (box.minY + box.maxY) / 2 };
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}

export function clampPoint(point: Point, limits: Box): Point {
  return { x: clamp(point.x, limits.minX, limits.maxX), y: clamp(point.y, limits.minY, limits.maxY) };
}

export function distanceBetween(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** `point` turned about `centre`. */
export function rotatePoint(point: Point, centre: Point, degrees: number): Point {
  if (degrees === 0) return point;
  const angle = (degrees * Math.PI) / 180;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const dx = point.x - centre.x;
  const dy = point.y - centre.y;
  return { x: centre.x + dx * cos - dy * sin, y: centre.y + dx * sin + dy * cos };
}

/** Every point of a flat list turned about `centre`. */
export function rotatePoints(points: readonly number[], centre: Point, degrees: number): number[] {
  const turned: number[] = [];
  for (let i = 0; i + 1 < points.length; i += 2) {
    const { x, y } = rotatePoint({ x: points[i]!, y: points[i + 1]! }, centre, degrees);
    turned.push(x, y);
  }
  return turned;
}

export function shiftPoints(points: readonly number[], dx: number, dy: number): number[] {
  return points.map((value, i) => value + (i % 2 === 0 ? dx : dy));
}

/** Degrees brought into [0, 360). */
export function normalizeDegrees(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}

export function distanceToSegment(p: Point, ax: number, ay: number, bx: number, by: number): number {
  const dx = bx - ax;
  const dy = by - ay;
  const length2 = dx * dx + dy * dy;
  const t = length2 === 0 ? 0 : clamp(((p.x - ax) * dx + (p.y - ay) * dy) / length2, 0, 1);
  return Math.hypot(p.x - ax - t * dx, p.y - ay - t * dy);
}

export interface NearestEdge {
  readonly distance: number;
  /** The edge runs from this point of the list to the next one. */
  readonly index: number;
}

/** The edge of a polyline, or with `closed` of a polygon, that is nearest to `p`. */
export function nearestEdge(p: Point, points: readonly number[], closed: boolean): NearestEdge {
  const count = points.length / 2;
  let best: NearestEdge = { distance: Number.POSITIVE_INFINITY, index: -1 };
  for (let i = 0; i < (closed ? count : count - 1); i++) {
    const j = (i + 1) % count;
    const distance = distanceToSegment(
      p,
      points[2 * i]!,
      points[2 * i + 1]!,
      points[2 * j]!,
      points[2 * j + 1]!,
    );
    if (distance < best.distance) best = { distance, index: i };
  }
  return best;
}

/** Whether `p` is inside a polygon, by the even-odd rule. */
export function polygonContains(points: readonly number[], p: Point): boolean {
  let inside = false;
  for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
    const xi = points[i]!;
    const yi = points[i + 1]!;
    const xj = points[j]!;
    const yj = points[j + 1]!;
    if (yi > p.y !== yj > p.y && p.x < ((xj - xi) * (p.y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** Twice-signed area halved and made positive: the area of a simple polygon, in px². */
export function polygonArea(points: readonly number[]): number {
  let twice = 0;
  for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
    twice += points[j]! * points[i + 1]! - points[i]! * points[j + 1]!;
  }
  return Math.abs(twice) / 2;
}

/**
 * A polygon cut to a box, side by side (Sutherland and Hodgman 1974).
 *
 * Returns an empty list when nothing of it lies inside.
 */
export function clipPolygon(points: readonly number[], limits: Box): number[] {
  const { minX, minY, maxX, maxY } = limits;
  let rest = [...points];
  rest = cutSide(rest, 0, (x) => x >= minX, minX);
  rest = cutSide(rest, 0, (x) => x <= maxX, maxX);
  rest = cutSide(rest, 1, (y) => y >= minY, minY);
  return cutSide(rest, 1, (y) => y <= maxY, maxY);
}

/** Cut a polygon by the line `coordinate[axis] = at`, keeping the side where `keeps` holds. */
function cutSide(points: number[], axis: 0 | 1, keeps: (value: number) => boolean, at: number): number[] {
  const kept: number[] = [];
  for (let i = 0, j = points.length - 2; i < points.length; j = i, i += 2) {
    const here = keeps(points[i + axis]!);
    if (here !== keeps(points[j + axis]!)) kept.push(...crossing(points, j, i, axis, at));
    if (here) kept.push(points[i]!, points[i + 1]!);
  }
  return kept;
}

function crossing(points: number[], from: number, to: number, axis: 0 | 1, at: number): [number, number] {
  const other = axis === 0 ? 1 : 0;
  const t = (at - points[from + axis]!) / (points[to + axis]! - points[from + axis]!);
  const along = points[from + other]! + t * (points[to + other]! - points[from + other]!);
  return axis === 0 ? [at, along] : [along, at];
}
