/** The camera over the frame: fit, zoom at the cursor, pan, quarter turns; and the gestures that work in every tool. */

import { Camera } from './camera';
import type { EditorInput, WheelInput } from './events';
import { type Box, boxOfFrame, clamp, type Point, type Size } from './geometry';

/** Zoom per notch of a mouse wheel, whose deltaY is 100 or 120 pixels. */
const ZOOM_STEP = 1.2;
const NOTCH = 100;
const MAX_NOTCHES = 3;
/** Pinching a touchpad comes as a wheel with Ctrl, in much smaller portions. */
const PINCH_GAIN = 5;
const KEY_PAN = 60;

export class View {
  camera = new Camera();
  /** CSS pixels of the canvas element. */
  viewport: Size = { width: 0, height: 0 };
  /** Size of the image that is shown. */
  frameSize: Size = { width: 0, height: 0 };
  private fitted = false;
  private panFrom: Point | null = null;

  constructor(private readonly changed: () => void) {}

  /** The part of the image plane that is on the screen. */
  get visibleBox(): Box {
    return this.camera.boxToImage(boxOfFrame(this.viewport));
  }

  /** The canvas has another size: the whole frame stays whole, and a part of it stays in the middle. */
  setViewport(viewport: Size): void {
    const { width, height } = this.viewport;
    const refit = !this.fitted || this.showsWholeFrame;
    this.viewport = viewport;
    if (refit) this.fit();
    else this.camera = this.camera.panned((viewport.width - width) / 2, (viewport.height - height) / 2);
    this.changed();
  }

  /** A frame of this size is shown; the camera moves only if it is the first one, of another size, or `refit` says so. */
  setFrameSize(size: Size, refit: boolean): void {
    const same = size.width === this.frameSize.width && size.height === this.frameSize.height;
    this.frameSize = size;
    if (!same || refit || !this.fitted) this.fit();
  }

  moveTo(camera: Camera): void {
    if (camera.equals(this.camera)) return;
    this.camera = camera;
    this.changed();
  }

  /** Show the whole frame. */
  fit(): void {
    this.fitted = this.viewport.width > 0 && this.frameSize.width > 0;
    if (this.fitted) this.moveTo(this.wholeFrame);
  }

  private get wholeFrame(): Camera {
    return this.camera.fitted(boxOfFrame(this.frameSize), this.viewport);
  }

  private get showsWholeFrame(): boolean {
    return this.camera.equals(this.wholeFrame);
  }

  /** Show a part of the frame, `margin` image pixels around it. */
  showBox(box: Box, margin = 100): void {
    const wide = {
      minX: box.minX - margin,
      minY: box.minY - margin,
      maxX: box.maxX + margin,
      maxY: box.maxY + margin,
    };
    this.moveTo(this.camera.fitted(wide, this.viewport));
  }

  zoomBy(factor: number, at: Point = { x: this.viewport.width / 2, y: this.viewport.height / 2 }): void {
    this.moveTo(this.camera.zoomedAt(at, factor));
  }

  /** Zoom by steps of the wheel, positive = in. */
  zoomSteps(steps: number): void {
    this.zoomBy(ZOOM_STEP ** steps);
  }

  /** Pan by steps of a key. */
  panSteps(dx: number, dy: number): void {
    this.moveTo(this.camera.panned(dx * KEY_PAN, dy * KEY_PAN));
  }

  turn(clockwise: boolean): void {
    this.moveTo(this.camera.turned(clockwise, this.viewport));
  }

  /** The wheel zooms and its button pans, whatever tool is active. Returns whether the input was such a gesture. */
  handle(input: EditorInput): boolean {
    switch (input.type) {
      case 'wheel':
        this.zoomByWheel(input);
        return true;
      case 'pointer_down':
        if (input.button !== 1) return false;
        this.panFrom = { x: input.screenX, y: input.screenY };
        return true;
      case 'pointer_move':
        if (!this.panFrom) return false;
        this.moveTo(this.camera.panned(input.screenX - this.panFrom.x, input.screenY - this.panFrom.y));
        this.panFrom = { x: input.screenX, y: input.screenY };
        return true;
      case 'pointer_up':
        if (input.button !== 1 || !this.panFrom) return false;
        this.panFrom = null;
        return true;
      default:
        return false;
    }
  }

  /** The pointer is gone in the middle of a pan. */
  endPan(): void {
    this.panFrom = null;
  }

  private zoomByWheel({ deltaY, ctrl, screenX, screenY }: WheelInput): void {
    const notches = clamp((-deltaY / NOTCH) * (ctrl ? PINCH_GAIN : 1), -MAX_NOTCHES, MAX_NOTCHES);
    this.zoomBy(ZOOM_STEP ** notches, { x: screenX, y: screenY });
  }
}
