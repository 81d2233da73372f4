/**
 * Binary envelopes: several byte sections behind one JSON header, in one body.
 *
 * Layout: header length (uint32, little endian), header (UTF-8 JSON), then the sections. Each starts at the next multiple
 * of 8 bytes from the start of the body, so that typed arrays can be laid over them without a copy.
 */

import { FormatError } from './errors';
import type { Bytes } from './transport';

export interface Envelope<Header> {
  header: Header;
  /** Views into the body, by name. */
  sections: Map<string, Bytes>;
}

interface SectionEntry {
  name: string;
  bytes: number;
}

const ALIGNMENT = 8;
const LENGTH_BYTES = 4;

/** @throws FormatError when the body is cut short or its header is no JSON object with a list of sections */
export function decodeEnvelope<Header>(given: Bytes): Envelope<Header> {
  const body = aligned(given);
  const header = readHeader(body) as Header & { sections: SectionEntry[] };
  const sections = new Map<string, Bytes>();
  let end = LENGTH_BYTES + headerLength(body);
  for (const { name, bytes } of header.sections) {
    const start = padded(end);
    end = start + bytes;
    if (end > body.byteLength) {
      throw new FormatError(
        `Section ${name} should end at byte ${end}; the body has ${body.byteLength} bytes`,
      );
    }
    sections.set(name, body.subarray(start, end));
  }
  return { header, sections };
}

/** Return section `name`. */
export function section(envelope: Envelope<unknown>, name: string): Bytes {
  const found = envelope.sections.get(name);
  if (found) return found;
  const names = [...envelope.sections.keys()].join(', ');
  throw new FormatError(`The envelope has no section ${name}, only ${names}`);
}

/** Write an envelope; `header` gets its list of sections here. */
export function encodeEnvelope(header: object, sections: Record<string, Uint8Array>): Bytes {
  const entries = Object.entries(sections).map(([name, { byteLength }]) => ({ name, bytes: byteLength }));
  const text = new TextEncoder().encode(JSON.stringify({ ...header, sections: entries }));
  const starts: number[] = [];
  let end = LENGTH_BYTES + text.byteLength;
  for (const { bytes } of entries) {
    starts.push(padded(end));
    end = padded(end) + bytes;
  }
  const body = new Uint8Array(end);
  new DataView(body.buffer).setUint32(0, text.byteLength, true);
  body.set(text, LENGTH_BYTES);
  Object.values(sections).forEach((bytes, i) => {
    body.set(bytes, starts[i]);
  });
  return body;
}

function padded(position: number): number {
  return Math.ceil(position / ALIGNMENT) * ALIGNMENT;
}

/** Typed arrays need aligned memory: copy a body that starts in the middle of a buffer. */
function aligned(body: Bytes): Bytes {
  return body.byteOffset % ALIGNMENT === 0 ? body : body.slice();
}

function headerLength(body: Bytes): number {
  if (body.byteLength < LENGTH_BYTES) {
    throw new FormatError(`An envelope has at least ${LENGTH_BYTES} bytes; got ${body.byteLength}`);
  }
  return new DataView(body.buffer, body.byteOffset).getUint32(0, true);
}

function readHeader(body: Bytes): object {
  const length = headerLength(body);
  if (LENGTH_BYTES + length > body.byteLength) {
    throw new FormatError(`The header should have ${length} bytes; the whole body has ${body.byteLength}`);
  }
  const text = new TextDecoder().decode(body.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
  try {
    const header = JSON.parse(text);
    if (Array.isArray(header?.sections)) return header;
  } catch {
    // Reported below, with the other ways in which a header can be wrong.
  }
  throw new FormatError(`The header is not a JSON object with a list of sections: ${text.slice(0, 80)}`);
}
