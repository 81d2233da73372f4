import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Decoder } from './decoder';
import { isAbort, NetworkError } from './errors';
import { FrameStore, type FrameStoreOptions } from './frames';
import type { VideoFrames } from './video';

/** Ten by ten pixels: 400 bytes. */
class TestImage {
  readonly width = 10;
  readonly height = 10;
  closed = false;

  constructor(readonly name: string) {}

  close(): void {
    expect(this.closed).toBe(false);
    this.closed = true;
  }
}

const BYTES = 400;

/** The network and the decoder of images: every fetch waits until it is told to go on. */
class Images {
  readonly asked: number[] = [];
  readonly aborted: number[] = [];
  readonly made: TestImage[] = [];
  /** Answer at once. */
  quick = false;
  private readonly open = new Map<number, (failure?: Error) => void>();

  readonly fetch = (frame: number, signal: AbortSignal): Promise<Blob> => {
    this.asked.push(frame);
    if (this.quick) return Promise.resolve(new Blob([`image ${frame}`]));
    return new Promise((resolve, reject) => {
      this.open.set(frame, (failure) => (failure ? reject(failure) : resolve(new Blob([`image ${frame}`]))));
      signal.addEventListener('abort', () => {
        this.aborted.push(frame);
        reject(signal.reason);
      });
    });
  };

  readonly decoder = {
    image: async (blob: Blob) => {
      const image = new TestImage(await blob.text());
      this.made.push(image);
      return image as unknown as ImageBitmap;
    },
  } as unknown as Decoder;

  async arrive(frame: number, failure?: Error): Promise<void> {
    this.open.get(frame)!(failure);
    await settle();
  }
}

/** A video whose frames come when they are told to. */
class TestVideo {
  readonly ranges: [number, number][] = [];
  cancelled = 0;
  position = -1;
  private receive: ((frame: number, image: ImageBitmap) => void) | null = null;
  private end: (failure?: Error) => void = () => {};

  distance(frame: number): number {
    return this.position < frame ? frame - this.position : frame + 1;
  }

  decode(
    first: number,
    last: number,
    onFrame: (frame: number, image: ImageBitmap) => void,
    signal: AbortSignal,
  ) {
    this.ranges.push([first, last]);
    this.receive = onFrame;
    return new Promise<void>((resolve, reject) => {
      this.end = (failure) => (failure ? reject(failure) : resolve());
      signal.addEventListener('abort', () => {
        this.cancelled++;
        reject(signal.reason);
      });
    });
  }

  async emit(...frames: number[]): Promise<void> {
    for (const frame of frames) {
      this.position = frame;
      this.receive!(frame, new TestImage(`video ${frame}`) as unknown as ImageBitmap);
    }
    await settle();
  }

  async finish(failure?: Error): Promise<void> {
    this.end(failure);
    await settle();
  }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 2));
const never = new AbortController().signal;
const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => first + i);
const nameOf = (image: unknown) => (image as TestImage).name;

let images: Images;

function store(options: Partial<FrameStoreOptions> = {}): FrameStore {
  return new FrameStore({
    fetchImage: images.fetch,
    decoder: images.decoder,
    capacity: 20 * BYTES,
    ...options,
  });
}

/** A store that has seen an image, so that it knows how large they are. */
async function warmStore(options: Partial<FrameStoreOptions> = {}): Promise<FrameStore> {
  const made = store(options);
  images.quick = true;
  await made.get(0, never);
  made.release(0);
  images.quick = false;
  images.asked.length = 0;
  return made;
}

