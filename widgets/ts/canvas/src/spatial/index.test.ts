import { expect, it } from 'vitest';
import type { Box } from '../geometry';
import { SpatialIndex } from '.';

function box(x: number, y: number, size = 10): Box {
  return { minX: x, minY: y, maxX: x + size, maxY: y + size };
}

function indexOf(boxes: Map<number, Box>) {
  const index = new SpatialIndex((id) => boxes.get(id)!);
  index.load([...boxes.keys()]);
  return index;
}

it('answers like a linear search, through many edits', () => {
  let seed = 1;
  const next = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  const boxes = new Map(Array.from({ length: 500 }, (_, i) => [i, box(next() * 1000, next() * 1000)]));
  const index = indexOf(boxes);
  for (let step = 0; step < 1500; step++) {
    const id = Math.floor(next() * 700);
    if (next() < 0.3) {
      boxes.delete(id);
      index.delete(id);
    } else {
      boxes.set(id, box(next() * 1000, next() * 1000));
      index.set(id);
    }
    if (step % 50 > 0) continue;
    const area = box(next() * 900, next() * 900, 120);
    const meets = ([, { minX, minY, maxX, maxY }]: [number, Box]) =>
      minX <= area.maxX && maxX >= area.minX && minY <= area.maxY && maxY >= area.minY;
    const expected = [...boxes].filter(meets).map(([id]) => id);
    expect(index.search(area).toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
  }
});

it('is empty at first and when everything is deleted', () => {
  const boxes = new Map([[1, box(0, 0)]]);
  const index = indexOf(boxes);
  index.delete(1);
  expect(index.search(box(0, 0))).toEqual([]);
  expect(indexOf(new Map()).search(box(0, 0))).toEqual([]);
});
