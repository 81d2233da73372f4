/**
 * Going through the frames of a job.
 *
 * A frame is shown when its image is there, and its shapes with it, never before. Playing shows every frame: when images come
 * later than the speed asks for, playing slows down and `lateFrames` counts it.
 */

import { CanvasError } from './errors';
import type { FrameImage, FrameSource } from './model/frames';

/** Time, so that tests can make it pass. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  wait(milliseconds: number): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

export interface PlayerOptions {
  /** Frames that can be shown, ascending. */
  readonly frames: readonly number[];
  readonly source: FrameSource;
  readonly clock?: Clock;
  /** Frames per second; asked before every frame. */
  readonly speed: () => number;
  readonly onShow: (frame: number, image: FrameImage) => void;
  /** Playing, loading or failure changed. */
  readonly onChange: () => void;
}

/** Frames that the source is told about in advance. */
const LOOKAHEAD = 30;

export class Player {
  private frames: readonly number[];
  private readonly clock: Clock;
  private shown: number | null = null;
  private wanted: number | null = null;
  private request: AbortController | null = null;
  /** One object per playing, so that an old one cannot stop a new one; null = not playing. */
  private session: object | null = null;
  private direction: 1 | -1 = 1;
  private problem: Error | null = null;
  private failed: number | null = null;
  private late = 0;

  constructor(private readonly options: PlayerOptions) {
    if (options.frames.length === 0) throw new CanvasError('The job has no frames to show.');
    this.frames = options.frames;
    this.clock = options.clock ?? SYSTEM_CLOCK;
  }

  /** The frame on the screen; before the first one is there, the one that will be. */
  get frame(): number {
    return this.shown ?? this.frames[0]!;
  }

  /** The frame that is on its way, or else the one on the screen. */
  get target(): number {
    return this.wanted ?? this.frame;
  }

  get isPlaying(): boolean {
    return this.session !== null;
  }

  get isLoading(): boolean {
    return this.wanted !== null;
  }

  /** Why the last frame could not be shown. */
  get failure(): Error | null {
    return this.problem;
  }

  /** The frame that could not be shown. */
  get failedFrame(): number | null {
    return this.failed;
  }

  /** Frames that came later than the speed asked for since playing started. */
  get lateFrames(): number {
    return this.late;
  }

  get allFrames(): readonly number[] {
    return this.frames;
  }

  get firstFrame(): number {
    return this.frames[0]!;
  }

  get lastFrame(): number {
    return this.frames.at(-1)!;
  }

  /** Frames were deleted or restored. */
  setFrames(frames: readonly number[]): void {
    if (frames.length === 0) throw new CanvasError('The job has no frames to show.');
    this.frames = frames;
    if (!frames.includes(this.target)) void this.goTo(this.nearest(this.target));
    this.options.onChange();
  }

  /** Show a frame. The promise is fulfilled when it is on the screen, failed (see `failure`), or another one was asked for. */
  async goTo(frame: number): Promise<void> {
    if (!this.frames.includes(frame)) {
      throw new CanvasError(
        `Frame ${frame} is not in this job; its frames are ${this.firstFrame} to ${this.lastFrame}.`,
      );
    }
    this.pause();
    await this.show(frame, 0);
  }

  /** Go by a number of frames, stopping at the first and last one. */
  async step(by: number): Promise<void> {
    const position = this.frames.indexOf(this.target);
    const goal = Math.min(Math.max(position + by, 0), this.frames.length - 1);
    this.direction = by < 0 ? -1 : 1;
    if (this.frames[goal] !== this.target) await this.goTo(this.frames[goal]!);
  }

  /** The nearest frame before or after the current one for which `accepts` holds; null when there is none. */
  find(direction: 1 | -1, accepts: (frame: number) => boolean): number | null {
    const { frames } = this;
    for (let i = frames.indexOf(this.target) + direction; i >= 0 && i < frames.length; i += direction) {
      if (accepts(frames[i]!)) return frames[i]!;
    }
    return null;
  }

  play(): void {
    if (this.session || this.target === this.lastFrame) return;
    const session = {};
    this.session = session;
    this.direction = 1;
    this.late = 0;
    this.options.onChange();
    void this.run(session);
  }

  pause(): void {
    if (!this.session) return;
    this.session = null;
    this.options.onChange();
  }

  /** Let go of everything. */
  destroy(): void {
    this.session = null;
    this.request?.abort();
    if (this.shown !== null) this.options.source.release(this.shown);
  }

  private async run(session: object): Promise<void> {
    let due = this.clock.now();
    while (this.session === session) {
      due += 1000 / this.options.speed();
      const next = this.frames[this.frames.indexOf(this.target) + 1];
      if (next === undefined || !(await this.show(next, due))) break;
      const delay = this.clock.now() - due;
      // Start counting anew after a delay: catching up would show frames too briefly to be seen.
      if (delay > 1000 / this.options.speed()) {
        this.late += 1;
        due += delay;
      }
    }
    if (this.session === session) this.pause();
  }

  /** Load a frame and show it, not before the time `due`. Returns whether it came to that. */
  private async show(frame: number, due: number): Promise<boolean> {
    this.request?.abort();
    const request = new AbortController();
    this.request = request;
    this.wanted = frame;
    this.problem = null;
    this.failed = null;
    this.options.onChange();
    this.announce(frame);
    try {
      const image = await this.options.source.get(frame, request.signal);
      if (due > this.clock.now()) await this.clock.wait(due - this.clock.now());
      if (request.signal.aborted) {
        this.options.source.release(frame);
        return false;
      }
      this.present(frame, image);
      return true;
    } catch (error) {
      if (request.signal.aborted) return false;
      this.fail(frame, error);
      return false;
    }
  }

  private present(frame: number, image: FrameImage): void {
    const before = this.shown;
    this.shown = frame;
    this.wanted = null;
    this.options.onShow(frame, image);
    if (before !== null) this.options.source.release(before);
    this.options.onChange();
  }

  private fail(frame: number, error: unknown): void {
    this.wanted = null;
    this.session = null;
    const reason = error instanceof Error ? error.message : String(error);
    this.failed = frame;
    this.problem = new CanvasError(`Frame ${frame} cannot be shown: ${reason}`, { cause: error });
    this.options.onChange();
  }

  private announce(frame: number): void {
    const position = this.frames.indexOf(frame);
    const upcoming =
      this.direction === 1
        ? this.frames.slice(position + 1, position + 1 + LOOKAHEAD)
        : this.frames.slice(Math.max(position - LOOKAHEAD, 0), position).reverse();
    this.options.source.expect?.({ upcoming, playing: this.isPlaying });
  }

  private nearest(frame: number): number {
    return this.frames.find((number) => number >= frame) ?? this.lastFrame;
  }
}
