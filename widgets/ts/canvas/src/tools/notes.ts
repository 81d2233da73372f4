/** Short texts beside the cursor. */

import type { Box } from '../geometry';

export function sizeNote(box: Box): string {
  return `${(box.maxX - box.minX).toFixed(1)} × ${(box.maxY - box.minY).toFixed(1)} px`;
}

export function angleNote(degrees: number): string {
  return `${degrees.toFixed(1)}°`;
}
