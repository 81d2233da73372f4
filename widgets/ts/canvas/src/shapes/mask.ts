/**
 * Masks: `[run, run, ..., left, top, right, bottom]`. Runs alternate background and foreground, row by row inside the box, of
 * which both ends belong to the mask.
 *
 * A mask is drawn as the outline of its pixels: one path, sharp at every zoom, without seams between rows.
 */

import { type Box, boxOfFrame, clamp, type Point } from '../geometry';
import type { Geometry, PathSink, ShapeUtil } from './ShapeUtil';

export const mask: ShapeUtil = {
  type: 'mask',
  closed: true,
  clipped: true,
  minPoints: null,

  bounds: ({ points }) => maskBounds(points),

  distance({ points }, p) {
    const box = maskBounds(points);
    const x = Math.floor(p.x) - box.minX;
    const y = Math.floor(p.y) - box.minY;
    const width = box.maxX - box.minX;
    if (x < 0 || y < 0 || x >= width || y >= box.maxY - box.minY) return null;
    if (!pixelAt(points, y * width + x)) return null;
    return Math.min(p.x - box.minX, box.maxX - p.x, p.y - box.minY, box.maxY - p.y);
  },

  trace({ points }, sink) {
    const box = maskBounds(points);
    for (const loop of outlines(decode(points, box), box.maxX - box.minX, box.maxY - box.minY)) {
      traceLoop(loop, box, sink);
    }
  },

  dots: () => [],

  translate({ points }, dx, dy) {
    const box = points.slice(-4);
    return {
      points: [...points.slice(0, -4), ...box.map((value, i) => value + Math.round(i % 2 === 0 ? dx : dy))],
    };
  },

  handles: () => [],
  dragHandle: () => null,

  finish(geometry, frame) {
    const box = maskBounds(geometry.points);
    const limits = boxOfFrame(frame);
    const dx = clamp(0, limits.minX - box.minX, limits.maxX - box.maxX);
    const dy = clamp(0, limits.minY - box.minY, limits.maxY - box.maxY);
    return mask.translate(geometry, dx, dy);
  },

  insertPoint: () => null,
  removePoint: () => null,
};

/** The box of a mask in image coordinates: `maxX` and `maxY` are the far edges of the last pixels. */
function maskBounds(points: Geometry['points']): Box {
  const [left = 0, top = 0, right = 0, bottom = 0] = points.slice(-4);
  return { minX: left, minY: top, maxX: right + 1, maxY: bottom + 1 };
}

function pixelAt(points: Geometry['points'], offset: number): boolean {
  let end = 0;
  for (let i = 0; i < points.length - 4; i++) {
    end += points[i]!;
    if (offset < end) return i % 2 === 1;
  }
  return false;
}

function decode(points: Geometry['points'], box: Box): Uint8Array {
  const pixels = new Uint8Array((box.maxX - box.minX) * (box.maxY - box.minY));
  let start = 0;
  for (let i = 0; i < points.length - 4; i++) {
    const end = start + points[i]!;
    if (i % 2 === 1) pixels.fill(1, start, end);
    start = end;
  }
  return pixels;
}

/**
 * The closed outlines of the set pixels, as corner numbers of a grid that is one wider than the mask.
 *
 * Every border between a set and an unset pixel is an edge with the set pixel on its right; edges are joined head to tail.
 */
function outlines(pixels: Uint8Array, width: number, height: number): number[][] {
  const stride = width + 1;
  const next = new Map<number, number[]>();
  const set = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && pixels[y * width + x] === 1;
  const edge = (from: number, to: number) => {
    const list = next.get(from);
    if (list) list.push(to);
    else next.set(from, [to]);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!set(x, y)) continue;
      const corner = y * stride + x;
      if (!set(x, y - 1)) edge(corner, corner + 1);
      if (!set(x + 1, y)) edge(corner + 1, corner + 1 + stride);
      if (!set(x, y + 1)) edge(corner + 1 + stride, corner + stride);
      if (!set(x - 1, y)) edge(corner + stride, corner);
    }
  }
  return joinEdges(next);
}

function joinEdges(next: Map<number, number[]>): number[][] {
  const loops: number[][] = [];
  for (const start of next.keys()) {
    while ((next.get(start)?.length ?? 0) > 0) {
      const loop = [start];
      for (let at = next.get(start)!.pop()!; at !== start; at = next.get(at)!.pop()!) loop.push(at);
      loops.push(loop);
    }
  }
  return loops;
}

function traceLoop(loop: readonly number[], box: Box, sink: PathSink): void {
  const stride = box.maxX - box.minX + 1;
  const at = (i: number): Point => {
    const corner = loop[i % loop.length]!;
    return { x: box.minX + (corner % stride), y: box.minY + Math.floor(corner / stride) };
  };
  const first = at(0);
  sink.moveTo(first.x, first.y);
  for (let i = 1; i < loop.length; i++) {
    const [before, here, after] = [at(i - 1), at(i), at(i + 1)];
    const straight =
      (before.x === here.x && here.x === after.x) || (before.y === here.y && here.y === after.y);
    if (!straight) sink.lineTo(here.x, here.y);
  }
  sink.closePath();
}
