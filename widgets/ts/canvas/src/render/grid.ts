/** The grid over the image. The context is in image pixels. */

import type { Editor } from '../editor';
import { type Box, boxOfFrame, clampBox } from '../geometry';

export function drawGrid(
  context: CanvasRenderingContext2D,
  { settings, view }: Editor,
  area: Box,
  pixel: number,
): void {
  const { gridSize, gridColor, gridOpacity } = settings;
  const { minX, minY, maxX, maxY } = clampBox(area, boxOfFrame(view.frameSize));
  if (minX >= maxX || minY >= maxY || gridSize <= 0) return;
  context.save();
  context.globalAlpha = gridOpacity / 100;
  context.strokeStyle = gridColor;
  context.lineWidth = pixel;
  context.setLineDash([]);
  context.beginPath();
  for (let x = Math.ceil(minX / gridSize) * gridSize; x <= maxX; x += gridSize) {
    context.moveTo(x, minY);
    context.lineTo(x, maxY);
  }
  for (let y = Math.ceil(minY / gridSize) * gridSize; y <= maxY; y += gridSize) {
    context.moveTo(minX, y);
    context.lineTo(maxX, y);
  }
  context.stroke();
  context.restore();
}
