/**
 * Images of frames for the canvas, mostly before they are needed.
 *
 * A frame that is asked for comes first; nothing else is begun before it is there. Then follow the frames that the player
 * expects: single images one by one, or ranges of a video decoded in the browser. A jump within a video shows the server's
 * image of that frame, which is quicker than decoding up to it, while decoding goes on from there.
 */

import type { Decoder } from './decoder';
import { ApiError, abortError, NetworkError } from './errors';
import { FrameCache } from './frameCache';
import type { VideoFrames } from './video';

export interface FrameStoreOptions {
  /** The server's image of a frame. */
  fetchImage: (frame: number, signal: AbortSignal) => Promise<Blob>;
  decoder: Decoder;
  /** Null = every frame is an image of its own. */
  video?: VideoFrames | null;
  /** Bytes of decoded pixels that are kept. */
  capacity?: number;
  /** Images that are fetched at the same time in advance. */
  concurrency?: number;
  /** Called when the store is closed, to close what only it used. */
  onDispose?: () => void;
}

/** How the player moves. */
export interface Playback {
  /** Frame numbers that are likely to come next, nearest first. */
  readonly upcoming: readonly number[];
  readonly playing: boolean;
}

interface Waiter {
  resolve(image: ImageBitmap): void;
  reject(error: unknown): void;
}

/** A range of a video on its way. */
interface Run {
  first: number;
  last: number;
  came: Set<number>;
  controller: AbortController;
}

const CAPACITY = 512 * 2 ** 20;
const CONCURRENCY = 2;

/** Share of the cache that frames in advance may fill: the rest is for going back. */
const AHEAD = 0.7;

/** A frame that is at most so many decoded frames away is waited for; else its image is fetched. */
const WORTH_WAITING = 12;

/** After so many failures in a row the video is shown by images only. */
const VIDEO_FAILURES = 3;

export class FrameStore {
  private readonly cache: FrameCache;
  private readonly waiters = new Map<number, Set<Waiter>>();
  private readonly loads = new Map<number, AbortController>();
  private readonly concurrency: number;
  private video: VideoFrames | null;
  private run: Run | null = null;
  private playback: Playback = { upcoming: [], playing: false };
  private upcoming = new Set<number>();
  /** Frames that could not be had in advance; tried again after the next move. */
  private readonly failed = new Set<number>();
  /** Frames that are in the video's index but do not come out of the decoder; they are fetched as images. */
  private readonly undecodable = new Set<number>();
  private videoFailures = 0;
  private pumping = false;
  private closed = false;

  constructor(private readonly options: FrameStoreOptions) {
    this.cache = new FrameCache(options.capacity ?? CAPACITY);
    this.concurrency = options.concurrency ?? CONCURRENCY;
    this.video = options.video ?? null;
  }

  /** Whether `get` would answer at once. */
  has(frame: number): boolean {
    return this.cache.has(frame);
  }

  /**
   * The image of a frame. It stays usable until `release(frame)`; every `get` that succeeded needs one.
   *
   * @throws NetworkError, ApiError when it cannot be fetched; InvalidStateError when it is no image
   */
  get(frame: number, signal: AbortSignal): Promise<ImageBitmap> {
    if (signal.aborted) return Promise.reject(abortError(signal));
    const image = this.cache.lend(frame);
    if (image) return Promise.resolve(image);
    return new Promise((resolve, reject) => {
      const end = this.wait(frame, {
        resolve: (found) => {
          signal.removeEventListener('abort', cancel);
          resolve(found);
        },
        reject: (error) => {
          signal.removeEventListener('abort', cancel);
          reject(error);
        },
      });
      const cancel = () => {
        end();
        reject(abortError(signal));
      };
      signal.addEventListener('abort', cancel, { once: true });
    });
  }

  release(frame: number): void {
    if (!this.closed) this.cache.giveBack(frame, this.keep);
  }

  /** The player moved: fetch what comes next, and stop fetching what does not. */
  expect(playback: Playback): void {
    this.playback = playback;
    this.upcoming = new Set(playback.upcoming);
    this.failed.clear();
    this.stopUnwanted();
    this.pump();
  }

  /** Close all images, also those on loan, and cancel everything. */
  dispose(): void {
    this.closed = true;
    this.run?.controller.abort();
    for (const controller of this.loads.values()) controller.abort();
    for (const frame of [...this.waiters.keys()]) this.fail(frame, abortError());
    this.cache.clear();
    this.options.onDispose?.();
  }

  private readonly keep = (frame: number): boolean => this.upcoming.has(frame);

  private wait(frame: number, waiter: Waiter): () => void {
    const waiters = this.waiters.get(frame) ?? new Set();
    this.waiters.set(frame, waiters.add(waiter));
    this.failed.delete(frame);
    this.pump();
    return () => {
      waiters.delete(waiter);
      if (waiters.size === 0) this.waiters.delete(frame);
      this.stopUnwanted();
      this.pump();
    };
  }

