/** Input as the editor sees it: plain objects, no DOM. */

export interface Modifiers {
  readonly shift: boolean;
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
}

/** Pointer events; `x, y` in image pixels, `screenX, screenY` in CSS pixels from the top left of the canvas. */
export interface PointerInput extends Modifiers {
  readonly type: 'pointer_down' | 'pointer_move' | 'pointer_up' | 'pointer_leave' | 'double_click';
  readonly x: number;
  readonly y: number;
  readonly screenX: number;
  readonly screenY: number;
  /** The button that changed: 0 left, 1 middle, 2 right. */
  readonly button: number;
}

export interface WheelInput extends Modifiers {
  readonly type: 'wheel';
  readonly screenX: number;
  readonly screenY: number;
  /** Pixels, positive = towards the user. */
  readonly deltaY: number;
}

export interface KeyInput extends Modifiers {
  readonly type: 'key_down' | 'key_up';
  /** The character or name of the key, as in `KeyboardEvent.key`. */
  readonly key: string;
  /** The place of the key on the keyboard, as in `KeyboardEvent.code`. */
  readonly code: string;
  readonly repeat: boolean;
}

/** What the statechart is asked to do by keys, buttons and other parts of the program. */
export interface Intent {
  readonly type: 'cancel' | 'complete' | 'interrupt' | 'undo' | 'redo';
}

export type CanvasInput = PointerInput | KeyInput | Intent;
export type EditorInput = CanvasInput | WheelInput;
