/** The grid over the image: lines one device pixel wide, on whole device pixels. */

import type { Editor } from '../editor';
import { boxBetween, type Point } from '../geometry';
import type { Bitmap } from './Bitmap';

/** Draw the grid; leaves the context in image pixels. */
export function drawGrid(bitmap: Bitmap, { settings, view }: Editor): void {
  const { gridSize, gridColor, gridOpacity } = settings;
  const { width, height } = view.frameSize;
  if (!settings.grid || gridSize <= 0) return;
  const { context } = bitmap;
  context.save();
  bitmap.useDevicePixels();
  context.globalAlpha = gridOpacity / 100;
  context.fillStyle = gridColor;
  context.beginPath();
  for (let x = 0; x <= width; x += gridSize) addLine(bitmap, { x, y: 0 }, { x, y: height });
  for (let y = 0; y <= height; y += gridSize) addLine(bitmap, { x: 0, y }, { x: width, y });
  context.fill();
  context.restore();
}

/** One path for all lines: where two cross, a translucent colour must not count twice. */
function addLine(bitmap: Bitmap, from: Point, to: Point): void {
  const line = boxBetween(from, to);
  const { minX, minY, maxX, maxY } = bitmap.drawnWith.boxToScreen(line);
  const r = bitmap.pixelRatio;
  const [left, top] = [Math.round(minX * r), Math.round(minY * r)];
  bitmap.context.rect(
    left,
    top,
    Math.max(Math.round(maxX * r) - left, 1),
    Math.max(Math.round(maxY * r) - top, 1),
  );
}
