/**
 * All shapes that are at rest, in one bitmap.
 *
 * An edit draws only the rectangles it touched. After a zoom all shapes are drawn anew, in slices and into a second bitmap, so
 * that the program stays responsive and nothing half-drawn is seen.
 */

import type { Camera } from '../camera';
import type { Editor } from '../editor';
import { type Box, boxArea, boxOfFrame, inflateBox, type Size, scaleBox, uniteBoxes } from '../geometry';
import type { SceneItem } from '../scene';
import { Bitmap } from './Bitmap';
import { drawGrid } from './grid';
import { plainLook, plainMarginLook } from './looks';
import { paintMargin, ShapePainter } from './shapePainter';
import { drawText, placeText, setFont } from './texts';

/** From this part of the viewport on, one full drawing is quicker than many rectangles. */
const FULL_SHARE = 0.5;
const MAX_RECTANGLES = 24;
/** Shapes drawn between two looks at the clock. */
const BATCH = 256;

/** A full drawing that is under way. */
interface Redraw {
  readonly items: readonly SceneItem[];
  readonly painter: ShapePainter;
  next: number;
}

export class ShapesLayer {
  private front: Bitmap;
  private back: Bitmap;
  private redraw: Redraw | null = null;
  /** How far texts reach from their shapes, in screen pixels; for finding texts that meet a rectangle. */
  private textReach = 0;

  constructor(
    private readonly editor: Editor,
    element: HTMLElement,
  ) {
    this.front = new Bitmap(element, 'shapes');
    this.back = new Bitmap(element, 'shapes');
    this.back.hide();
  }

  get drawnWith(): Camera {
    return this.front.drawnWith;
  }

  resize(viewport: Size, ratio: number): void {
    this.cancel();
    this.front.resize(viewport, ratio);
    this.back.resize(viewport, ratio);
  }

  follow(camera: Camera): void {
    this.front.follow(camera);
  }

  /** Draw everything at once. */
  draw(camera: Camera): void {
    this.cancel();
    this.front.begin(camera);
    drawGrid(this.front, this.editor);
    this.paintItems(this.front, this.visibleItems(camera));
  }

  /** Begin to draw everything into the second bitmap. */
  beginRedraw(camera: Camera): void {
    this.back.begin(camera);
    drawGrid(this.back, this.editor);
    const painter = new ShapePainter(this.back.context, this.editor.labels, camera.pixel);
    this.redraw = { items: this.visibleItems(camera), painter, next: 0 };
  }

  /** Go on until the clock shows `deadline`. Returns whether everything is drawn; `swap` shows it then. */
  continueRedraw(deadline: number): boolean {
    const { redraw } = this;
    if (!redraw) return true;
    do {
      const end = Math.min(redraw.next + BATCH, redraw.items.length);
      for (; redraw.next < end; redraw.next++) this.paintItem(redraw.painter, redraw.items[redraw.next]!);
      this.back.rasterize();
    } while (redraw.next < redraw.items.length && performance.now() < deadline);
    return redraw.next === redraw.items.length;
  }

  swap(): void {
    if (!this.redraw) return;
    this.paintTexts(this.back, this.redraw.items);
    this.redraw = null;
    this.back.show();
    this.front.hide();
    [this.front, this.back] = [this.back, this.front];
  }

  /** Give up a redraw, because the camera or the shapes have changed. */
  cancel(): void {
    this.redraw = null;
  }

  /** Draw the places anew where these shapes are, or were. */
  drawAround(items: readonly SceneItem[]): void {
    const boxes = items.flatMap((item) => this.front.deviceBox(this.paintedBox(item)) ?? []);
    const area = boxes.reduce((sum, box) => sum + boxArea(box), 0);
    const { width, height } = this.front.canvas;
    if (area > FULL_SHARE * width * height) this.draw(this.drawnWith);
    else if (boxes.length > MAX_RECTANGLES) this.drawRectangles([boxes.reduce(uniteBoxes)]);
    else if (boxes.length > 0) this.drawRectangles(boxes);
  }

  remove(): void {
    this.front.remove();
    this.back.remove();
  }

