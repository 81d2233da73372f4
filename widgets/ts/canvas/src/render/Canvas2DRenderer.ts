/**
 * Draws an editor into three stacked bitmaps: image, shapes at rest, overlay.
 *
 * While a zoom or pan goes on, image and shapes are old pixels moved by CSS; when the camera has rested for a moment they are
 * drawn sharp. Everything is drawn in animation frames, and only what changed.
 */

import type { Editor, SceneChange } from '../editor';
import type { Size } from '../geometry';
import type { SceneItem } from '../scene';
import { ImageLayer } from './ImageLayer';
import { OverlayLayer } from './OverlayLayer';
import type { Renderer } from './Renderer';
import { ShapesLayer } from './ShapesLayer';

/** Milliseconds the camera must rest before everything is drawn sharp. */
const REST = 100;
/** Milliseconds per animation frame that the sharp drawing may take. */
const SLICE = 8;

export class Canvas2DRenderer implements Renderer {
  private readonly image: ImageLayer;
  private readonly shapes: ShapesLayer;
  private readonly overlay: OverlayLayer;
  private readonly unsubscribe: (() => void)[];
  private imageStale = true;
  private shapesStale = true;
  private overlayStale = true;
  private dirty: SceneItem[] = [];
  /** When the sharp drawing begins; null = nothing to sharpen. */
  private sharpenAt: number | null = null;
  private sharpening = false;
  private request: number | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly editor: Editor,
    element: HTMLElement,
  ) {
    this.image = new ImageLayer(editor, element);
    this.shapes = new ShapesLayer(editor, element);
    this.overlay = new OverlayLayer(editor, element);
    this.unsubscribe = [
      editor.sceneChanges.on((change) => this.sceneChanged(change)),
      editor.topics.subscribe(['frame', 'settings'], () => this.everythingChanged()),
      editor.topics.subscribe(['camera'], () => this.cameraMoved()),
      editor.topics.subscribe(['overlay'], () => this.overlayChanged()),
    ];
  }

  resize(viewport: Size, pixelRatio: number): void {
    for (const layer of [this.image, this.shapes, this.overlay]) layer.resize(viewport, pixelRatio);
    this.everythingChanged();
    // An emptied canvas must not be seen: draw before the browser paints.
    this.draw(performance.now());
  }

  flush(): void {
    const { camera } = this.editor.view;
    if (!this.shapes.drawnWith.equals(camera) || !this.image.drawnWith.equals(camera))
      this.everythingChanged();
    this.draw(performance.now());
  }

  destroy(): void {
    for (const end of this.unsubscribe) end();
    if (this.request !== null) cancelAnimationFrame(this.request);
    if (this.timer !== null) clearTimeout(this.timer);
    for (const layer of [this.image, this.shapes, this.overlay]) layer.remove();
  }

  private sceneChanged(change: SceneChange): void {
    if (change === 'all') this.shapesStale = true;
    else this.dirty.push(...change.removed, ...change.added);
    this.schedule();
  }

  private everythingChanged(): void {
    this.imageStale = true;
    this.shapesStale = true;
    this.overlayStale = true;
    this.schedule();
  }

  private overlayChanged(): void {
    this.overlayStale = true;
    this.schedule();
  }

  private cameraMoved(): void {
    this.sharpenAt = performance.now() + REST;
    this.stopSharpening();
    this.overlayChanged();
  }

  private schedule(): void {
    this.request ??= requestAnimationFrame((time) => {
      this.request = null;
      this.draw(time);
    });
  }

  private draw(time: number): void {
    const { camera } = this.editor.view;
    // Quarter turns cannot be followed by scaling and shifting.
    if (this.shapes.drawnWith.angle !== camera.angle) this.shapesStale = true;
    if (this.imageStale || this.shapesStale) this.drawSharp();
    else this.drawChanges();
    if (this.overlayStale) this.overlay.draw();
    this.overlayStale = false;
    this.continueSharpening(time);
  }

  /** Image and shapes always change together, so both are drawn with the camera of now. */
  private drawSharp(): void {
    const { camera } = this.editor.view;
    this.stopSharpening();
    this.sharpenAt = null;
    if (this.imageStale || !this.image.drawnWith.equals(camera)) this.image.draw(camera);
    this.shapes.draw(camera);
    this.imageStale = false;
    this.shapesStale = false;
    this.dirty = [];
  }

  private drawChanges(): void {
    const { camera } = this.editor.view;
    if (this.dirty.length > 0) {
      this.shapes.drawAround(this.dirty);
      this.dirty = [];
      this.stopSharpening();
    }
    this.image.follow(camera);
    this.shapes.follow(camera);
  }

  private continueSharpening(time: number): void {
    const { camera } = this.editor.view;
    if (this.sharpenAt === null) return;
    if (this.shapes.drawnWith.equals(camera) && this.image.drawnWith.equals(camera)) {
      this.sharpenAt = null;
      return;
    }
    if (time < this.sharpenAt) {
      this.wakeAt(this.sharpenAt);
      return;
    }
    if (!this.sharpening) this.shapes.beginRedraw(camera);
    this.sharpening = true;
    if (!this.shapes.continueRedraw(performance.now() + SLICE)) {
      this.schedule();
      return;
    }
    this.shapes.swap();
    this.image.draw(camera);
    this.sharpening = false;
    this.sharpenAt = null;
  }

  private stopSharpening(): void {
    this.sharpening = false;
    this.shapes.cancel();
  }

  private wakeAt(time: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(
      () => {
        this.timer = null;
        this.schedule();
      },
      Math.max(time - performance.now(), 0),
    );
  }
}
