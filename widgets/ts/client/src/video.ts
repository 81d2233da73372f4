/**
 * Video frames by WebCodecs: fetches groups of pictures and has ranges of frames decoded.
 *
 * Frames are named by their number within the task here; the packet index counts decoded frames. Whether the browser can
 * decode the video is found out once, by `openVideo`.
 */

import type { DataMeta, JobRead } from '@cvat-lab/schema';
import type { Decoder } from './decoder';
import { abortError } from './errors';
import type { Bytes } from './transport';
import { type GopPackets, gopOf, type VideoIndex } from './videoIndex';

/** Which decoded frame of the video is frame 0 of the task, and how many frames it is to the next one. */
export interface FrameMapping {
  start: number;
  step: number;
}

/** Return the mapping of a task from what is known of one of its jobs; `meta` is the job's. */
export function frameMapping(meta: DataMeta, job: Pick<JobRead, 'start_frame'>): FrameMapping {
  const step = Number(/step=(\d+)/.exec(meta.frame_filter)?.[1] ?? 1);
  return { start: meta.start_frame - job.start_frame * step, step };
}

export interface VideoOptions {
  index: VideoIndex;
  mapping: FrameMapping;
  decoder: Decoder;
  fetchGop: (gop: number, signal: AbortSignal) => Promise<Bytes>;
  /** Compressed bytes that are kept for going back and forth. */
  cacheBytes?: number;
}

/** Called with every frame of a range; whoever gets an image has to close it. */
export type OnFrame = (frame: number, image: ImageBitmap) => void;

const CACHE_BYTES = 64 * 2 ** 20;

/** Prepare to decode a video in the browser; null when it does not know the codec. */
export async function openVideo(options: VideoOptions): Promise<VideoFrames | null> {
  const { codec, description, rotation } = options.index;
  if (codec === null) return null;
  const config = description ? { codec, description } : { codec };
  return (await options.decoder.configure(config, rotation)) ? new VideoFrames(options) : null;
}

export class VideoFrames {
  /** Groups that the decoder has, and those on their way; the one used last comes last. */
  private readonly groups = new Map<number, { bytes: number; loaded: Promise<void> }>();
  /** The last frame that came out of the decoder, by decoded index; a range right after it costs least. */
  private position = -1;

  constructor(private readonly options: VideoOptions) {}

  /** How many frames have to be decoded before `frame` is there, as long as nothing else is decoded before. */
  distance(frame: number): number {
    const index = this.indexOf(frame);
    const { gops } = this.options.index;
    const n = gopOf(gops, index);
    if (n < 0) return Number.POSITIVE_INFINITY;
    const start = gops[n]!.start;
    return this.position >= start && this.position < index ? index - this.position : index - start + 1;
  }

  /**
   * Decode the frames from `first` to `last`, in this order; images arrive while decoding goes on.
   *
   * Frames that cannot be decoded are left out.
   *
   * @throws NetworkError, ApiError when packets cannot be fetched; Error when they cannot be decoded
   */
  async decode(first: number, last: number, onFrame: OnFrame, signal: AbortSignal): Promise<void> {
    const { gops } = this.options.index;
    const [from, to] = [this.indexOf(first), this.indexOf(last)];
    const lastGop = gopOf(gops, to);
    for (let n = gopOf(gops, from); n >= 0 && n <= lastGop; n++) {
      await this.load(n, signal);
      // The next group travels while this one is decoded. If that fails, its own turn tells.
      if (n < lastGop) void this.load(n + 1, signal).catch(() => {});
      const { start, count } = gops[n]!;
      await this.decodeGroup(n, Math.max(from, start), Math.min(to, start + count - 1), onFrame, signal);
    }
  }

  private async decodeGroup(
    gop: number,
    from: number,
    to: number,
    onFrame: OnFrame,
    signal: AbortSignal,
  ): Promise<void> {
    const { step } = this.options.mapping;
    // The first frame of the task in this group, not of the video.
    const aligned = this.indexOf(Math.ceil(this.frameOf(from)));
    if (aligned > to) return;
    const receive = (index: number, image: ImageBitmap) => {
      this.position = index;
      onFrame(this.frameOf(index), image);
    };
    await this.options.decoder.decode({ gop, from: aligned, to, step }, receive, signal);
    this.position = to;
  }

  /** Give a group to the decoder, unless it has it. */
  private async load(n: number, signal: AbortSignal): Promise<void> {
    const known = this.groups.get(n);
    if (known) this.groups.delete(n);
    const group = known ?? { bytes: this.options.index.gops[n]!.bytes, loaded: this.fetch(n, signal) };
    this.groups.set(n, group);
    this.evict();
    try {
      await group.loaded;
    } catch (error) {
      if (this.groups.get(n) === group) this.groups.delete(n);
      // Another range had asked for this group and was cancelled; this one was not.
      if (known && !signal.aborted) return this.load(n, signal);
      throw error;
    }
    if (signal.aborted) throw abortError(signal);
  }

  private async fetch(n: number, signal: AbortSignal): Promise<void> {
    const data = await this.options.fetchGop(n, signal);
    const { sizes, keys, frames } = this.options.index.packets[n]!;
    // The index stays here, so the worker gets copies of its small part.
    const packets: GopPackets = { sizes: sizes.slice(), keys: keys.slice(), frames: frames.slice() };
    this.options.decoder.load(n, { data, packets });
  }

  /** Forget the groups that were used longest ago, but not the one being decoded and the one after it. */
  private evict(): void {
    let total = [...this.groups.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [n, group] of this.groups) {
      if (total <= (this.options.cacheBytes ?? CACHE_BYTES) || this.groups.size <= 2) return;
      this.groups.delete(n);
      total -= group.bytes;
      const drop = () => this.groups.has(n) || this.options.decoder.drop(n);
      // A group that never arrived need not be dropped.
      void group.loaded.then(drop, () => {});
    }
  }

  private indexOf(frame: number): number {
    const { start, step } = this.options.mapping;
    return start + frame * step;
  }

  private frameOf(index: number): number {
    const { start, step } = this.options.mapping;
    return (index - start) / step;
  }
}
