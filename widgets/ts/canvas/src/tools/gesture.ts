/** What the states of several tools ask about a pointer. */

/** Screen pixels that the pointer may tremble during a click. */
const DRAG_THRESHOLD = 4;

interface ScreenPlace {
  readonly screenX: number;
  readonly screenY: number;
}

/** Screen pixels between two places. */
export function screenDistance(a: ScreenPlace, b: ScreenPlace): number {
  return Math.hypot(a.screenX - b.screenX, a.screenY - b.screenY);
}

/** Whether a pointer that went down at `start` is dragging by now. */
export function isDrag(start: ScreenPlace, now: ScreenPlace): boolean {
  return screenDistance(start, now) > DRAG_THRESHOLD;
}
