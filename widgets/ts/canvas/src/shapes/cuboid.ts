/**
 * Cuboids in an image: 8 corners, top and bottom of four vertical edges in turn: front left, front right, back right, back left.
 *
 * `[x, y]` of corner 2i is the top of edge i, of corner 2i + 1 its bottom.
 */

import { boxOf, nearestEdge, polygonContains, shiftPoints } from '../geometry';
import { type Geometry, MIN_AREA, type ShapeUtil } from './ShapeUtil';
import { traceLine } from './vertices';

/** Corners of the faces: front, right, back, left, top, bottom. The front comes first, so it is drawn first. */
const FACES: readonly (readonly [number, number, number, number])[] = [
  [0, 1, 3, 2],
  [2, 3, 5, 4],
  [4, 5, 7, 6],
  [6, 7, 1, 0],
  [0, 2, 4, 6],
  [1, 3, 5, 7],
];

export const cuboid: ShapeUtil = {
  type: 'cuboid',
  closed: true,
  clipped: false,
  minPoints: null,

  bounds: ({ points }) => boxOf(points),

  distance(geometry, p) {
    const hits = FACES.map((face) => corners(geometry, face)).filter((polygon) =>
      polygonContains(polygon, p),
    );
    if (hits.length === 0) return null;
    // The outline of the whole is the border of the union; the deepest face is a good measure of how central `p` is.
    return Math.max(...hits.map((polygon) => nearestEdge(p, polygon, true).distance));
  },

  trace(geometry, sink) {
    // All faces run the same way round, so that filling the path fills their union and leaves no holes where they overlap.
    for (const face of FACES) traceLine(clockwise(corners(geometry, face)), sink, true);
  },

  dots: () => [],
  translate: ({ points }, dx, dy) => ({ points: shiftPoints(points, dx, dy) }),
  handles: () => [],
  dragHandle: () => null,

  finish({ points }) {
    const { minX, minY, maxX, maxY } = boxOf(points);
    return (maxX - minX) * (maxY - minY) < MIN_AREA ? null : { points };
  },

  insertPoint: () => null,
  removePoint: () => null,
};

function corners({ points }: Geometry, face: readonly number[]): number[] {
  return face.flatMap((corner) => [points[2 * corner]!, points[2 * corner + 1]!]);
}

function clockwise(face: number[]): number[] {
  const [x0, y0, x1, y1, x2, y2, x3, y3] = face as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const twiceArea = (x2 - x0) * (y3 - y1) - (x3 - x1) * (y2 - y0);
  return twiceArea >= 0 ? face : [x0, y0, x3, y3, x2, y2, x1, y1];
}
