/** Decoded frames, up to a number of bytes; the one used longest ago goes first, frames on loan stay. */

interface Entry {
  image: ImageBitmap;
  bytes: number;
  loans: number;
}

const BYTES_PER_PIXEL = 4;

export class FrameCache {
  private readonly entries = new Map<number, Entry>();
  private total = 0;

  /** @param capacity bytes of decoded pixels */
  constructor(private readonly capacity: number) {}

  has(frame: number): boolean {
    return this.entries.has(frame);
  }

  /** Bytes of all images. */
  get bytes(): number {
    return this.total;
  }

  /** How many frames of the size seen last fit in. */
  get room(): number {
    const last = [...this.entries.values()].at(-1);
    return last ? Math.max(1, Math.floor(this.capacity / last.bytes)) : 1;
  }

  /** Take over an image. A frame that is there already stays, and the new image is closed. */
  put(frame: number, image: ImageBitmap, keep: (frame: number) => boolean): void {
    if (this.entries.has(frame)) {
      image.close();
      return;
    }
    const bytes = image.width * image.height * BYTES_PER_PIXEL;
    this.entries.set(frame, { image, bytes, loans: 0 });
    this.total += bytes;
    this.evict((other) => other === frame || keep(other));
  }

  /** Lend an image until `giveBack`; null when it is not there. */
  lend(frame: number): ImageBitmap | null {
    const entry = this.entries.get(frame);
    if (!entry) return null;
    entry.loans++;
    this.touch(frame, entry);
    return entry.image;
  }

  giveBack(frame: number, keep: (frame: number) => boolean): void {
    const entry = this.entries.get(frame);
    if (!entry || entry.loans === 0)
      throw new RangeError(`Frame ${frame} was given back more often than it was lent`);
    entry.loans--;
    this.touch(frame, entry);
    this.evict(keep);
  }

  clear(): void {
    for (const { image } of this.entries.values()) image.close();
    this.entries.clear();
    this.total = 0;
  }

  private touch(frame: number, entry: Entry): void {
    this.entries.delete(frame);
    this.entries.set(frame, entry);
  }

  private evict(keep: (frame: number) => boolean): void {
    for (const [frame, { image, bytes, loans }] of this.entries) {
      if (this.total <= this.capacity) return;
      if (loans > 0 || keep(frame)) continue;
      image.close();
      this.entries.delete(frame);
      this.total -= bytes;
    }
  }
}
