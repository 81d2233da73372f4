/** Answers of `GET api/lab/jobs/{id}/open` for tests, made of plain rows. */

import {
  bool,
  type DataType,
  field,
  float64,
  int32,
  int64,
  list,
  struct,
  tableFromArrays,
  tableToIPC,
  utf8,
} from '@uwdata/flechette';
import { encodeEnvelope } from '../envelope';
import type { Bytes } from '../transport';

type Row = Record<string, unknown>;
type Schema = Record<string, DataType>;

const attributes = list(struct([field('spec_id', int64()), field('value', utf8())]));

const TAG: Schema = {
  id: int64(),
  frame: int64(),
  label_id: int64(),
  group: int64(),
  source: utf8(),
  attributes,
};
const GEOMETRY: Schema = {
  type: utf8(),
  points: list(float64()),
  rotation: float64(),
  occluded: bool(),
  outside: bool(),
  z_order: int64(),
};

export const SCHEMAS = {
  frames: {
    number: int64(),
    name: utf8(),
    width: int64(),
    height: int64(),
    related_files: int64(),
    deleted: bool(),
  },
  tags: TAG,
  shapes: { ...TAG, parent_id: int64(), ...GEOMETRY, score: float64() },
  tracks: { ...TAG, parent_id: int64() },
  keyframes: { id: int64(), track_id: int64(), frame: int64(), ...GEOMETRY, attributes },
} satisfies Record<string, Schema>;

export const PACKETS: Schema = { gop: int32(), size: int32(), key: bool(), frame: int32() };

export type Section = keyof typeof SCHEMAS;

/** Encode columns as an Arrow stream, optionally in several batches. */
export function encodeColumns(
  columns: Record<string, unknown[]>,
  types: Schema,
  maxBatchRows?: number,
): Uint8Array {
  const table = tableFromArrays(columns as Record<string, unknown[]>, { types, maxBatchRows });
  return tableToIPC(table, { format: 'stream' })!;
}

/** Encode rows; fields that a row lacks are null. */
export function encodeRows(rows: Row[], types: Schema, maxBatchRows?: number): Uint8Array {
  const columns = Object.keys(types).map((name) => [name, rows.map((row) => row[name] ?? null)]);
  return encodeColumns(Object.fromEntries(columns), types, maxBatchRows);
}

const TAG_ROW = { group: 0, source: 'manual', attributes: [] };
const SHAPE_ROW = {
  ...TAG_ROW,
  type: 'rectangle',
  rotation: 0,
  occluded: false,
  outside: false,
  z_order: 0,
  score: 1,
};

/** Fields of a row that are not given. */
const DEFAULTS: Record<Section, Row> = {
  frames: { name: 'frame.png', width: 640, height: 480, related_files: 0, deleted: false },
  tags: TAG_ROW,
  shapes: SHAPE_ROW,
  tracks: TAG_ROW,
  keyframes: { ...SHAPE_ROW, points: [0, 0, 1, 1] },
};

/** Encode an opened job from rows per section. */
export function jobEnvelope(
  header: object,
  rows: Partial<Record<Section, Row[]>> = {},
  maxBatchRows?: number,
): Bytes {
  const sections = Object.entries(SCHEMAS).map(([name, schema]) => {
    const given = rows[name as Section] ?? [];
    const filled = given.map((row) => ({ ...DEFAULTS[name as Section], ...row }));
    return [name, encodeRows(filled, schema, maxBatchRows)];
  });
  return encodeEnvelope(header, Object.fromEntries(sections));
}
