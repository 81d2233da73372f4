import type { DataMeta } from '@cvat-lab/schema';
import { describe, expect, it } from 'vitest';
import type { Decoder } from './decoder';
import { isAbort } from './errors';
import { frameMapping, openVideo, type VideoFrames, type VideoOptions } from './video';
import type { VideoIndex } from './videoIndex';
import type { DecodeRange } from './worker/protocol';

const GOPS = [
  { start: 0, count: 10, bytes: 100 },
  { start: 10, count: 10, bytes: 100 },
  { start: 20, count: 5, bytes: 100 },
];

const packets = () => ({ sizes: new Int32Array(1), keys: new Uint8Array(1), frames: new Int32Array(1) });

const INDEX: VideoIndex = {
  codec: 'avc1.64001f',
  description: null,
  width: 64,
  height: 48,
  rotation: 0,
  frames: 25,
  gops: GOPS,
  packets: GOPS.map(packets),
};

/** A decoder that gives every frame at once. */
class TestDecoder {
  readonly ranges: DecodeRange[] = [];
  readonly loaded: number[] = [];
  readonly dropped: number[] = [];
  supported = true;
  config: VideoDecoderConfig | null = null;

  async configure(config: VideoDecoderConfig): Promise<boolean> {
    this.config = config;
    return this.supported;
  }

  load(gop: number): void {
    this.loaded.push(gop);
  }

  drop(gop: number): void {
    this.dropped.push(gop);
  }

  async decode(range: DecodeRange, onFrame: (frame: number, image: ImageBitmap) => void): Promise<void> {
    this.ranges.push(range);
    for (let index = range.from; index <= range.to; index += range.step) onFrame(index, {} as ImageBitmap);
  }
}

async function open(options: Partial<VideoOptions> = {}) {
  const decoder = new TestDecoder();
  const fetched: number[] = [];
  const fetchGop = async (gop: number) => {
    fetched.push(gop);
    return new Uint8Array(0);
  };
  const given = {
    index: INDEX,
    mapping: { start: 0, step: 1 },
    decoder: decoder as unknown as Decoder,
    fetchGop,
  };
  const video = (await openVideo({ ...given, ...options })) as VideoFrames;
  const decode = async (first: number, last: number, signal = new AbortController().signal) => {
    const frames: number[] = [];
    await video.decode(first, last, (frame) => frames.push(frame), signal);
    return frames;
  };
  return { decoder, fetched, video, decode };
}

const from = (first: number, last: number, step = 1) =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);

describe('frames of a video', () => {
  it('are decoded group by group', async () => {
    const { decoder, fetched, decode } = await open();
    expect(await decode(8, 21)).toEqual(from(8, 21));
    expect(decoder.ranges).toEqual([
      { gop: 0, from: 8, to: 9, step: 1 },
      { gop: 1, from: 10, to: 19, step: 1 },
      { gop: 2, from: 20, to: 21, step: 1 },
    ]);
    expect(fetched).toEqual([0, 1, 2]);
  });

  it('have the numbers of the task, with a start and a step', async () => {
    const { decoder, decode } = await open({ mapping: { start: 2, step: 3 } });
    expect(await decode(1, 7)).toEqual(from(1, 7));
    expect(decoder.ranges.map(({ from, to, step }) => [from, to, step])).toEqual([
      [5, 9, 3],
      [11, 19, 3],
      [20, 23, 3],
    ]);
  });

  it('fetch a group once as long as there is room, and never forget the one in use', async () => {
    const { decoder, fetched, decode } = await open({ cacheBytes: 150 });
    await decode(0, 5);
    await decode(6, 9);
    expect(fetched).toEqual([0]);
    await decode(0, 24);
    expect(fetched).toEqual([0, 1, 2]);
    expect(decoder.dropped).toEqual([0]);
    await decode(0, 1);
    expect(fetched).toEqual([0, 1, 2, 0]);
  });

  it('are far at the end of a group, and near after the frame before', async () => {
    const { video, decode } = await open();
    expect([video.distance(0), video.distance(9), video.distance(19)]).toEqual([1, 10, 10]);
    await decode(10, 15);
    expect([video.distance(16), video.distance(19), video.distance(14), video.distance(99)]).toEqual([
      1,
      4,
      5,
      Infinity,
    ]);
  });

  it('can be cancelled', async () => {
    const controller = new AbortController();
    const { decode } = await open({
      fetchGop: async () => {
        controller.abort();
        return new Uint8Array(0);
      },
    });
    expect(isAbort(await decode(0, 24, controller.signal).catch((error: unknown) => error))).toBe(true);
  });

  it('are fetched again when only an earlier range was cancelled', async () => {
    const first = new AbortController();
    let calls = 0;
    const fetchGop = (_: number, signal: AbortSignal) => {
      if (++calls > 1) return Promise.resolve(new Uint8Array(0));
      return new Promise<Uint8Array<ArrayBuffer>>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    };
    const { decode } = await open({ fetchGop });
    const cancelled = decode(0, 1, first.signal).catch((error: unknown) => error);
    const kept = decode(0, 2);
    first.abort();
    expect(isAbort(await cancelled)).toBe(true);
    expect(await kept).toEqual([0, 1, 2]);
  });
});

describe('a video', () => {
  it('is set up with codec and description', async () => {
    const description = new Uint8Array([1, 2]);
    const { decoder } = await open({ index: { ...INDEX, description } });
    expect(decoder.config).toEqual({ codec: 'avc1.64001f', description });
  });

  it('that the browser cannot decode is not opened', async () => {
    const decoder = new TestDecoder();
    decoder.supported = false;
    expect((await open({ decoder: decoder as unknown as Decoder })).video).toBeNull();
    expect((await open({ index: { ...INDEX, codec: null } })).video).toBeNull();
  });

  it('maps frames of a task to frames of the file', () => {
    const meta = (start_frame: number, frame_filter: string) => ({ start_frame, frame_filter }) as DataMeta;
    expect(frameMapping(meta(0, ''), { start_frame: 0 })).toEqual({ start: 0, step: 1 });
    expect(frameMapping(meta(10, 'step=5'), { start_frame: 0 })).toEqual({ start: 10, step: 5 });
    expect(frameMapping(meta(260, 'step=5'), { start_frame: 50 })).toEqual({ start: 10, step: 5 });
  });
});
