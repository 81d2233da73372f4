/** A seeded scene: half boxes of 10 to 70 px, half 20-gons of radius 8 to 35 px, ten labels, on an image of 1920 x 1080. */

import type { BaseData, FrameSource } from '@cvat-lab/canvas';
import type { LabelRead, Shape } from '@cvat-lab/schema';

export const WIDTH = 1920;
export const HEIGHT = 1080;

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function makeLabels(): LabelRead[] {
  return Array.from({ length: 10 }, (_, i) => ({
    id: i + 1,
    name: `label ${i + 1}`,
    color: `#${((i * 0x3a5f1b + 0x4080c0) & 0xffffff).toString(16).padStart(6, '0')}`,
    type: 'any' as const,
    attributes: [],
    sublabels: [],
    has_parent: false,
    parent_id: null,
  }));
}

/** Every frame has `count` shapes with ids of its own. */
export function makeBase(count: number, frames: readonly number[], seed = 1): BaseData {
  return {
    tracks: [],
    maxGroup: 0,
    frames,
    tagsAt: () => [],
    shapesAt: (frame) => makeShapes(count, frame, seed),
  };
}

export function makeShapes(count: number, frame: number, seed: number): Shape[] {
  const next = random(seed * 1000 + frame);
  return Array.from({ length: count }, (_, i) => ({
    id: frame * 1_000_000 + i + 1,
    type: i % 2 === 0 ? ('rectangle' as const) : ('polygon' as const),
    points: i % 2 === 0 ? boxPoints(next) : polygonPoints(next),
    frame,
    rotation: 0,
    occluded: next() < 0.1,
    outside: false,
    z_order: Math.floor(next() * 3),
    attributes: [],
    label_id: 1 + Math.floor(next() * 10),
    group: 0,
    source: 'manual',
    score: 1,
    elements: [],
  }));
}

function boxPoints(next: () => number): number[] {
  const width = 10 + next() * 60;
  const height = 10 + next() * 60;
  const x = next() * (WIDTH - width);
  const y = next() * (HEIGHT - height);
  return [x, y, x + width, y + height];
}

function polygonPoints(next: () => number): number[] {
  const radius = 8 + next() * 27;
  const x = radius + next() * (WIDTH - 2 * radius);
  const y = radius + next() * (HEIGHT - 2 * radius);
  const points: number[] = [];
  for (let i = 0; i < 20; i++) {
    const r = radius * (0.7 + 0.3 * next());
    points.push(x + r * Math.cos((i * Math.PI) / 10), y + r * Math.sin((i * Math.PI) / 10));
  }
  return points;
}

/** One image for all frames: patches of grey, so that scaling it is real work. */
export async function makeFrames(): Promise<FrameSource> {
  const canvas = new OffscreenCanvas(WIDTH, HEIGHT);
  const context = canvas.getContext('2d')!;
  const next = random(7);
  for (let y = 0; y < HEIGHT; y += 8) {
    for (let x = 0; x < WIDTH; x += 8) {
      const grey = 60 + Math.floor(next() * 100);
      context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
      context.fillRect(x, y, 8, 8);
    }
  }
  const image = await createImageBitmap(canvas);
  return { get: async () => image, release: () => undefined };
}
