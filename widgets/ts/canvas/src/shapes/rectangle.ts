/** Rectangles: `[xtl, ytl, xbr, ybr]` of the unrotated box, turned about its centre. */

import { type Box, boxArea, boxCentre, boxOfFrame, clampBox, rotatePoint, shiftPoints } from '../geometry';
import { angleTowards, boundsOfTurnedBox, boxHandles, depthInBox, resizeBox } from './box';
import { type Geometry, MIN_AREA, type ShapeUtil } from './ShapeUtil';

export const rectangle: ShapeUtil = {
  type: 'rectangle',
  closed: true,
  clipped: true,
  minPoints: null,

  bounds: ({ points, rotation }) => boundsOfTurnedBox(toBox(points), rotation),

  distance: ({ points, rotation }, p) => depthInBox(toBox(points), rotation, p),

  trace({ points, rotation }, sink) {
    const box = toBox(points);
    const centre = boxCentre(box);
    const corner = (x: number, y: number) => rotatePoint({ x, y }, centre, rotation);
    const [a, b, c, d] = [
      corner(box.minX, box.minY),
      corner(box.maxX, box.minY),
      corner(box.maxX, box.maxY),
      corner(box.minX, box.maxY),
    ];
    sink.moveTo(a.x, a.y);
    sink.lineTo(b.x, b.y);
    sink.lineTo(c.x, c.y);
    sink.lineTo(d.x, d.y);
    sink.closePath();
  },

  dots: () => [],

  translate: ({ points }, dx, dy) => ({ points: shiftPoints(points, dx, dy) }),

  handles: ({ points, rotation }, pixel) => boxHandles(toBox(points), rotation, pixel),

  dragHandle({ points, rotation }, handle, to, options) {
    const box = toBox(points);
    if (handle.kind === 'rotate') return { rotation: angleTowards(box, to, options.constrained) };
    const resized = resizeBox(box, rotation, handle.index, to, options);
    return boxArea(resized) < MIN_AREA ? null : { points: toPoints(resized) };
  },

  finish({ points, rotation }, frame) {
    const box = rotation === 0 ? clampBox(toBox(points), boxOfFrame(frame)) : toBox(points);
    return boxArea(box) < MIN_AREA ? null : { points: toPoints(box) };
  },

  insertPoint: () => null,
  removePoint: () => null,
};

function toBox(points: Geometry['points']): Box {
  const [minX = 0, minY = 0, maxX = 0, maxY = 0] = points;
  return { minX, minY, maxX, maxY };
}

function toPoints(box: Box): number[] {
  return [box.minX, box.minY, box.maxX, box.maxY];
}
