/** One canvas that fills the element, and the camera it was drawn with. */

import { Camera } from '../camera';
import type { Box, Size } from '../geometry';

export class Bitmap {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  /** What the pixels show; the CSS transform makes up for the difference to the camera of now. */
  drawnWith = new Camera();
  private ratio = 1;
  private probe: OffscreenCanvasRenderingContext2D | null = null;

  constructor(element: HTMLElement, name: string) {
    this.canvas = element.ownerDocument.createElement('canvas');
    this.canvas.dataset['layer'] = name;
    Object.assign(this.canvas.style, {
      position: 'absolute',
      inset: '0',
      transformOrigin: '0 0',
      pointerEvents: 'none',
    });
    element.append(this.canvas);
    const context = this.canvas.getContext('2d');
    if (!context) throw new Error('This browser gives no 2D canvas; too many may be open.');
    this.context = context;
  }

  /** Device pixels per CSS pixel. */
  get pixelRatio(): number {
    return this.ratio;
  }

  resize({ width, height }: Size, ratio: number): void {
    this.ratio = ratio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
  }

  /** Erase everything and draw with this camera from now on. */
  begin(camera: Camera): void {
    this.drawnWith = camera;
    this.useDevicePixels();
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.useImagePixels();
    this.canvas.style.transform = '';
  }

  /** Show the old pixels where `camera` puts them. Only for cameras with the same angle. */
  follow(camera: Camera): void {
    const scale = camera.zoom / this.drawnWith.zoom;
    const x = camera.x - scale * this.drawnWith.x;
    const y = camera.y - scale * this.drawnWith.y;
    this.canvas.style.transform =
      scale === 1 && x === 0 && y === 0 ? '' : `matrix(${scale},0,0,${scale},${x},${y})`;
  }

  /** Erase a box of device pixels and draw into it, in image pixels; nothing outside it changes. */
  within({ minX, minY, maxX, maxY }: Box, draw: () => void): void {
    const { context } = this;
    context.save();
    this.useDevicePixels();
    context.beginPath();
    context.rect(minX, minY, maxX - minX, maxY - minY);
    context.clip();
    context.clearRect(minX, minY, maxX - minX, maxY - minY);
    this.useImagePixels();
    draw();
    context.restore();
  }

  /** Take over a box of device pixels from another bitmap of the same size. */
  copy(from: Bitmap, { minX, minY, maxX, maxY }: Box): void {
    const [width, height] = [maxX - minX, maxY - minY];
    this.useDevicePixels();
    this.context.clearRect(minX, minY, width, height);
    this.context.drawImage(from.canvas, minX, minY, width, height, minX, minY, width, height);
    this.useImagePixels();
  }

  show(): void {
    this.canvas.style.visibility = '';
  }

  hide(): void {
    this.canvas.style.visibility = 'hidden';
    this.canvas.style.transform = '';
  }

  useDevicePixels(): void {
    this.context.setTransform(1, 0, 0, 1, 0, 0);
  }

  useScreenPixels(): void {
    this.context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
  }

  useImagePixels(): void {
    const [a, b, c, d, e, f] = this.drawnWith.matrix;
    const r = this.ratio;
    this.context.setTransform(a * r, b * r, c * r, d * r, e * r, f * r);
  }

  /** Whole device pixels that cover a box given in screen pixels; null when none is on the canvas. */
  deviceBox(screen: Box): Box | null {
    const minX = Math.max(Math.floor(screen.minX * this.ratio), 0);
    const minY = Math.max(Math.floor(screen.minY * this.ratio), 0);
    const maxX = Math.min(Math.ceil(screen.maxX * this.ratio), this.canvas.width);
    const maxY = Math.min(Math.ceil(screen.maxY * this.ratio), this.canvas.height);
    return minX < maxX && minY < maxY ? { minX, minY, maxX, maxY } : null;
  }

  /**
   * Have the browser carry out what was drawn so far. It only takes notes until it needs the pixels; without this a drawing
   * in slices would still be carried out in one go.
   */
  rasterize(): void {
    this.probe ??= new OffscreenCanvas(1, 1).getContext('2d')!;
    this.probe.drawImage(this.canvas, 0, 0, 1, 1, 0, 0, 1, 1);
  }

  remove(): void {
    // A canvas gives its memory back at once when it is empty, not when it is collected.
    this.canvas.width = 0;
    this.canvas.height = 0;
    this.canvas.remove();
  }
}
