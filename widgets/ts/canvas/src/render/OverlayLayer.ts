/** Everything that moves: chosen shapes, handles, texts, drawings that are not finished, brush, crosshair, notes. */

import type { Editor } from '../editor';
import type { Preview } from '../feedback';
import type { Point, Size } from '../geometry';
import type { SceneItem } from '../scene';
import type { Handle } from '../shapes/ShapeUtil';
import { handlesOf } from '../tools/select/grip';
import { Bitmap } from './Bitmap';
import { previewLook, selectedLook } from './looks';
import { ShapePainter } from './shapePainter';
import { drawText, placeText, setFont } from './texts';

const ACCENT = '#1890ff';
const NOTE_OFFSET = 16;
const ARROW_SIZE = 14;
/** Texts are drawn for this many chosen shapes at most. */
const MAX_TEXTS = 12;

export class OverlayLayer {
  private readonly bitmap: Bitmap;

  constructor(
    private readonly editor: Editor,
    element: HTMLElement,
  ) {
    this.bitmap = new Bitmap(element, 'overlay');
  }

  resize(viewport: Size, ratio: number): void {
    this.bitmap.resize(viewport, ratio);
  }

  draw(): void {
    this.bitmap.begin(this.editor.view.camera);
    const items = this.items();
    this.drawShapes(items);
    this.bitmap.useScreenPixels();
    this.drawHandles();
    this.drawTexts(items);
    this.drawBrush();
    this.drawCrosshair();
    this.drawNote();
  }

  remove(): void {
    this.bitmap.remove();
  }

  /** Chosen and lifted shapes; the one that is being drawn anew is not shown. */
  private items(): SceneItem[] {
    const { scene, selection, feedback, drawing } = this.editor;
    const ids = new Set([...feedback.lifted, ...selection.items.map((item) => item.state.clientId)]);
    return [...ids].flatMap((clientId) =>
      clientId === drawing.redrawing ? [] : (scene.item(clientId) ?? []),
    );
  }

  private drawShapes(items: readonly SceneItem[]): void {
    const { editor, bitmap } = this;
    const painter = new ShapePainter(bitmap.context, editor.labels, editor.view.camera.pixel);
    for (const item of items) painter.paint(item, selectedLook(editor, item.state));
    for (const preview of editor.feedback.shown.previews) {
      painter.paintGeometry(preview, previewLook(editor, preview.color));
    }
  }

  private drawHandles(): void {
    const { editor } = this;
    const handles = editor.tool === 'select' ? handlesOf(editor) : [];
    const rotation = handles.find((handle) => handle.kind === 'rotate');
    if (rotation) this.drawArm(handles, rotation);
    this.drawPoints(
      handles.filter((handle) => handle !== rotation),
      '#ffffff',
    );
    if (rotation) this.drawPoints([rotation], ACCENT);
    if (editor.selection.focus?.state.kind === 'track') this.drawDirection(handles);
    this.drawPoints(editor.feedback.shown.previews.flatMap(verticesOf), '#ffffff');
  }

  /** Control points, all in one path. */
  private drawPoints(points: readonly Point[], fill: string): void {
    if (points.length === 0) return;
    const { context } = this.bitmap;
    const radius = this.editor.settings.controlPointSize / 2;
    context.setLineDash([]);
    context.lineWidth = 1;
    context.strokeStyle = '#000000';
    context.fillStyle = fill;
    context.beginPath();
    for (const point of points) {
      const { x, y } = this.editor.view.camera.toScreen(point);
      context.moveTo(x + radius, y);
      context.arc(x, y, radius, 0, 2 * Math.PI);
    }
    context.fill();
    context.stroke();
  }

  /** The line from the middle of the upper side to the rotation point. */
  private drawArm(handles: readonly Handle[], rotation: Handle): void {
    const [left, right] = [0, 2].map((index) =>
      handles.find((item) => item.kind === 'resize' && item.index === index),
    );
    if (!left || !right) return;
    const top = { x: (left.x + right.x) / 2, y: (left.y + right.y) / 2 };
    const { context } = this.bitmap;
    const from = this.editor.view.camera.toScreen(top);
    const to = this.editor.view.camera.toScreen(rotation);
    context.setLineDash([]);
    context.lineWidth = 1;
    context.strokeStyle = ACCENT;
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
    context.stroke();
  }

  /** Tracks are interpolated from the starting point on, in the direction of the points: an arrow shows both. */
  private drawDirection(handles: readonly Handle[]): void {
    const [first, second] = handles.filter((handle) => handle.kind === 'vertex');
    if (!first || !second) return;
    const { context } = this.bitmap;
    const from = this.editor.view.camera.toScreen(first);
    const to = this.editor.view.camera.toScreen(second);
    const angle = Math.atan2(to.y - from.y, to.x - from.x);
    context.save();
    context.translate(from.x, from.y);
    context.rotate(angle);
    context.fillStyle = ACCENT;
    context.beginPath();
    context.moveTo(ARROW_SIZE * 1.7, 0);
    context.lineTo(ARROW_SIZE * 0.7, -ARROW_SIZE / 2);
    context.lineTo(ARROW_SIZE * 0.7, ARROW_SIZE / 2);
    context.closePath();
    context.fill();
    context.beginPath();
    context.arc(0, 0, this.editor.settings.controlPointSize / 2 + 1, 0, 2 * Math.PI);
    context.fill();
    context.restore();
  }

  private drawTexts(items: readonly SceneItem[]): void {
    const { editor } = this;
    const { context } = this.bitmap;
    setFont(context, editor.settings.textSize);
    for (const item of items.slice(0, MAX_TEXTS)) {
      drawText(context, placeText(context, editor, item, editor.view.camera), editor.settings.textSize);
    }
  }

  private drawBrush(): void {
    const { brush } = this.editor.feedback.shown;
    if (!brush) return;
    const { context } = this.bitmap;
    const { minX, minY, maxX, maxY } = this.editor.view.camera.boxToScreen(brush);
    context.setLineDash([4, 3]);
    context.lineWidth = 1;
    context.strokeStyle = ACCENT;
    context.fillStyle = `${ACCENT}22`;
    context.fillRect(minX, minY, maxX - minX, maxY - minY);
    context.strokeRect(minX, minY, maxX - minX, maxY - minY);
  }

  private drawCrosshair(): void {
    const { shown } = this.editor.feedback;
    const { screenX, screenY, inside } = this.editor.cursor;
    if (!shown.crosshair || !inside) return;
    const { context } = this.bitmap;
    const { width, height } = this.editor.view.viewport;
    context.setLineDash([]);
    context.lineWidth = 1;
    context.strokeStyle = 'rgb(255 255 255 / 60%)';
    context.beginPath();
    context.moveTo(screenX, 0);
    context.lineTo(screenX, height);
    context.moveTo(0, screenY);
    context.lineTo(width, screenY);
    context.stroke();
  }

  private drawNote(): void {
    const { note } = this.editor.feedback.shown;
    if (!note) return;
    const { context } = this.bitmap;
    const { screenX, screenY } = this.editor.cursor;
    setFont(context, this.editor.settings.textSize);
    const minX = screenX + NOTE_OFFSET;
    const minY = screenY + NOTE_OFFSET;
    drawText(
      context,
      { lines: [note], box: { minX, minY, maxX: minX, maxY: minY } },
      this.editor.settings.textSize,
    );
  }
}

/** The points of a drawing that are set. */
function verticesOf({ points, setPoints }: Preview): Point[] {
  return Array.from({ length: setPoints }, (_, i) => ({ x: points[2 * i]!, y: points[2 * i + 1]! }));
}