beforeEach(() => {
  images = new Images();
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a frame', () => {
  it('is fetched once, also for several who ask', async () => {
    const frames = store();
    const asked = [frames.get(5, never), frames.get(5, never)];
    await settle();
    await images.arrive(5);
    const [first, second] = await Promise.all(asked);
    expect(nameOf(first)).toBe('image 5');
    expect(second).toBe(first);
    expect(await frames.get(5, never)).toBe(first);
    expect(images.asked).toEqual([5]);
    expect(frames.has(5)).toBe(true);
  });

  it('is not fetched any more when nobody waits for it', async () => {
    const frames = store();
    const [one, two] = [new AbortController(), new AbortController()];
    const asked = [frames.get(5, one.signal), frames.get(5, two.signal)];
    const caught = asked.map((promise) => promise.catch((error: unknown) => error));
    await settle();
    one.abort();
    await settle();
    expect(images.aborted).toEqual([]);
    two.abort();
    expect((await Promise.all(caught)).every(isAbort)).toBe(true);
    expect(images.aborted).toEqual([5]);
    expect(isAbort(await frames.get(5, two.signal).catch((error: unknown) => error))).toBe(true);
  });

  it('that cannot be fetched fails, and is tried again when it is asked for again', async () => {
    const frames = store();
    const failed = frames.get(5, never).catch((error: unknown) => error);
    await settle();
    await images.arrive(5, new Error('404'));
    expect(await failed).toMatchObject({ message: '404' });
    const again = frames.get(5, never);
    await settle();
    await images.arrive(5);
    expect(nameOf(await again)).toBe('image 5');
  });
});

describe('the cache', () => {
  it('forgets what was used longest ago, and never what is on loan', async () => {
    images.quick = true;
    const frames = store({ capacity: 3 * BYTES });
    for (const frame of [0, 1, 2]) await frames.get(frame, never);
    for (const frame of [0, 1]) frames.release(frame);
    await frames.get(0, never);
    await frames.get(3, never);
    expect([0, 1, 2, 3].map((frame) => frames.has(frame))).toEqual([true, false, true, true]);
    await frames.get(4, never);
    expect(images.made.filter(({ closed }) => closed).map(({ name }) => name)).toEqual(['image 1']);
    frames.release(2);
    expect(frames.has(2)).toBe(false);
    expect(() => frames.release(2)).toThrow('given back more often');
  });

  it('closes everything in the end', async () => {
    const frames = await warmStore();
    const waiting = frames.get(7, never).catch((error: unknown) => error);
    await settle();
    frames.dispose();
    expect(isAbort(await waiting)).toBe(true);
    expect(images.aborted).toEqual([7]);
    expect(images.made.every(({ closed }) => closed)).toBe(true);
    frames.release(0);
  });
});

describe('frames in advance', () => {
  it('are fetched in the order of the player, two at a time', async () => {
    const frames = await warmStore();
    frames.expect({ upcoming: [3, 4, 5], playing: false });
    await settle();
    expect(images.asked).toEqual([3, 4]);
    await images.arrive(4);
    expect(images.asked).toEqual([3, 4, 5]);
  });

  it('wait for the frame on the screen', async () => {
    const frames = await warmStore();
    frames.expect({ upcoming: [3, 4], playing: false });
    const shown = frames.get(2, never);
    await settle();
    expect(images.asked).toEqual([2]);
    await images.arrive(2);
    await shown;
    expect(images.asked).toEqual([2, 3, 4]);
  });

  it('are given up when the player goes elsewhere, but not those that are still wanted', async () => {
    const frames = await warmStore();
    frames.expect({ upcoming: [3, 4], playing: false });
    await settle();
    frames.expect({ upcoming: [4, 50], playing: false });
    await settle();
    expect(images.aborted).toEqual([3]);
    expect(images.asked).toEqual([3, 4, 50]);
  });

  it('fill only a part of the cache', async () => {
    const frames = await warmStore({ capacity: 10 * BYTES });
    images.quick = true;
    frames.expect({ upcoming: from(1, 30), playing: false });
    await settle();
    await settle();
    expect(images.asked).toEqual(from(1, 7));
  });

  it('that fail are not asked for again and again', async () => {
    const frames = await warmStore();
    frames.expect({ upcoming: [3], playing: false });
    await settle();
    await images.arrive(3, new Error('broken'));
    await settle();
    expect(images.asked).toEqual([3]);
    frames.expect({ upcoming: [3], playing: false });
    await settle();
    expect(images.asked).toEqual([3, 3]);
  });
});

