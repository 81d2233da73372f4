/** What the tests in a real browser call: the client itself, and a way to look at the pixels of frames. */

import type { Playback } from '../frames';
import * as client from '../index';
import { TestDocument } from './document';

interface VideoSetup {
  /** Address that serves `video`, `gops/<n>` and `frames/<number>`. */
  base: string;
  mapping: client.FrameMapping;
  capacity?: number;
  inWorker?: boolean;
  rotation?: number;
}

/** A frame store on a video, and a record of what it fetched. */
class VideoHarness {
  readonly fetched: string[] = [];
  readonly decoder: client.Decoder;
  hasVideo = false;
  private store: client.FrameStore | null = null;

  constructor(private readonly setup: VideoSetup) {
    this.decoder = setup.inWorker === false ? new client.Decoder(null) : new client.Decoder();
  }

  async open(): Promise<this> {
    const { mapping, capacity, rotation } = this.setup;
    const index = client.decodeVideoIndex(new Uint8Array(await (await this.fetch('video')).arrayBuffer()));
    if (rotation !== undefined) index.rotation = rotation;
    const fetchGop = async (n: number, signal: AbortSignal) =>
      new Uint8Array(await (await this.fetch(`gops/${n}`, signal)).arrayBuffer());
    const video = await client.openVideo({ index, mapping, decoder: this.decoder, fetchGop });
    this.hasVideo = video !== null;
    const fetchImage = async (frame: number, signal: AbortSignal) =>
      (await this.fetch(`frames/${frame}`, signal)).blob();
    this.store = new client.FrameStore({ fetchImage, decoder: this.decoder, video, capacity });
    this.fetched.length = 0;
    return this;
  }

  get frames(): client.FrameStore {
    return this.store!;
  }

  expect(upcoming: number[], playing: boolean): void {
    this.frames.expect({ upcoming, playing } satisfies Playback);
  }

  /** Red, green and blue of every pixel of a frame, as base64. */
  async pixels(frame: number): Promise<{ width: number; height: number; rgb: string }> {
    const image = await this.frames.get(frame, new AbortController().signal);
    const { width, height } = image;
    const context = new OffscreenCanvas(width, height).getContext('2d')!;
    context.drawImage(image, 0, 0);
    this.frames.release(frame);
    const { data } = context.getImageData(0, 0, width, height);
    const rgb = data.filter((_, i) => i % 4 !== 3);
    let text = '';
    for (let i = 0; i < rgb.length; i += 8192) text += String.fromCharCode(...rgb.subarray(i, i + 8192));
    return { width, height, rgb: btoa(text) };
  }

  /** Go through frames as the player does; return how many came per second. */
  async play(first: number, last: number, ahead = 30): Promise<number> {
    const start = performance.now();
    for (let frame = first; frame <= last; frame++) {
      const count = Math.min(ahead, last - frame);
      this.expect(
        Array.from({ length: count }, (_, i) => frame + 1 + i),
        true,
      );
      await this.frames.get(frame, new AbortController().signal);
      this.frames.release(frame);
    }
    return ((last - first + 1) * 1000) / (performance.now() - start);
  }

  private async fetch(path: string, signal?: AbortSignal): Promise<Response> {
    this.fetched.push(path);
    const response = await fetch(this.setup.base + path, { signal });
    if (!response.ok) throw new client.ApiError(response.status, `${path}: ${response.status}`);
    return response;
  }
}

Object.assign(globalThis, {
  client,
  TestDocument,
  openHarness: (setup: VideoSetup) => new VideoHarness(setup).open(),
});
