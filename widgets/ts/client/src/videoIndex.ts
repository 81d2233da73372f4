/** The packet index of a video, as the server sends it: which bytes show which frame. */

import { ArrowTable } from './arrow';
import { decodeEnvelope, section } from './envelope';
import type { Bytes } from './transport';

/** A run of frames that can be decoded on its own. `start` and `count` are decoded frame indices in display order. */
export interface Gop {
  start: number;
  count: number;
  bytes: number;
}

/** The packets of one group of pictures, in decoding order. */
export interface GopPackets {
  sizes: Int32Array;
  /** 1 = key frame. */
  keys: Uint8Array;
  /** Decoded frame index that the packet shows; negative = none of its own. */
  frames: Int32Array;
}

export interface VideoIndex {
  /** Codec string of WebCodecs, for example `avc1.64001f`; null = no browser decodes this video. */
  codec: string | null;
  /** Codec configuration (avcC, hvcC, av1C); null when the packets carry it. */
  description: Bytes | null;
  /** Pixels as shown, after rotation. */
  width: number;
  height: number;
  /** Degrees, clockwise, by which a decoded picture must be turned to be upright. */
  rotation: number;
  /** Number of decoded frames. */
  frames: number;
  gops: Gop[];
  packets: GopPackets[];
}

interface Header extends Omit<VideoIndex, 'description' | 'packets'> {
  description: string | null;
}

export function decodeVideoIndex(body: Bytes): VideoIndex {
  const envelope = decodeEnvelope<Header>(body);
  const { codec, description, width, height, rotation, frames, gops } = envelope.header;
  return {
    codec,
    description: description === null ? null : decodeBase64(description),
    width,
    height,
    rotation,
    frames,
    gops,
    packets: splitPackets(new ArrowTable(section(envelope, 'packets')), gops.length),
  };
}

/** Return the number of the group that holds decoded frame `index`, or -1. */
export function gopOf(gops: Gop[], index: number): number {
  let low = 0;
  let high = gops.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const { start, count } = gops[middle]!;
    if (index < start) high = middle - 1;
    else if (index >= start + count) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** Rows come in decoding order, so the packets of a group are one range. */
function splitPackets(table: ArrowTable, count: number): GopPackets[] {
  const gop = table.integers('gop');
  const [sizes, keys, frames] = [table.integers('size'), table.flags('key'), table.integers('frame')];
  const groups: GopPackets[] = [];
  let start = 0;
  for (let n = 0; n < count; n++) {
    let end = start;
    while (end < gop.length && gop[end] === n) end++;
    groups.push({
      sizes: sizes.subarray(start, end),
      keys: keys.subarray(start, end),
      frames: frames.subarray(start, end),
    });
    start = end;
  }
  return groups;
}

function decodeBase64(text: string): Bytes {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
