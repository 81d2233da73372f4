/** Polylines: `[x0, y0, x1, y1, ...]`, open, at least two points. */

import { boxOf, nearestEdge, shiftPoints } from '../geometry';
import type { ShapeUtil } from './ShapeUtil';
import { clampVertices, dragVertex, insertVertex, removeVertex, traceLine, vertexHandles } from './vertices';

const MIN_POINTS = 2;

export const polyline: ShapeUtil = {
  type: 'polyline',
  closed: false,
  clipped: true,
  minPoints: MIN_POINTS,

  bounds: ({ points }) => boxOf(points),

  distance({ points }, p, reach) {
    const { distance } = nearestEdge(p, points, false);
    return distance <= reach ? distance : null;
  },

  trace: ({ points }, sink) => traceLine(points, sink, false),
  dots: () => [],
  translate: ({ points }, dx, dy) => ({ points: shiftPoints(points, dx, dy) }),
  handles: vertexHandles,
  dragHandle: dragVertex,
  finish: ({ points }, frame) =>
    points.length < 2 * MIN_POINTS ? null : { points: clampVertices(points, frame) },
  insertPoint: (geometry, p, reach) => insertVertex(geometry, p, reach, false),
  removePoint: (geometry, index) => removeVertex(geometry, index, MIN_POINTS),
};
