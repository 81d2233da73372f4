/** Polygons: `[x0, y0, x1, y1, ...]`, closed, at least three points. */

import {
  boxOf,
  boxOfFrame,
  clipPolygon,
  nearestEdge,
  polygonArea,
  polygonContains,
  shiftPoints,
} from '../geometry';
import { MIN_AREA, type ShapeUtil } from './ShapeUtil';
import { dragVertex, insertVertex, removeVertex, traceLine, vertexHandles } from './vertices';

const MIN_POINTS = 3;

export const polygon: ShapeUtil = {
  type: 'polygon',
  closed: true,
  clipped: true,
  minPoints: MIN_POINTS,

  bounds: ({ points }) => boxOf(points),
  distance: ({ points }, p) => (polygonContains(points, p) ? nearestEdge(p, points, true).distance : null),
  trace: ({ points }, sink) => traceLine(points, sink, true),
  dots: () => [],

  translate: ({ points }, dx, dy) => ({ points: shiftPoints(points, dx, dy) }),
  handles: vertexHandles,
  dragHandle: dragVertex,

  finish({ points }, frame) {
    const inside = isInside(points, frame.width, frame.height);
    const clipped = inside ? points : clipPolygon(points, boxOfFrame(frame));
    return clipped.length < 2 * MIN_POINTS || polygonArea(clipped) < MIN_AREA ? null : { points: clipped };
  },

  insertPoint: (geometry, p, reach) => insertVertex(geometry, p, reach, true),
  removePoint: (geometry, index) => removeVertex(geometry, index, MIN_POINTS),
};

function isInside(points: readonly number[], width: number, height: number): boolean {
  const { minX, minY, maxX, maxY } = boxOf(points);
  return minX >= 0 && minY >= 0 && maxX <= width && maxY <= height;
}
