/** Where the pixels of a frame come from. `@cvat-lab/client` implements it with decoders in workers and prefetch. */

/** Anything a canvas can draw. A VideoFrame keeps its decoder's buffer until it is closed: release it soon. */
export type FrameImage = ImageBitmap | HTMLImageElement | HTMLCanvasElement | OffscreenCanvas | VideoFrame;

/** How the player moves; a hint for what to fetch next. */
export interface Playback {
  /** Frame numbers that are likely to come next, nearest first. */
  readonly upcoming: readonly number[];
  readonly playing: boolean;
}

export interface FrameSource {
  /**
   * The image of a frame, ready to draw. It stays usable until `release(frame)`; every `get` that succeeded is followed by
   * one `release`. When `signal` is aborted the promise is rejected and no release follows.
   */
  get(frame: number, signal: AbortSignal): Promise<FrameImage>;
  /** The canvas no longer shows the frame. The source may keep the image cached or close it. */
  release(frame: number): void;
  /** Called whenever the player moved. */
  expect?(playback: Playback): void;
}

/** Width and height of an image, in pixels. */
export function imageSize(image: FrameImage): { width: number; height: number } {
  if ('displayWidth' in image) return { width: image.displayWidth, height: image.displayHeight };
  if ('naturalWidth' in image) return { width: image.naturalWidth, height: image.naturalHeight };
  return { width: image.width, height: image.height };
}
