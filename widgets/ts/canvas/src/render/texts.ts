/** Texts beside shapes: label, number, source and attributes. In screen pixels. */

import type { Camera } from '../camera';
import type { Editor } from '../editor';
import type { Box } from '../geometry';
import type { ObjectState } from '../model/states';
import type { SceneItem } from '../scene';

const GAP = 6;
const LINE_HEIGHT = 1.25;
const OUTLINE_WIDTH = 3;

export interface PlacedText {
  readonly lines: readonly string[];
  /** Screen pixels, outlines of letters included. */
  readonly box: Box;
}

/** The lines of text that belong to an object, by the settings. */
export function textOf(editor: Editor, state: ObjectState): string[] {
  const parts = new Set(editor.settings.textParts);
  const head = [
    parts.has('label') && (editor.labels.find(state.label_id)?.name ?? `label ${state.label_id}`),
    parts.has('id') && `${state.clientId}`,
    parts.has('source') && `(${state.object.data.source})`,
  ].filter((part) => part !== false);
  const lines = head.length > 0 ? [head.join(' ')] : [];
  if (parts.has('attributes')) {
    for (const { spec_id, value } of state.attributes) {
      lines.push(`${editor.labels.attribute(spec_id)?.name ?? spec_id}: ${value}`);
    }
  }
  return lines;
}

export function setFont(context: CanvasRenderingContext2D, size: number): void {
  const font = `${size}px system-ui, sans-serif`;
  // Setting a font costs a tenth of a millisecond even if it is the same one.
  if (context.font !== font) context.font = font;
  context.textBaseline = 'top';
}

/** Put the text at the right of the shape, or at the left where there is no room. The font must be set. */
export function placeText(
  context: CanvasRenderingContext2D,
  editor: Editor,
  item: SceneItem,
  camera: Camera,
): PlacedText {
  const lines = textOf(editor, item.state);
  const width = Math.max(0, ...lines.map((line) => context.measureText(line).width));
  const shape = camera.boxToScreen(item.bounds);
  const fits = shape.maxX + GAP + width + OUTLINE_WIDTH <= editor.view.viewport.width;
  const x = fits ? shape.maxX + GAP : Math.max(shape.minX - GAP - width, OUTLINE_WIDTH);
  const height = lines.length * editor.settings.textSize * LINE_HEIGHT;
  const box = {
    minX: x - OUTLINE_WIDTH,
    minY: shape.minY - OUTLINE_WIDTH,
    maxX: x + width + OUTLINE_WIDTH,
    maxY: shape.minY + height + OUTLINE_WIDTH,
  };
  return { lines, box };
}

export function drawText(context: CanvasRenderingContext2D, { lines, box }: PlacedText, size: number): void {
  context.lineWidth = OUTLINE_WIDTH;
  context.lineJoin = 'round';
  context.setLineDash([]);
  context.strokeStyle = 'rgb(0 0 0 / 70%)';
  context.fillStyle = '#ffffff';
  lines.forEach((line, i) => {
    const x = box.minX + OUTLINE_WIDTH;
    const y = box.minY + OUTLINE_WIDTH + i * size * LINE_HEIGHT;
    context.strokeText(line, x, y);
    context.fillText(line, x, y);
  });
}