  private deliver(frame: number, image: ImageBitmap): void {
    if (this.closed) {
      image.close();
      return;
    }
    this.cache.put(frame, image, this.keep);
    this.loads.get(frame)?.abort();
    const waiters = this.waiters.get(frame);
    this.waiters.delete(frame);
    for (const waiter of waiters ?? []) waiter.resolve(this.cache.lend(frame)!);
  }

  private fail(frame: number, error: unknown): void {
    this.failed.add(frame);
    const waiters = this.waiters.get(frame);
    this.waiters.delete(frame);
    for (const waiter of waiters ?? []) waiter.reject(error);
  }

  private stopUnwanted(): void {
    const wanted = (frame: number) => this.upcoming.has(frame) || this.waiters.has(frame);
    for (const [frame, controller] of this.loads) if (!wanted(frame)) controller.abort();
    const { run } = this;
    if (!run) return;
    const open = [...this.upcoming, ...this.waiters.keys()].filter((frame) => !this.cache.has(frame));
    if (!open.some((frame) => covers(run, frame))) run.controller.abort();
  }

  /** Begin what should be under way. Deferred, so that `expect` and the `get` that follows it count together. */
  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    queueMicrotask(() => {
      this.pumping = false;
      if (this.closed) return;
      if (this.video) this.startRun(this.video);
      for (const frame of this.waiters.keys()) this.loadWaited(frame);
      this.prefetchImages();
    });
  }

  private loadWaited(frame: number): void {
    if (!this.loads.has(frame) && !this.comesSoon(frame)) void this.loadImage(frame);
  }

  /** Whether decoding will reach a frame before its image could be here. */
  private comesSoon(frame: number): boolean {
    const { run, video } = this;
    if (!run || !video || !this.isDecodable(frame) || this.failed.has(frame)) return false;
    // While playing, the next range begins where this one ends.
    const comes = covers(run, frame) || (this.playback.playing && frame > run.last);
    return comes && video.distance(frame) <= WORTH_WAITING;
  }

  private async loadImage(frame: number): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    this.loads.set(frame, controller);
    try {
      const blob = await this.options.fetchImage(frame, signal);
      if (!signal.aborted) this.deliver(frame, await this.options.decoder.image(blob));
    } catch (error) {
      if (!signal.aborted) this.fail(frame, error);
    } finally {
      this.loads.delete(frame);
      this.pump();
    }
  }

  private prefetchImages(): void {
    if (this.waiters.size > 0) return;
    for (const frame of this.missing()) {
      if (this.loads.size >= this.concurrency) return;
      if (!this.loads.has(frame) && !this.isDecodable(frame)) void this.loadImage(frame);
    }
  }

  /** Expected frames that are not there, nearest first, as many as the cache can hold. */
  private missing(): number[] {
    const ahead = this.playback.upcoming.slice(0, Math.max(1, Math.floor(this.cache.room * AHEAD)));
    return ahead.filter(this.isOpen);
  }

  private readonly isOpen = (frame: number): boolean => !this.cache.has(frame) && !this.failed.has(frame);

  private readonly isDecodable = (frame: number): boolean =>
    this.video !== null && !this.undecodable.has(frame);

  private startRun(video: VideoFrames): void {
    if (this.run) return;
    // While playing, the frame that is asked for is the next one of the range.
    const asked = this.playback.playing ? [...this.waiters.keys()].filter(this.isOpen) : [];
    const frames = [...asked, ...this.missing()].filter(this.isDecodable);
    if (frames.length === 0) return;
    const controller = new AbortController();
    this.run = { first: Math.min(...frames), last: Math.max(...frames), came: new Set(), controller };
    void this.decodeRun(video, this.run);
  }

  private async decodeRun(video: VideoFrames, run: Run): Promise<void> {
    const receive = (frame: number, image: ImageBitmap) => {
      run.came.add(frame);
      this.deliver(frame, image);
    };
    const { signal } = run.controller;
    try {
      await video.decode(run.first, run.last, receive, signal);
      this.videoFailures = 0;
      giveUpOn(run, this.undecodable);
    } catch (error) {
      if (!signal.aborted) this.runFailed(run, error);
    }
    this.run = null;
    this.pump();
  }

  private runFailed(run: Run, error: unknown): void {
    const unreachable = error instanceof NetworkError || error instanceof ApiError;
    giveUpOn(run, unreachable ? this.failed : this.undecodable);
    console.warn('cvat_lab: frames could not be decoded in the browser, the server sends them.', error);
    if (++this.videoFailures >= VIDEO_FAILURES) this.video = null;
  }
}

/** Remember what did not come, or the same range would be tried again at once. */
function giveUpOn({ first, last, came }: Run, list: Set<number>): void {
  for (let frame = first; frame <= last; frame++) if (!came.has(frame)) list.add(frame);
}

function covers({ first, last, came }: Run, frame: number): boolean {
  return first <= frame && frame <= last && !came.has(frame);
}
