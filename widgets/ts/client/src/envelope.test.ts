import { describe, expect, it } from 'vitest';
import { decodeEnvelope, encodeEnvelope, section } from './envelope';
import { FormatError } from './errors';

const bytes = (...values: number[]) => new Uint8Array(values);

describe('an envelope', () => {
  it('gives back header and sections', () => {
    const body = encodeEnvelope({ name: 'Zürich' }, { one: bytes(1, 2, 3), none: bytes(), two: bytes(4) });
    const envelope = decodeEnvelope<{ name: string }>(body);
    expect(envelope.header.name).toBe('Zürich');
    expect([...section(envelope, 'one')]).toEqual([1, 2, 3]);
    expect([...section(envelope, 'none')]).toEqual([]);
    expect([...section(envelope, 'two')]).toEqual([4]);
  });

  it('is what the documentation says, byte by byte', () => {
    const header = new TextEncoder().encode('{"sections":[{"name":"a","bytes":1},{"name":"b","bytes":2}]}');
    expect(header.length).toBe(60);
    const body = new Uint8Array(64 + 8 + 2);
    body.set([60, 0, 0, 0]);
    body.set(header, 4);
    body.set([7], 64);
    body.set([8, 9], 72);
    const envelope = decodeEnvelope(body);
    expect([...section(envelope, 'a')]).toEqual([7]);
    expect([...section(envelope, 'b')]).toEqual([8, 9]);
    expect([...encodeEnvelope({}, { a: bytes(7), b: bytes(8, 9) })]).toEqual([...body]);
  });

  it('starts sections at multiples of 8, also when the body lies anywhere in a buffer', () => {
    const body = encodeEnvelope({}, { numbers: new Uint8Array(new Float64Array([1.5, 2.5]).buffer) });
    const shifted = new Uint8Array(body.length + 3);
    shifted.set(body, 3);
    const found = section(decodeEnvelope(shifted.subarray(3)), 'numbers');
    expect([...new Float64Array(found.buffer, found.byteOffset, 2)]).toEqual([1.5, 2.5]);
  });

  it('names a section that is missing, and those that are there', () => {
    const envelope = decodeEnvelope(encodeEnvelope({}, { shapes: bytes() }));
    expect(() => section(envelope, 'tags')).toThrow('no section tags, only shapes');
  });

  it('refuses a body that was cut short, at every length', () => {
    const body = encodeEnvelope({ a: 1 }, { one: bytes(1, 2, 3) });
    for (let length = 0; length < body.length; length++) {
      expect(() => decodeEnvelope(body.slice(0, length))).toThrow(FormatError);
    }
  });

  it('refuses a page in place of an envelope', () => {
    const page = new TextEncoder().encode('<html><body>Please log in</body></html>');
    expect(() => decodeEnvelope(page)).toThrow(FormatError);
    const list = encodeEnvelope({}, {});
    list.set(new TextEncoder().encode('[1,2,3,4,5,67]'), 4);
    expect(() => decodeEnvelope(list.slice(0, 18))).toThrow(FormatError);
  });
});
