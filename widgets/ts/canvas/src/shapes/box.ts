/** What rectangles and ellipses share: a box that is turned about its centre, grabbed at eight places and a rotation point. */

import {
  type Box,
  boxCentre,
  boxOfFrame,
  clampPoint,
  normalizeDegrees,
  type Point,
  rotatePoint,
} from '../geometry';
import type { DragOptions, Handle } from './ShapeUtil';

/** The eight places, clockwise from the top left corner, as fractions of width and height. */
const PLACES: readonly (readonly [number, number, string])[] = [
  [0, 0, 'nwse-resize'],
  [0.5, 0, 'ns-resize'],
  [1, 0, 'nesw-resize'],
  [1, 0.5, 'ew-resize'],
  [1, 1, 'nwse-resize'],
  [0.5, 1, 'ns-resize'],
  [0, 1, 'nesw-resize'],
  [0, 0.5, 'ew-resize'],
];

/** Distance of the rotation point from the top edge, in screen pixels. */
const ROTATION_ARM = 24;
/** Sides shorter than this have no handle in their middle, in screen pixels. */
const SHORT_SIDE = 36;
const FREE_STEP = 0.1;
const SNAP_STEP = 15;

/** The handles of a box; short sides have none in their middle, so that a small box can still be grabbed by its body. */
export function boxHandles(box: Box, rotation: number, pixel: number): Handle[] {
  const centre = boxCentre(box);
  const width = box.maxX - box.minX;
  const height = box.maxY - box.minY;
  const turned = (x: number, y: number) => rotatePoint({ x, y }, centre, rotation);
  const handles = PLACES.flatMap(([u, v, cursor], index): Handle[] => {
    const isShort = (u === 0.5 && width < SHORT_SIDE * pixel) || (v === 0.5 && height < SHORT_SIDE * pixel);
    const at = turned(box.minX + u * width, box.minY + v * height);
    return isShort ? [] : [{ ...at, kind: 'resize', index, cursor: rotation === 0 ? cursor : 'move' }];
  });
  const arm = turned(centre.x, box.minY - ROTATION_ARM * pixel);
  handles.push({ ...arm, kind: 'rotate', index: 0, cursor: 'grab' });
  return handles;
}

/** The box after one of its eight places was dragged to `to`; the place opposite stays where it is, also when turned. */
export function resizeBox(box: Box, rotation: number, index: number, to: Point, options: DragOptions): Box {
  const [u, v] = PLACES[index]!;
  const centre = boxCentre(box);
  const target = rotation === 0 ? clampPoint(to, boxOfFrame(options.frame)) : to;
  const opposite = {
    x: box.minX + (1 - u) * (box.maxX - box.minX),
    y: box.minY + (1 - v) * (box.maxY - box.minY),
  };
  const anchor = rotatePoint(opposite, centre, rotation);
  // The same place as the anchor sees it, were the box not turned.
  const local = rotatePoint(target, anchor, -rotation);
  const width = u === 0.5 ? box.maxX - box.minX : local.x - anchor.x;
  const height = v === 0.5 ? box.maxY - box.minY : local.y - anchor.y;
  const shiftX = u === 0.5 ? 0 : width / 2;
  const shiftY = v === 0.5 ? 0 : height / 2;
  const newCentre = rotatePoint({ x: anchor.x + shiftX, y: anchor.y + shiftY }, anchor, rotation);
  return boxAround(newCentre, Math.abs(width), Math.abs(height));
}

/** The angle of a box whose rotation point is dragged to `to`: free in steps of 0.1 degrees, constrained in steps of 15. */
export function angleTowards(box: Box, to: Point, constrained: boolean): number {
  const centre = boxCentre(box);
  const degrees = (Math.atan2(to.y - centre.y, to.x - centre.x) * 180) / Math.PI + 90;
  const step = constrained ? SNAP_STEP : FREE_STEP;
  const rounded = normalizeDegrees(Math.round(degrees / step) * step);
  return Number(rounded.toFixed(1)) % 360;
}

/** How far `p` is inside the turned box: the distance to the nearest side, null when outside. */
export function depthInBox(box: Box, rotation: number, p: Point): number | null {
  const { x, y } = rotatePoint(p, boxCentre(box), -rotation);
  const depth = Math.min(x - box.minX, box.maxX - x, y - box.minY, box.maxY - y);
  return depth >= 0 ? depth : null;
}

export function boundsOfTurnedBox(box: Box, rotation: number): Box {
  if (rotation === 0) return box;
  const centre = boxCentre(box);
  const angle = (rotation * Math.PI) / 180;
  const cos = Math.abs(Math.cos(angle));
  const sin = Math.abs(Math.sin(angle));
  const width = box.maxX - box.minX;
  const height = box.maxY - box.minY;
  return boxAround(centre, width * cos + height * sin, width * sin + height * cos);
}

function boxAround(centre: Point, width: number, height: number): Box {
  return {
    minX: centre.x - width / 2,
    minY: centre.y - height / 2,
    maxX: centre.x + width / 2,
    maxY: centre.y + height / 2,
  };
}
