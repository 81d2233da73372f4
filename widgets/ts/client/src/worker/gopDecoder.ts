/**
 * Decodes groups of pictures with WebCodecs, one after the other.
 *
 * Chunks carry the decoded index as time stamp, so a frame that comes out says which one it is, whatever order the packets
 * had. Decoding stops at the last frame that was asked for and goes on from there later: playing never starts at a key
 * frame again within a group. The queue of the decoder is bounded, and so are the frames that are alive: a decoder has
 * only few buffers.
 */

import type { DecodeRange, GopData } from './protocol';

/** Packets in the decoder and frames being copied, at most. */
const IN_FLIGHT = 6;

type Emit = (frame: number, image: ImageBitmap) => void;

interface Position {
  gop: number;
  /** Next packet to feed, and where its bytes start. */
  packet: number;
  offset: number;
  /** Last frame that was dealt with. */
  consumed: number;
  /** Whether all packets are in and all frames out. */
  flushed: boolean;
}

interface Run extends DecodeRange {
  emit: Emit;
}

export class GopDecoder {
  private decoder: VideoDecoder | null = null;
  private position: Position | null = null;
  private run: Run | null = null;
  /** Frames that came out after the last one that was asked for. */
  private held: VideoFrame[] = [];
  private copying = 0;
  private failure: Error | null = null;
  private wake: () => void = () => {};

  /** @param rotation clockwise degrees by which pictures are turned for display */
  constructor(
    private readonly config: VideoDecoderConfig,
    private readonly rotation: number,
  ) {}

  /** Decode a range of one group. Resolves when every frame was emitted that the packets can give. */
  async decode(gop: GopData, range: DecodeRange, emit: Emit, cancelled: () => boolean): Promise<void> {
    if (!this.canContinue(range)) this.restart(range.gop);
    this.run = { ...range, emit };
    for (const frame of this.held.splice(0)) this.output(frame);
    const position = this.position!;
    const pending = () => position.consumed < range.to && !cancelled();
    while (pending() && position.packet < gop.packets.sizes.length) {
      this.feed(gop, position);
      await this.room(IN_FLIGHT);
    }
    if (pending() && !position.flushed) {
      await this.decoder!.flush();
      position.flushed = true;
    }
    await this.room(1, true);
    this.run = null;
  }

  close(): void {
    for (const frame of this.held.splice(0)) frame.close();
    if (this.decoder && this.decoder.state !== 'closed') this.decoder.close();
    this.decoder = null;
    this.position = null;
  }

  private canContinue({ gop, from }: DecodeRange): boolean {
    return !this.failure && this.position?.gop === gop && from > this.position.consumed;
  }

  private restart(gop: number): void {
    // After a flush the next key frame can follow directly.
    const reusable = this.decoder?.state === 'configured' && this.position?.flushed && !this.failure;
    if (!reusable) {
      this.close();
      this.failure = null;
      this.decoder = this.createDecoder();
    }
    for (const frame of this.held.splice(0)) frame.close();
    this.position = { gop, packet: 0, offset: 0, consumed: -1, flushed: false };
  }

  private createDecoder(): VideoDecoder {
    const decoder = new VideoDecoder({
      // What an earlier decoder still had to say does not matter any more.
      output: (frame) => (decoder === this.decoder ? this.output(frame) : frame.close()),
      error: (error) => {
        if (decoder !== this.decoder) return;
        this.failure = error;
        this.wake();
      },
    });
    decoder.configure(this.config);
    decoder.addEventListener('dequeue', () => this.wake());
    return decoder;
  }

  private feed({ data, packets }: GopData, position: Position): void {
    const size = packets.sizes[position.packet]!;
    const type = packets.keys[position.packet] ? 'key' : 'delta';
    const timestamp = packets.frames[position.packet]!;
    const end = position.offset + size;
    this.decoder!.decode(
      new EncodedVideoChunk({ type, timestamp, data: data.subarray(position.offset, end) }),
    );
    position.packet++;
    position.offset = end;
  }

  private output(frame: VideoFrame): void {
    const { run, position } = this;
    const index = frame.timestamp;
    if (index >= 0 && (!run || !position || index > run.to)) {
      this.held.push(frame);
      return;
    }
    if (position) position.consumed = Math.max(position.consumed, index);
    if (!run || index < run.from || (index - run.from) % run.step !== 0) frame.close();
    else void this.copy(frame, index, run.emit);
  }

  private async copy(frame: VideoFrame, index: number, emit: Emit): Promise<void> {
    this.copying++;
    try {
      emit(index, await toBitmap(frame, this.rotation));
    } catch (error) {
      this.failure = error as Error;
    } finally {
      frame.close();
      this.copying--;
      this.wake();
    }
  }

  /** Wait until fewer than `limit` packets and frames are in flight. */
  private async room(limit: number, copiesOnly = false): Promise<void> {
    for (;;) {
      if (this.failure) throw this.failure;
      const queued = copiesOnly ? 0 : this.decoder!.decodeQueueSize;
      if (queued + this.copying < limit) return;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }
}

/** Copy a decoded picture, upright and with square pixels, as the server's images are. */
async function toBitmap(frame: VideoFrame, rotation: number): Promise<ImageBitmap> {
  const { width, height } = frame.visibleRect!;
  if (rotation === 0) {
    if (frame.displayWidth === width && frame.displayHeight === height) return createImageBitmap(frame);
    return createImageBitmap(frame, { resizeWidth: width, resizeHeight: height });
  }
  const sideways = rotation % 180 !== 0;
  const canvas = new OffscreenCanvas(sideways ? height : width, sideways ? width : height);
  const context = canvas.getContext('2d')!;
  context.translate(canvas.width / 2, canvas.height / 2);
  context.rotate((rotation * Math.PI) / 180);
  context.drawImage(frame, -width / 2, -height / 2, width, height);
  return canvas.transferToImageBitmap();
}
