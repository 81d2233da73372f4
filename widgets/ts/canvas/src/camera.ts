/** How image pixels become screen pixels: quarter turns, then zoom, then a shift. Immutable. */

import { type Box, boxBetween, boxCentre, clamp, type Point, type Size } from './geometry';

/** Clockwise. */
export type QuarterTurns = 0 | 90 | 180 | 270;

const MIN_ZOOM = 0.01;
const MAX_ZOOM = 200;

/** Cosine and sine of the quarter turns, exact. */
const TURNS: Readonly<Record<QuarterTurns, readonly [number, number]>> = {
  0: [1, 0],
  90: [0, 1],
  180: [-1, 0],
  270: [0, -1],
};

export class Camera {
  /** @param x, y - Screen place of the image's origin, in CSS pixels. */
  constructor(
    readonly x = 0,
    readonly y = 0,
    readonly zoom = 1,
    readonly angle: QuarterTurns = 0,
  ) {}

  /** Coefficients for `setTransform(a, b, c, d, e, f)`. */
  get matrix(): readonly [number, number, number, number, number, number] {
    const [cos, sin] = TURNS[this.angle];
    // `+ 0` turns -0 into 0.
    return [cos * this.zoom, sin * this.zoom, -sin * this.zoom + 0, cos * this.zoom, this.x, this.y];
  }

  /** Image pixels per screen pixel. */
  get pixel(): number {
    return 1 / this.zoom;
  }

  toScreen(p: Point): Point {
    const [cos, sin] = TURNS[this.angle];
    return {
      x: (cos * p.x - sin * p.y) * this.zoom + this.x,
      y: (sin * p.x + cos * p.y) * this.zoom + this.y,
    };
  }

  toImage(p: Point): Point {
    const [cos, sin] = TURNS[this.angle];
    const x = (p.x - this.x) / this.zoom;
    const y = (p.y - this.y) / this.zoom;
    return { x: cos * x + sin * y, y: -sin * x + cos * y };
  }

  boxToScreen(box: Box): Box {
    return boxBetween(
      this.toScreen({ x: box.minX, y: box.minY }),
      this.toScreen({ x: box.maxX, y: box.maxY }),
    );
  }

  boxToImage(box: Box): Box {
    return boxBetween(this.toImage({ x: box.minX, y: box.minY }), this.toImage({ x: box.maxX, y: box.maxY }));
  }

  panned(dx: number, dy: number): Camera {
    return new Camera(this.x + dx, this.y + dy, this.zoom, this.angle);
  }

  /** Zoomed by a factor; the image point under `at` stays under it. */
  zoomedAt(at: Point, factor: number): Camera {
    const zoom = clamp(this.zoom * factor, MIN_ZOOM, MAX_ZOOM);
    const ratio = zoom / this.zoom;
    return new Camera(at.x + (this.x - at.x) * ratio, at.y + (this.y - at.y) * ratio, zoom, this.angle);
  }

  /** Turned by a quarter about the centre of the viewport. */
  turned(clockwise: boolean, viewport: Size): Camera {
    const centre = { x: viewport.width / 2, y: viewport.height / 2 };
    const angle = ((this.angle + (clockwise ? 90 : 270)) % 360) as QuarterTurns;
    const fixed = this.toImage(centre);
    const moved = new Camera(0, 0, this.zoom, angle).toScreen(fixed);
    return new Camera(centre.x - moved.x, centre.y - moved.y, this.zoom, angle);
  }

  /** The camera that shows `box` as large as possible, `margin` screen pixels away from the borders. */
  fitted(box: Box, viewport: Size, margin = 0): Camera {
    const sideways = this.angle === 90 || this.angle === 270;
    const width = sideways ? box.maxY - box.minY : box.maxX - box.minX;
    const height = sideways ? box.maxX - box.minX : box.maxY - box.minY;
    const room = {
      width: Math.max(viewport.width - 2 * margin, 1),
      height: Math.max(viewport.height - 2 * margin, 1),
    };
    const zoom = clamp(
      Math.min(room.width / Math.max(width, 1), room.height / Math.max(height, 1)),
      MIN_ZOOM,
      MAX_ZOOM,
    );
    const centre = new Camera(0, 0, zoom, this.angle).toScreen(boxCentre(box));
    return new Camera(viewport.width / 2 - centre.x, viewport.height / 2 - centre.y, zoom, this.angle);
  }

  equals(other: Camera): boolean {
    return this.x === other.x && this.y === other.y && this.zoom === other.zoom && this.angle === other.angle;
  }
}