  /**
   * Draw rectangles of device pixels anew; nothing outside them changes.
   *
   * Every shape that reaches into one is drawn whole into the second bitmap, and the rectangles are copied from there. Clipping
   * the shapes to the rectangles would be simpler, but a browser smoothes the edges of a path that is cut differently.
   */
  private drawRectangles(rectangles: readonly Box[]): void {
    this.cancel();
    const items = this.itemsIn(rectangles);
    const whole = items.flatMap((item) => this.front.deviceBox(this.paintedBox(item)) ?? []);
    this.back.drawnWith = this.front.drawnWith;
    this.back.within([...rectangles, ...whole].reduce(uniteBoxes), () => {
      drawGrid(this.back, this.editor);
      this.paintItems(this.back, items);
    });
    for (const rectangle of rectangles) this.front.copy(this.back, rectangle);
  }

  /** Shapes whose drawing reaches into rectangles of device pixels, in drawing order. */
  private itemsIn(rectangles: readonly Box[]): SceneItem[] {
    const { drawnWith, pixelRatio } = this.front;
    const { scene } = this.editor;
    const reach = this.margin + this.textReach;
    const found = new Set<SceneItem>();
    for (const box of rectangles) {
      const screen = scaleBox(box, 1 / pixelRatio);
      for (const item of scene.itemsIn(drawnWith.boxToImage(inflateBox(screen, reach)))) found.add(item);
    }
    return rectangles.length === 1 ? [...found] : scene.sort([...found]);
  }

  /** Screen pixels that the drawing of a shape covers, its text included. */
  private paintedBox(item: SceneItem): Box {
    const camera = this.drawnWith;
    const shape = inflateBox(camera.boxToScreen(item.bounds), this.margin);
    return this.editor.settings.alwaysShowText
      ? uniteBoxes(shape, this.placeText(this.front, item).box)
      : shape;
  }

  private paintItems(bitmap: Bitmap, items: readonly SceneItem[]): void {
    const painter = new ShapePainter(bitmap.context, this.editor.labels, bitmap.drawnWith.pixel);
    for (const item of items) this.paintItem(painter, item);
    this.paintTexts(bitmap, items);
  }

  private paintItem(painter: ShapePainter, item: SceneItem): void {
    if (!this.editor.feedback.lifted.has(item.state.clientId))
      painter.paint(item, plainLook(this.editor, item.state));
  }

  private paintTexts(bitmap: Bitmap, items: readonly SceneItem[]): void {
    if (!this.editor.settings.alwaysShowText) {
      this.textReach = 0;
      return;
    }
    const { lifted } = this.editor.feedback;
    for (const item of items) {
      if (lifted.has(item.state.clientId)) continue;
      const text = this.placeText(bitmap, item);
      bitmap.useScreenPixels();
      drawText(bitmap.context, text, this.editor.settings.textSize);
    }
    bitmap.useImagePixels();
  }

  private placeText(bitmap: Bitmap, item: SceneItem) {
    setFont(bitmap.context, this.editor.settings.textSize);
    const text = placeText(bitmap.context, this.editor, item, bitmap.drawnWith);
    const shape = bitmap.drawnWith.boxToScreen(item.bounds);
    const { box } = text;
    this.textReach = Math.max(
      this.textReach,
      shape.minX - box.minX,
      box.maxX - shape.maxX,
      box.maxY - shape.maxY,
    );
    return text;
  }

  private get margin(): number {
    return paintMargin(plainMarginLook(this.editor));
  }

  private visibleBox(camera: Camera): Box {
    return camera.boxToImage(boxOfFrame(this.editor.view.viewport));
  }

  /** In drawing order. All of them are taken in one go when all are visible, which is the slow case. */
  private visibleItems(camera: Camera): readonly SceneItem[] {
    const { scene, view } = this.editor;
    const reach = (this.margin + this.textReach) * camera.pixel;
    const visible = inflateBox(this.visibleBox(camera), reach);
    const frame = boxOfFrame(view.frameSize);
    const wholeFrame =
      visible.minX <= frame.minX &&
      visible.minY <= frame.minY &&
      visible.maxX >= frame.maxX &&
      visible.maxY >= frame.maxY;
    return wholeFrame ? scene.drawingOrder : scene.itemsIn(visible);
  }
}
