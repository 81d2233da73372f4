/**
 * Polygons and polylines between two keyframes, as CVAT moves them; the twin of `cvat_lab/ops/contours.py` and
 * `blending.py`, which explain the method. Sums are taken in the same order, so that a tie is a tie here, too.
 */

/** Matches that may get too close to each other: neighbours that share a point of the other contour. */
interface Run {
  readonly first: number;
  readonly size: number;
  /** Pixels below which neighbours are too close. */
  readonly limit: number;
}

/** Which points of two contours belong together: where each match starts, and how far it goes. */
export interface Matching {
  readonly starts: Float64Array;
  readonly moves: Float64Array;
  readonly runs: readonly Run[];
  readonly closed: boolean;
}

interface Contour {
  readonly points: readonly number[];
  /** Distance of each vertex from the one before. */
  readonly steps: Float64Array;
  /** Share of the whole length at each vertex. */
  readonly progress: Float64Array;
}

type Match = readonly [left: number, right: number];

/** Match the points of two contours given as flat coordinates. */
export function matchContours(
  leftPoints: readonly number[],
  rightPoints: readonly number[],
  closed: boolean,
): Matching {
  const left = measure(leftPoints, closed);
  const right = measure(rightPoints, closed);
  const partners = matchVertices(left, right);
  const matches: Match[] = [];
  for (const [vertex, rights] of partners.entries())
    for (const other of rights) matches.push([vertex, other]);
  const starts = new Float64Array(matches.length * 2);
  const moves = new Float64Array(matches.length * 2);
  for (let index = 0; index < starts.length; index++) {
    const [from, to] = matches[index >> 1]!;
    const axis = index & 1;
    starts[index] = left.points[2 * from + axis]!;
    moves[index] = right.points[2 * to + axis]! - starts[index]!;
  }
  return { starts, moves, runs: findRuns(left, right, partners, matches), closed };
}

/** The contour at `t`, which must not be 0: there the left keyframe itself stands. */
export function blendContours({ starts, moves, runs, closed }: Matching, t: number): number[] {
  const points = starts.map((start, index) => start + moves[index]! * t);
  const kept: number[] = [];
  for (const run of runs) thinOut(points, run, kept);
  if (closed) kept.length -= 2;
  return kept;
}

function measure(open: readonly number[], closed: boolean): Contour {
  const points = closed ? [...open, open[0]!, open[1]!] : open;
  const steps = new Float64Array(points.length / 2);
  const progress = new Float64Array(points.length / 2);
  let length = 0;
  for (let vertex = 1; vertex < steps.length; vertex++) {
    steps[vertex] = distance(points, vertex, vertex - 1);
    length += steps[vertex]!;
    progress[vertex] = length;
  }
  // On a contour without length everything is nearest to the first vertex.
  for (let vertex = 1; vertex < steps.length; vertex++) {
    progress[vertex] = length > 0 ? progress[vertex]! / length : Number.POSITIVE_INFINITY;
  }
  return { points, steps, progress };
}

/** The right partners of each left vertex, ascending. */
function matchVertices(left: Contour, right: Contour): number[][] {
  const partners: number[][] = [];
  const matched = new Uint8Array(right.progress.length);
  for (const value of left.progress) {
    const vertex = nearest(value, right.progress);
    matched[vertex] = 1;
    partners.push([vertex]);
  }
  for (const [vertex, value] of right.progress.entries()) {
    if (!matched[vertex]) partners[nearest(value, left.progress)]!.push(vertex);
  }
  for (const rights of partners) if (rights.length > 1) rights.sort((a, b) => a - b);
  return partners;
}

/** Position in an ascending curve that is nearest to a value; the first of several equally near ones. */
function nearest(value: number, curve: Float64Array): number {
  if (value === Number.POSITIVE_INFINITY || curve.length === 1) return 0;
  let low = 1;
  let high = curve.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (curve[middle]! < value) low = middle + 1;
    else high = middle;
  }
  let best = Math.abs(value - curve[low - 1]!) <= Math.abs(value - curve[low]!) ? low - 1 : low;
  while (best > 0 && Math.abs(value - curve[best - 1]!) === Math.abs(value - curve[best]!)) best--;
  return best;
}

function findRuns(
  left: Contour,
  right: Contour,
  partners: readonly number[][],
  matches: readonly Match[],
): Run[] {
  const runs: Run[] = [];
  let first = 0;
  for (let index = 1; index <= matches.length; index++) {
    if (index < matches.length && belongTogether(matches[index - 1]!, matches[index]!, partners)) continue;
    const limit = runLimit(left, right, matches[first]!, matches[index - 1]!);
    runs.push({ first, size: index - first, limit });
    first = index;
  }
  return runs;
}

function belongTogether(
  [left, right]: Match,
  [nextLeft, nextRight]: Match,
  partners: readonly number[][],
): boolean {
  if (left === nextLeft) return true;
  return right === nextRight && partners[left]!.length === 1 && partners[nextLeft]!.length === 1;
}

/** Half the mean spacing of the keyframe's points along a run, on the contour that has several points in it. */
function runLimit(left: Contour, right: Contour, first: Match, last: Match): number {
  const side = first[0] === last[0] ? 1 : 0;
  const { steps } = side === 1 ? right : left;
  let length = 0;
  for (let vertex = first[side] + 1; vertex <= last[side]; vertex++) length += steps[vertex]!;
  return length / (2 * (last[side] - first[side] + 1));
}

/** Append the points of a run that are far enough from each other; the last one always stays. */
function thinOut(points: Float64Array, { first, size, limit }: Run, kept: number[]): void {
  kept.push(points[2 * first]!, points[2 * first + 1]!);
  if (size === 1) return;
  const last = first + size - 1;
  let latest = first;
  for (let index = first + 1; index < last; index++) {
    if (distance(points, latest, index) < limit) continue;
    kept.push(points[2 * index]!, points[2 * index + 1]!);
    latest = index;
  }
  if (latest === first && distance(points, first, last) < limit) {
    kept[kept.length - 2] = (points[2 * first]! + points[2 * last]!) / 2;
    kept[kept.length - 1] = (points[2 * first + 1]! + points[2 * last + 1]!) / 2;
  } else kept.push(points[2 * last]!, points[2 * last + 1]!);
}

function distance(points: ArrayLike<number>, one: number, other: number): number {
  const dx = points[2 * one]! - points[2 * other]!;
  const dy = points[2 * one + 1]! - points[2 * other + 1]!;
  return Math.sqrt(dx * dx + dy * dy);
}