describe('a video', () => {
  function videoStore() {
    const video = new TestVideo();
    return warmStore({ video: video as unknown as VideoFrames }).then((frames) => ({ video, frames }));
  }

  it('decodes what the player expects, in one range', async () => {
    const { video, frames } = await videoStore();
    frames.expect({ upcoming: from(1, 9), playing: true });
    await settle();
    expect(video.ranges).toEqual([[1, 9]]);
    await video.emit(1, 2);
    expect(nameOf(await frames.get(2, never))).toBe('video 2');
    expect(images.asked).toEqual([]);
  });

  it('goes on after a range with what is missing then', async () => {
    const { video, frames } = await videoStore();
    frames.expect({ upcoming: from(1, 5), playing: true });
    await settle();
    frames.expect({ upcoming: from(3, 8), playing: true });
    await video.emit(1, 2, 3, 4, 5);
    await video.finish();
    expect(video.cancelled).toBe(0);
    expect(video.ranges).toEqual([
      [1, 5],
      [6, 8],
    ]);
  });

  it('shows the image of the server after a jump, and decodes from there', async () => {
    const { video, frames } = await videoStore();
    frames.expect({ upcoming: from(501, 509), playing: false });
    const shown = frames.get(500, never);
    await settle();
    expect(images.asked).toEqual([500]);
    expect(video.ranges).toEqual([[501, 509]]);
    await images.arrive(500);
    expect(nameOf(await shown)).toBe('image 500');
  });

  it('waits for a frame that is about to be decoded', async () => {
    const { video, frames } = await videoStore();
    frames.expect({ upcoming: from(1, 9), playing: true });
    await settle();
    await video.emit(1);
    const next = frames.get(2, never);
    await settle();
    expect(images.asked).toEqual([]);
    await video.emit(2);
    expect(nameOf(await next)).toBe('video 2');
  });

  it('does not wait for a frame that is far from being decoded', async () => {
    const { video, frames } = await videoStore();
    frames.expect({ upcoming: from(100, 110), playing: true });
    await settle();
    const asked = frames.get(105, never);
    await settle();
    expect(images.asked).toEqual([105]);
    await video.emit(...from(100, 105));
    expect(nameOf(await asked)).toBe('video 105');
    expect(images.aborted).toEqual([105]);
  });

  it('stops decoding after a jump', async () => {
    const { video, frames } = await videoStore();
    frames.expect({ upcoming: from(1, 9), playing: false });
    await settle();
    frames.expect({ upcoming: from(301, 305), playing: false });
    await settle();
    expect(video.cancelled).toBe(1);
    expect(video.ranges).toEqual([
      [1, 9],
      [301, 305],
    ]);
  });

  it('leaves frames that do not come out to the server', async () => {
    const { video, frames } = await videoStore();
    frames.expect({ upcoming: from(1, 4), playing: true });
    await settle();
    const missing = frames.get(3, never);
    await video.emit(1, 2, 4);
    await video.finish();
    expect(images.asked).toEqual([3]);
    await images.arrive(3);
    expect(nameOf(await missing)).toBe('image 3');
    frames.expect({ upcoming: from(2, 4), playing: true });
    await settle();
    expect(video.ranges).toHaveLength(1);
  });

  it('leaves a range that cannot be decoded to the server, and then all of it', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { video, frames } = await videoStore();
    for (const start of [1, 11, 21]) {
      frames.expect({ upcoming: from(start, start + 3), playing: true });
      await settle();
      await video.emit(start);
      await video.finish(new Error('EncodingError'));
      await images.arrive(start + 1);
      expect(images.asked.splice(0)).toEqual(from(start + 1, start + 3));
    }
    expect(video.ranges.map(([first]) => first)).toEqual([1, 11, 21]);
    frames.expect({ upcoming: from(31, 34), playing: true });
    await settle();
    expect(video.ranges).toHaveLength(3);
    expect(images.asked).toEqual([31, 32]);
  });

  it('tries again when the packets could not be fetched', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { video, frames } = await videoStore();
    frames.expect({ upcoming: from(1, 4), playing: true });
    await settle();
    await video.finish(new NetworkError('offline'));
    expect(video.ranges).toHaveLength(1);
    frames.expect({ upcoming: from(1, 4), playing: true });
    await settle();
    expect(video.ranges).toHaveLength(2);
    expect(images.asked).toEqual([]);
  });
});
