/** Messages between the page and the worker that decodes images and video. */

import type { GopPackets } from '../videoIndex';

/** One group of pictures: its packets, concatenated, and where each of them ends. */
export interface GopData {
  data: Uint8Array<ArrayBuffer>;
  packets: GopPackets;
}

/** Frames to decode, by decoded index: `from`, `from + step`, ... up to `to`, all in group `gop`. */
export interface DecodeRange {
  gop: number;
  from: number;
  to: number;
  step: number;
}

export type DecodeRequest =
  | { op: 'image'; id: number; blob: Blob }
  /** Rotation is clockwise, in degrees. */
  | { op: 'configure'; id: number; config: VideoDecoderConfig; rotation: number }
  | ({ op: 'decode'; id: number } & DecodeRange)
  /** Keep a group of pictures for `decode`; and forget it. */
  | ({ op: 'load'; gop: number } & GopData)
  | { op: 'drop'; gop: number }
  | { op: 'cancel'; id: number };

export type DecodeReply =
  | { id: number; image: ImageBitmap }
  | { id: number; supported: boolean }
  /** One of the frames of a `decode`; `done` follows after the last. */
  | { id: number; frame: number; image: ImageBitmap }
  | { id: number; done: true }
  | { id: number; error: string };

/** The worker's first message. */
export const READY = 'ready';
