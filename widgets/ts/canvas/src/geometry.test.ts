import { describe, expect, it } from 'vitest';
import { Camera } from './camera';
import {
  boxOf,
  clipPolygon,
  nearestEdge,
  normalizeDegrees,
  polygonArea,
  polygonContains,
  rotatePoint,
} from './geometry';

const SQUARE = [0, 0, 10, 0, 10, 10, 0, 10];
const LIMITS = { minX: 0, minY: 0, maxX: 10, maxY: 10 };

describe('geometry', () => {
  it('turns clockwise, with y down', () => {
    const { x, y } = rotatePoint({ x: 10, y: 0 }, { x: 0, y: 0 }, 90);
    expect(x).toBeCloseTo(0);
    expect(y).toBeCloseTo(10);
  });

  it('brings degrees into [0, 360)', () => {
    expect([-90, 0, 360, 725].map(normalizeDegrees)).toEqual([270, 0, 0, 5]);
  });

  it('knows inside from outside, also in a notch', () => {
    const notched = [0, 0, 10, 0, 10, 10, 5, 2, 0, 10];
    expect(polygonContains(notched, { x: 2, y: 2 })).toBe(true);
    expect(polygonContains(notched, { x: 5, y: 8 })).toBe(false);
  });

  it('finds the nearest edge, with and without the closing one', () => {
    expect(nearestEdge({ x: -2, y: 5 }, SQUARE, true)).toEqual({ distance: 2, index: 3 });
    expect(nearestEdge({ x: -2, y: 4 }, SQUARE, false).index).toBe(0);
  });

  it('cuts polygons to a box', () => {
    const cut = clipPolygon([-5, 5, 5, -5, 15, 5, 5, 15], LIMITS);
    expect(boxOf(cut)).toEqual(LIMITS);
    expect(polygonArea(cut)).toBeCloseTo(100);
    expect(clipPolygon([20, 20, 30, 20, 30, 30], LIMITS)).toEqual([]);
    expect(clipPolygon(SQUARE, LIMITS)).toEqual(SQUARE);
  });
});

describe('Camera', () => {
  const viewport = { width: 400, height: 300 };

  it.each([0, 90, 180, 270] as const)('converts to the screen and back, turned by %i degrees', (angle) => {
    const camera = new Camera(30, 40, 2.5, angle);
    const image = camera.toImage(camera.toScreen({ x: 12, y: 34 }));
    expect(image.x).toBeCloseTo(12);
    expect(image.y).toBeCloseTo(34);
    const [a, b, c, d, e, f] = camera.matrix;
    const screen = camera.toScreen({ x: 12, y: 34 });
    expect([a * 12 + c * 34 + e, b * 12 + d * 34 + f]).toEqual([screen.x, screen.y]);
  });

  it('R24.8 keeps the point under the cursor while zooming', () => {
    const camera = new Camera(10, 20, 1.5, 90);
    const at = { x: 123, y: 45 };
    const before = camera.toImage(at);
    const after = camera.zoomedAt(at, 3).toImage(at);
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
  });

  it('fits a box, also sideways', () => {
    const box = { minX: 0, minY: 0, maxX: 800, maxY: 300 };
    expect(new Camera().fitted(box, viewport).boxToScreen(box)).toEqual({
      minX: 0,
      minY: 75,
      maxX: 400,
      maxY: 225,
    });
    const turned = new Camera(0, 0, 1, 90).fitted(box, viewport).boxToScreen(box);
    expect(turned.maxY - turned.minY).toBeCloseTo(300);
  });

  it('R24.25 R24.26 turns about the middle of the viewport', () => {
    const camera = new Camera(15, 25, 2);
    const middle = camera.toImage({ x: 200, y: 150 });
    const turned = camera.turned(true, viewport);
    expect(turned.angle).toBe(90);
    expect(turned.toScreen(middle)).toEqual({ x: 200, y: 150 });
    expect(turned.turned(false, viewport).equals(camera)).toBe(true);
  });
});
