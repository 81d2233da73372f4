/** Serves decode requests; in a worker, or on the page where workers are not allowed. */

import { GopDecoder } from './gopDecoder';
import type { DecodeReply, DecodeRequest, GopData } from './protocol';

export type Post = (reply: DecodeReply, transfer?: Transferable[]) => void;

export class DecodeEngine {
  private readonly gops = new Map<number, GopData>();
  /** Ranges that are waiting or being decoded, and whether they are still wanted. */
  private readonly wanted = new Map<number, boolean>();
  private video: GopDecoder | null = null;
  /** Videos are decoded one range at a time. */
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly post: Post) {}

  handle(request: DecodeRequest): void {
    switch (request.op) {
      case 'image':
        void this.answer(request.id, () => this.decodeImage(request));
        break;
      case 'configure':
        void this.answer(request.id, () => this.configure(request));
        break;
      case 'decode':
        this.wanted.set(request.id, true);
        this.queue = this.queue.then(() => this.answer(request.id, () => this.decodeRange(request)));
        break;
      case 'load':
        this.gops.set(request.gop, request);
        break;
      case 'drop':
        this.gops.delete(request.gop);
        break;
      case 'cancel':
        if (this.wanted.has(request.id)) this.wanted.set(request.id, false);
    }
  }

  close(): void {
    for (const id of this.wanted.keys()) this.wanted.set(id, false);
    this.video?.close();
    this.gops.clear();
  }

  private async answer(id: number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.post({ id, error: error instanceof Error ? error.message : String(error) });
    }
  }

  private async decodeImage({ id, blob }: DecodeRequest & { op: 'image' }): Promise<void> {
    const image = await createImageBitmap(blob);
    this.post({ id, image }, [image]);
  }

  private async configure({ id, config, rotation }: DecodeRequest & { op: 'configure' }): Promise<void> {
    const supported = 'VideoDecoder' in globalThis && (await isSupported(config));
    this.video?.close();
    this.video = supported ? new GopDecoder(config, rotation) : null;
    this.post({ id, supported });
  }

  private async decodeRange(range: DecodeRequest & { op: 'decode' }): Promise<void> {
    const { id } = range;
    const cancelled = () => !this.wanted.get(id);
    try {
      const gop = this.gops.get(range.gop);
      if (!this.video || !gop) throw new Error(`Group of pictures ${range.gop} was not loaded`);
      const emit = (frame: number, image: ImageBitmap) => this.post({ id, frame, image }, [image]);
      if (!cancelled()) await this.video.decode(gop, range, emit, cancelled);
      this.post({ id, done: true });
    } finally {
      this.wanted.delete(id);
    }
  }
}

/** Browsers throw for codec strings that they cannot even parse. */
async function isSupported(config: VideoDecoderConfig): Promise<boolean> {
  try {
    return (await VideoDecoder.isConfigSupported(config)).supported === true;
  } catch {
    return false;
  }
}
