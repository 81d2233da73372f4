/**
 * Arrow tables as plain typed arrays.
 *
 * `flechette` parses the IPC stream and lays typed arrays over its buffers. This module turns them into the forms that
 * hot loops want: 64-bit integers as numbers, text as small codes, lists as offsets and values. Nothing is decoded before
 * it is asked for.
 */

import { type Batch, type Column, type Table, tableFromIPC } from '@uwdata/flechette';
import { FormatError } from './errors';

/** `values[offsets[row]]` to `values[offsets[row + 1]]` belong to `row`. */
export interface ListColumn {
  offsets: Int32Array;
  values: Float64Array;
}

/** Text of few different values: `names[codes[row]]`. */
export interface CodedColumn {
  codes: Int32Array;
  names: string[];
}

export class ArrowTable {
  private readonly table: Table;

  /** @param ipc an Arrow IPC stream or file */
  constructor(ipc: Uint8Array) {
    this.table = tableFromIPC(ipc);
  }

  get length(): number {
    return this.table.numRows;
  }

  get names(): string[] {
    return this.table.names.map(String);
  }

  /** The values of a row, in the order of `names`; integers as numbers, nested values as arrays and objects. */
  row(index: number): unknown[] {
    return this.table.children.map((column) => column.at(index));
  }

  /** One value; integers as numbers, null as null. */
  at(index: number, name: string): unknown {
    return this.column(name).at(index);
  }

  /** Numbers and integers of any width as doubles; null becomes NaN. */
  numbers(name: string): Float64Array {
    const column = this.column(name);
    return fill(column, new Float64Array(column.length), Number.NaN);
  }

  /** Integers that fit into 32 bits, such as frame numbers; null becomes 0. */
  integers(name: string): Int32Array {
    const column = this.column(name);
    return fill(column, new Int32Array(column.length), 0);
  }

  /** 1 = true; null becomes 0. */
  flags(name: string): Uint8Array {
    const column = this.column(name);
    const flags = new Uint8Array(column.length);
    eachBatch(column, (batch, start) => {
      const bits = batch.values as Uint8Array;
      for (let i = 0; i < batch.length; i++) flags[start + i] = (bits[i >> 3]! >> (i & 7)) & 1;
      eachNull(batch, (i) => {
        flags[start + i] = 0;
      });
    });
    return flags;
  }

  /** A `list<double>` column. The values are not copied when the stream has one batch. */
  lists(name: string): ListColumn {
    const column = this.column(name);
    const parts = column.data.map((batch) => batch.children[0]!.values as Float64Array);
    const offsets = listOffsets(column);
    const values = parts.length === 1 ? parts[0]! : concatenate(parts, offsets[column.length] ?? 0);
    return { offsets, values };
  }

  /** Text with few different values, such as shape types; equal texts get equal codes. */
  codes(name: string): CodedColumn {
    const column = this.column(name);
    const coder = new TextCoder();
    const codes = new Int32Array(column.length);
    eachBatch(column, (batch, start) => {
      if (isUtf8(batch)) coder.encodeUtf8(batch, codes, start);
      else for (let i = 0; i < batch.length; i++) codes[start + i] = coder.code(String(batch.at(i) ?? ''));
    });
    return { codes, names: coder.names };
  }

  /** Random access to a column of any type. */
  column(name: string): Column<unknown> {
    const found = this.table.getChild(name);
    if (found) return found as Column<unknown>;
    throw new FormatError(`The table has no column ${name}, only ${this.names.join(', ')}`);
  }
}

type NumberArray = Float64Array | Int32Array;

function fill<T extends NumberArray>(column: Column<unknown>, target: T, missing: number): T {
  eachBatch(column, (batch, start) => {
    if (batch.values instanceof BigInt64Array || batch.values instanceof BigUint64Array) {
      fillLong(batch.values, batch.length, target, start);
    } else if (batch.values) {
      target.set((batch.values as Float64Array).subarray(0, batch.length), start);
    }
    eachNull(batch, (i) => {
      target[start + i] = missing;
    });
  });
  return target;
}

/** Reading 64-bit integers as pairs of 32 bits is ten times as fast as through BigInt. Arrow is little endian. */
function fillLong(
  values: BigInt64Array | BigUint64Array,
  length: number,
  target: NumberArray,
  start: number,
): void {
  const halves = new Int32Array(values.buffer, values.byteOffset, length * 2);
  for (let i = 0; i < length; i++) {
    target[start + i] = halves[2 * i + 1]! * 2 ** 32 + (halves[2 * i]! >>> 0);
  }
}

function listOffsets(column: Column<unknown>): Int32Array {
  const offsets = new Int32Array(column.length + 1);
  let base = 0;
  eachBatch(column, (batch, start) => {
    const own = batch.offsets as Int32Array;
    for (let i = 0; i <= batch.length; i++) offsets[start + i] = base + own[i]!;
    base += batch.children[0]!.length;
  });
  return offsets;
}

function concatenate(parts: Float64Array[], length: number): Float64Array {
  const whole = new Float64Array(length);
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

function eachBatch(column: Column<unknown>, visit: (batch: Batch<unknown>, start: number) => void): void {
  let start = 0;
  for (const batch of column.data) {
    visit(batch, start);
    start += batch.length;
  }
}

function eachNull(batch: Batch<unknown>, visit: (index: number) => void): void {
  if (!batch.nullCount) return;
  for (let i = 0; i < batch.length; i++) if (!batch.isValid(i)) visit(i);
}

const UTF8 = 5;

function isUtf8(batch: Batch<unknown>): boolean {
  return batch.type.typeId === UTF8 && !batch.nullCount;
}

/**
 * Gives texts small numbers.
 *
 * Rows are compared as bytes with the texts that were seen before, so a column with a handful of different values is
 * decoded a handful of times.
 */
class TextCoder {
  readonly names: string[] = [];
  private readonly byName = new Map<string, number>();
  private readonly byHash = new Map<number, { bytes: Uint8Array; code: number }[]>();
  private readonly decoder = new TextDecoder();

  code(name: string): number {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    this.byName.set(name, this.names.length);
    return this.names.push(name) - 1;
  }

  encodeUtf8(batch: Batch<unknown>, codes: Int32Array, start: number): void {
    const offsets = batch.offsets as Int32Array;
    const bytes = batch.values as Uint8Array;
    for (let i = 0; i < batch.length; i++)
      codes[start + i] = this.codeOf(bytes, offsets[i]!, offsets[i + 1]!);
  }

  private codeOf(bytes: Uint8Array, from: number, to: number): number {
    const hash = hashOf(bytes, from, to);
    const candidates = this.byHash.get(hash);
    const known = candidates?.find((candidate) => equal(candidate.bytes, bytes, from, to));
    if (known) return known.code;
    const own = bytes.slice(from, to);
    const code = this.code(this.decoder.decode(own));
    if (candidates) candidates.push({ bytes: own, code });
    else this.byHash.set(hash, [{ bytes: own, code }]);
    return code;
  }
}

/** FNV-1a, 32 bits. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash;
}

function equal(known: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  if (known.length !== to - from) return false;
  for (let i = 0; i < known.length; i++) if (known[i] !== bytes[from + i]) return false;
  return true;
}
