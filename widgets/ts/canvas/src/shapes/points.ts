/** Points: `[x0, y0, x1, y1, ...]`, one object of one or more loose points. */

import { boxOf, shiftPoints } from '../geometry';
import type { ShapeUtil } from './ShapeUtil';
import { clampVertices, dragVertex, removeVertex, vertexHandles } from './vertices';

export const points: ShapeUtil = {
  type: 'points',
  closed: false,
  clipped: true,
  minPoints: 1,

  bounds: (geometry) => boxOf(geometry.points),

  distance(geometry, p, reach) {
    const nearest = nearestPoint(geometry.points, p.x, p.y);
    return nearest <= reach ? nearest : null;
  },

  trace: () => undefined,
  dots: (geometry) => geometry.points,
  translate: (geometry, dx, dy) => ({ points: shiftPoints(geometry.points, dx, dy) }),
  handles: vertexHandles,
  dragHandle: dragVertex,
  finish: (geometry, frame) =>
    geometry.points.length < 2 ? null : { points: clampVertices(geometry.points, frame) },
  insertPoint: () => null,
  removePoint: (geometry, index) => removeVertex(geometry, index, 1),
};

/** Distance of a place to the nearest of a flat list of points. */
export function nearestPoint(list: readonly number[], x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i + 1 < list.length; i += 2) {
    nearest = Math.min(nearest, Math.hypot(list[i]! - x, list[i + 1]! - y));
  }
  return nearest;
}
