/// <reference types="node" />
import { readFileSync } from 'node:fs';
import type { ShapeType, Track, TrackedShape } from '@cvat-lab/schema';
import { describe, expect, it } from 'vitest';
import { INTERPOLATES, interpolatePoints, interpolateRotation, trackAt } from './interpolation';

interface Golden {
  interpolates: Record<ShapeType, string>;
  points: {
    name: string;
    type: ShapeType;
    left: number[];
    right: number[] | null;
    moments: { t: number; points: number[] }[];
  }[];
  rotations: { type: ShapeType; left: number; right: number; t: number; rotation: number }[];
  tracks: { name: string; track: Track; frames: { frame: number; shape: TrackedShape | null }[] }[];
}

const file = new URL('../../../../../tests/golden/interpolation.json', import.meta.url);
const golden: Golden = JSON.parse(readFileSync(file, 'utf-8'));

function expectClose(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, index) => {
    expect(Math.abs(actual[index]! - value)).toBeLessThan(1e-9);
  });
}

describe('interpolation', () => {
  it('R5.19 follows the same rule for each kind as the server', () => {
    expect(INTERPOLATES).toEqual(golden.interpolates);
  });

  it.each(golden.points)('R5.12 R5.13 R5.14 R5.15 R5.16 R5.17 $name', ({ type, left, right, moments }) => {
    for (const { t, points } of moments) expectClose(interpolatePoints(type, left, right, t), points);
  });

  it.each(golden.rotations)(
    'R5.12 $type turns from $left to $right at $t',
    ({ type, left, right, t, rotation }) => {
      expectClose([interpolateRotation(type, left, right, t)], [rotation]);
    },
  );

  it.each(golden.tracks)('R5.8 R5.9 R5.10 R5.11 $name', ({ track, frames }) => {
    for (const { frame, shape } of frames) {
      const actual = trackAt(track, frame);
      if (!shape || !actual) {
        expect(actual).toBe(shape);
        continue;
      }
      expectClose([...actual.points, actual.rotation], [...shape.points, shape.rotation]);
      expect({ ...actual, points: shape.points, rotation: shape.rotation }).toEqual(shape);
    }
  });

  it('does not mix up the matchings of different neighbours', () => {
    const left = [0, 0, 10, 0, 10, 10];
    const near = interpolatePoints('polygon', left, [0, 0, 12, 0, 12, 12], 0.5);
    const far = interpolatePoints('polygon', left, [100, 0, 110, 0, 110, 10, 100, 10], 0.5);
    const open = interpolatePoints('polyline', left, [0, 0, 12, 0, 12, 12], 0.5);
    expect(interpolatePoints('polygon', left, [0, 0, 12, 0, 12, 12], 0.5)).toEqual(near);
    expect(far.length).toBeGreaterThan(near.length);
    expect(open).toEqual([0, 0, 11, 0, 11, 11]);
  });

  it('gives points of its own, which may be edited', () => {
    const left = [1, 2, 3, 4];
    const held = interpolatePoints('mask', left, [9], 0.5);
    held[0] = 7;
    expect(left[0]).toBe(1);
  });
});
