import { expect, it } from 'vitest';
import { encodeEnvelope } from './envelope';
import { encodeRows, PACKETS } from './testing/jobEnvelope';
import { decodeVideoIndex, gopOf } from './videoIndex';

const header = {
  codec: 'avc1.64001f',
  description: btoa('\x01\xff\x00'),
  width: 640,
  height: 360,
  rotation: 90,
  frames: 5,
  gops: [
    { start: 0, count: 3, bytes: 60 },
    { start: 3, count: 2, bytes: 30 },
  ],
};

const packets = [
  { gop: 0, size: 40, key: true, frame: 0 },
  { gop: 0, size: 15, key: false, frame: 2 },
  { gop: 0, size: 5, key: false, frame: 1 },
  { gop: 1, size: 20, key: true, frame: 3 },
  { gop: 1, size: 10, key: false, frame: -1 },
];

it('divides the packets among the groups of pictures', () => {
  const index = decodeVideoIndex(encodeEnvelope(header, { packets: encodeRows(packets, PACKETS) }));
  expect(index).toMatchObject({ codec: 'avc1.64001f', rotation: 90, frames: 5, gops: header.gops });
  expect([...index.description!]).toEqual([1, 255, 0]);
  expect(index.packets.map(({ sizes }) => [...sizes])).toEqual([
    [40, 15, 5],
    [20, 10],
  ]);
  expect(index.packets.map(({ frames }) => [...frames])).toEqual([
    [0, 2, 1],
    [3, -1],
  ]);
  expect([...index.packets[1]!.keys]).toEqual([1, 0]);
});

it('reads an index without description', () => {
  const body = encodeEnvelope(
    { ...header, codec: null, description: null },
    { packets: encodeRows(packets, PACKETS) },
  );
  expect(decodeVideoIndex(body)).toMatchObject({ codec: null, description: null });
});

it('finds the group of a frame', () => {
  expect([-1, 0, 2, 3, 4, 5].map((index) => gopOf(header.gops, index))).toEqual([-1, 0, 0, 1, 1, -1]);
});
