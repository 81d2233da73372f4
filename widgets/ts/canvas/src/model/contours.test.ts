import { describe, expect, it } from 'vitest';
import { blendContours, matchContours } from './contours';

describe('contours', () => {
  it('R5.16 attaches unmatched right points to their nearest left point', () => {
    const { starts, moves } = matchContours([0, 0, 100, 0], [0, 10, 40, 10, 60, 10, 100, 10], false);
    expect([...starts]).toEqual([0, 0, 0, 0, 100, 0, 100, 0]);
    expect([...moves]).toEqual([0, 10, 40, 10, -40, 10, 0, 10]);
  });

  it('R5.17 replaces two points that are too close by the point between them', () => {
    const matching = matchContours([0, 0, 90, 0, 100, 0], [0, 0, 10, 0], false);
    // 90 and 100 share a partner; their distance of 10 shrinks below 10 / (2 * 2) towards the end.
    expect(blendContours(matching, 0.5)).toEqual([0, 0, 50, 0, 55, 0]);
    expect(blendContours(matching, 0.9)).toEqual([0, 0, 18.5, 0]);
  });

  it('R5.17 keeps start point and direction of the keyframes', () => {
    const square = [0, 0, 10, 0, 10, 10, 0, 10];
    const moved = square.map((value) => value + 4);
    expect(blendContours(matchContours(square, moved, true), 0.5)).toEqual(square.map((value) => value + 2));
  });
});
