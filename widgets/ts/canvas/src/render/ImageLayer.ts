/** The image of the frame, with brightness, contrast and saturation. */

import type { Camera } from '../camera';
import type { Editor } from '../editor';
import type { Size } from '../geometry';
import { Bitmap } from './Bitmap';

export class ImageLayer {
  private readonly bitmap: Bitmap;

  constructor(
    private readonly editor: Editor,
    element: HTMLElement,
  ) {
    this.bitmap = new Bitmap(element, 'image');
  }

  get drawnWith(): Camera {
    return this.bitmap.drawnWith;
  }

  resize(viewport: Size, ratio: number): void {
    this.bitmap.resize(viewport, ratio);
  }

  draw(camera: Camera): void {
    const { image, settings } = this.editor;
    const { context, canvas } = this.bitmap;
    this.bitmap.begin(camera);
    const { brightness, contrast, saturation } = settings;
    const neutral = brightness === 100 && contrast === 100 && saturation === 100;
    canvas.style.filter = neutral
      ? ''
      : `brightness(${brightness}%) contrast(${contrast}%) saturate(${saturation}%)`;
    if (!image) return;
    context.imageSmoothingEnabled = settings.smoothImage || camera.zoom < 1;
    context.imageSmoothingQuality = 'medium';
    context.drawImage(image, 0, 0);
  }

  follow(camera: Camera): void {
    this.bitmap.follow(camera);
  }

  remove(): void {
    this.bitmap.remove();
  }
}
