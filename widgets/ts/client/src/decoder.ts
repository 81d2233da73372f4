/**
 * Decodes images and video off the main thread.
 *
 * The worker's code is a string in the bundle (see `build-worker.mjs`). Pages whose security policy forbids such workers
 * decode on the main thread, with the same code.
 */

import { abortError } from './errors';
import { DecodeEngine } from './worker/engine';
import { WORKER_SOURCE } from './worker/generated';
import {
  type DecodeRange,
  type DecodeReply,
  type DecodeRequest,
  type GopData,
  READY,
} from './worker/protocol';

interface Pending {
  resolve(reply: DecodeReply): void;
  reject(error: Error): void;
  onFrame?(frame: number, image: ImageBitmap): void;
}

type Send = (request: DecodeRequest, transfer: Transferable[]) => void;

export class Decoder {
  private readonly pending = new Map<number, Pending>();
  private worker: Worker | null = null;
  private engine: DecodeEngine | null = null;
  private send: Send;
  /** Requests made before it is known whether the worker runs. */
  private waiting: [DecodeRequest, Transferable[]][] = [];
  private lastId = 0;

  /** @param startWorker null = decode on the main thread */
  constructor(startWorker: (() => Worker) | null = spawnWorker) {
    this.send = (...message) => this.waiting.push(message);
    try {
      if (startWorker) this.connect(startWorker());
      else this.decodeHere();
    } catch {
      // Forbidden by the page's security policy; nothing is lost but smoothness.
      this.decodeHere();
    }
  }

  /** Whether decoding goes on in a worker. Settled once the first image has arrived. */
  get inWorker(): boolean {
    return this.worker !== null;
  }

  async image(blob: Blob): Promise<ImageBitmap> {
    const reply = await this.request((id) => ({ op: 'image', id, blob }));
    return (reply as { image: ImageBitmap }).image;
  }

  /** Set up the video decoder. Resolves with false when the browser cannot decode such video. */
  async configure(config: VideoDecoderConfig, rotation: number): Promise<boolean> {
    const reply = await this.request((id) => ({ op: 'configure', id, config, rotation }));
    return (reply as { supported: boolean }).supported;
  }

  /** Hand over a group of pictures; its buffer is moved, not copied. */
  load(gop: number, content: GopData): void {
    this.send({ op: 'load', gop, ...content }, [content.data.buffer]);
  }

  drop(gop: number): void {
    this.send({ op: 'drop', gop }, []);
  }

  /**
   * Decode frames of a group that was loaded. They are passed on as they come; whoever gets one has to close it.
   *
   * @throws Error when the packets cannot be decoded
   */
  async decode(
    range: DecodeRange,
    onFrame: (frame: number, image: ImageBitmap) => void,
    signal: AbortSignal,
  ): Promise<void> {
    if (signal.aborted) throw abortError(signal);
    const id = this.lastId + 1;
    const cancel = () => this.send({ op: 'cancel', id }, []);
    signal.addEventListener('abort', cancel, { once: true });
    try {
      await this.request(() => ({ op: 'decode', id, ...range }), onFrame);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
    if (signal.aborted) throw abortError(signal);
  }

  dispose(): void {
    this.worker?.terminate();
    this.engine?.close();
    this.send = () => {};
    for (const { reject } of this.pending.values()) reject(new Error('The decoder was closed.'));
    this.pending.clear();
  }

  private request(make: (id: number) => DecodeRequest, onFrame?: Pending['onFrame']): Promise<DecodeReply> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject, onFrame });
      this.send(make(id), []);
    });
  }

  private readonly receive = (reply: DecodeReply): void => {
    const pending = this.pending.get(reply.id);
    if (!pending) {
      if ('image' in reply) reply.image.close();
      return;
    }
    if ('frame' in reply) {
      pending.onFrame?.(reply.frame, reply.image);
      return;
    }
    this.pending.delete(reply.id);
    if ('error' in reply) pending.reject(new Error(reply.error));
    else pending.resolve(reply);
  };

  private connect(worker: Worker): void {
    this.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<DecodeReply | typeof READY>) => {
      if (data === READY) this.useWorker(worker);
      else this.receive(data);
    };
    // Some browsers report a forbidden worker only this way.
    worker.onerror = () => {
      worker.terminate();
      this.decodeHere();
    };
  }

  private useWorker(worker: Worker): void {
    worker.onerror = null;
    this.start((request, transfer) => worker.postMessage(request, transfer));
  }

  private decodeHere(): void {
    this.worker = null;
    const engine = new DecodeEngine((reply) => this.receive(reply));
    this.engine = engine;
    this.start((request) => engine.handle(request));
  }

  private start(send: Send): void {
    this.send = send;
    for (const message of this.waiting.splice(0)) send(...message);
  }
}

function spawnWorker(): Worker {
  const url = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: 'text/javascript' }));
  try {
    return new Worker(url);
  } finally {
    // The worker has its own reference; where it loads later, a moment is enough.
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }
}
