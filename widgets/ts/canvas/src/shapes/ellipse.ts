/** Ellipses: `[cx, cy, right x, top y]` and a rotation about the centre. */

import { type Box, boxArea, boxCentre, boxOfFrame, clampBox, rotatePoint, shiftPoints } from '../geometry';
import { angleTowards, boxHandles, resizeBox } from './box';
import { type Geometry, MIN_AREA, type ShapeUtil } from './ShapeUtil';

interface Radii {
  readonly cx: number;
  readonly cy: number;
  readonly rx: number;
  readonly ry: number;
}

export const ellipse: ShapeUtil = {
  type: 'ellipse',
  closed: true,
  clipped: true,
  minPoints: null,

  bounds({ points, rotation }) {
    const { cx, cy, rx, ry } = radii(points);
    const angle = (rotation * Math.PI) / 180;
    const halfWidth = Math.hypot(rx * Math.cos(angle), ry * Math.sin(angle));
    const halfHeight = Math.hypot(rx * Math.sin(angle), ry * Math.cos(angle));
    return { minX: cx - halfWidth, minY: cy - halfHeight, maxX: cx + halfWidth, maxY: cy + halfHeight };
  },

  distance({ points, rotation }, p) {
    const { cx, cy, rx, ry } = radii(points);
    if (rx === 0 || ry === 0) return null;
    const local = rotatePoint(p, { x: cx, y: cy }, -rotation);
    const dx = local.x - cx;
    const dy = local.y - cy;
    const scale = Math.hypot(dx / rx, dy / ry);
    if (scale > 1) return null;
    // Along the ray from the centre; exact on the axes, close enough between them to rank hits.
    return scale === 0 ? Math.min(rx, ry) : Math.hypot(dx, dy) * (1 / scale - 1);
  },

  trace({ points, rotation }, sink) {
    const { cx, cy, rx, ry } = radii(points);
    const angle = (rotation * Math.PI) / 180;
    sink.moveTo(cx + rx * Math.cos(angle), cy + rx * Math.sin(angle));
    sink.ellipse(cx, cy, rx, ry, angle, 0, 2 * Math.PI);
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

/** The points of the ellipse inscribed in a box. */
export function toPoints(box: Box): number[] {
  const { x, y } = boxCentre(box);
  return [x, y, box.maxX, box.minY];
}

function radii(points: Geometry['points']): Radii {
  const [cx = 0, cy = 0, right = cx, top = cy] = points;
  return { cx, cy, rx: Math.abs(right - cx), ry: Math.abs(cy - top) };
}

function toBox(points: Geometry['points']): Box {
  const { cx, cy, rx, ry } = radii(points);
  return { minX: cx - rx, minY: cy - ry, maxX: cx + rx, maxY: cy + ry };
}
