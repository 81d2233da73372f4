/**
 * The annotation tables of an opened job as typed arrays, and objects made from single rows.
 *
 * Renderers read the columns directly. Objects are made row by row, for the few that somebody looks at.
 */

import type { AttributeValue, Shape, ShapeType, Tag, Track, TrackedShape } from '@cvat-lab/schema';
import type { ArrowTable, CodedColumn, ListColumn } from './arrow';
import { FormatError } from './errors';

/** What tags, shapes and tracks have in common. Rows ascend by frame. */
export class ObjectColumns {
  readonly length: number;
  readonly id: Float64Array;
  readonly frame: Int32Array;
  readonly label: Float64Array;
  readonly group: Int32Array;
  readonly source: CodedColumn;
  readonly attributes: AttributeColumn;

  constructor(table: ArrowTable) {
    this.length = table.length;
    this.id = table.numbers('id');
    this.frame = table.integers('frame');
    this.label = table.numbers('label_id');
    this.group = table.integers('group');
    this.source = table.codes('source');
    this.attributes = new AttributeColumn(table);
  }

  tag(row: number): Tag {
    return {
      id: this.id[row]!,
      frame: this.frame[row]!,
      label_id: this.label[row]!,
      group: this.group[row]!,
      source: text(this.source, row),
      attributes: this.attributes.at(row),
    };
  }
}

/** Where and how something is drawn; shared by shapes and keyframes. */
export class GeometryColumns {
  readonly type: CodedColumn;
  readonly points: ListColumn;
  /** Degrees, clockwise. */
  readonly rotation: Float64Array;
  readonly occluded: Uint8Array;
  readonly outside: Uint8Array;
  readonly zOrder: Int32Array;

  constructor(table: ArrowTable) {
    this.type = table.codes('type');
    this.points = table.lists('points');
    this.rotation = table.numbers('rotation');
    this.occluded = table.flags('occluded');
    this.outside = table.flags('outside');
    this.zOrder = table.integers('z_order');
  }

  /** The fields of row `row`. Points are a fresh array. */
  at(row: number): Omit<TrackedShape, 'id' | 'frame' | 'attributes'> {
    return {
      type: text(this.type, row) as ShapeType,
      points: list(this.points, row),
      rotation: this.rotation[row]!,
      occluded: this.occluded[row] === 1,
      outside: this.outside[row] === 1,
      z_order: this.zOrder[row]!,
    };
  }
}

/** Shapes; the elements of a skeleton are rows of their own that name it as parent. */
export class ShapeColumns extends ObjectColumns {
  readonly geometry: GeometryColumns;
  readonly score: Float64Array;
  /** NaN = no parent. */
  readonly parent: Float64Array;

  constructor(table: ArrowTable) {
    super(table);
    this.geometry = new GeometryColumns(table);
    this.score = table.numbers('score');
    this.parent = table.numbers('parent_id');
  }

  /** The shape of one row, without its elements. */
  shape(row: number): Shape {
    return { ...this.tag(row), ...this.geometry.at(row), score: this.score[row]!, elements: [] };
  }
}

/** Tracks, without their keyframes. */
export class TrackColumns extends ObjectColumns {
  /** NaN = no parent. */
  readonly parent: Float64Array;

  constructor(table: ArrowTable) {
    super(table);
    this.parent = table.numbers('parent_id');
  }

  /** The track of one row, without keyframes and elements. */
  track(row: number): Track {
    return { ...this.tag(row), shapes: [], elements: [] };
  }
}

/** Keyframes of all tracks. Rows ascend by track, then by frame. */
export class KeyframeColumns {
  readonly length: number;
  readonly id: Float64Array;
  readonly track: Float64Array;
  readonly frame: Int32Array;
  readonly geometry: GeometryColumns;
  readonly attributes: AttributeColumn;

  constructor(table: ArrowTable) {
    this.length = table.length;
    this.id = table.numbers('id');
    this.track = table.numbers('track_id');
    this.frame = table.integers('frame');
    this.geometry = new GeometryColumns(table);
    this.attributes = new AttributeColumn(table);
  }

  keyframe(row: number): TrackedShape {
    const [id, frame] = [this.id[row]!, this.frame[row]!];
    return { id, frame, ...this.geometry.at(row), attributes: this.attributes.at(row) };
  }
}

/** Attribute values, decoded row by row. */
export class AttributeColumn {
  private readonly column: { at(row: number): unknown };

  constructor(table: ArrowTable) {
    this.column = table.column('attributes');
  }

  at(row: number): AttributeValue[] {
    const values = this.column.at(row) as Iterable<AttributeValue> | null;
    return values ? [...values] : [];
  }
}

/** Finds the rows of a frame, in a table whose rows ascend by frame. */
export class FrameIndex {
  /** The frames that have rows. */
  readonly frames: Int32Array;
  /** Rows of `frames[i]` are `starts[i]` to `starts[i + 1]`. */
  readonly starts: Int32Array;

  /** @throws FormatError when the rows do not ascend */
  constructor(frame: Int32Array, name: string) {
    const frames = new Int32Array(frame.length);
    const starts = new Int32Array(frame.length + 1);
    let count = 0;
    for (let row = 0; row < frame.length; row++) {
      const [number, last] = [frame[row]!, count ? frames[count - 1]! : -Infinity];
      if (number < last)
        throw new FormatError(`Section ${name} is not sorted: frame ${number} in row ${row} follows ${last}`);
      if (number === last) continue;
      frames[count] = number;
      starts[count++] = row;
    }
    starts[count] = frame.length;
    this.frames = frames.slice(0, count);
    this.starts = starts.slice(0, count + 1);
  }

  /** First row of `frame`, and the row after its last one; equal when there are none. */
  range(frame: number): [number, number] {
    const position = lowerBound(this.frames, frame);
    if (this.frames[position] !== frame) return [0, 0];
    return [this.starts[position]!, this.starts[position + 1]!];
  }
}

/** Index of the first value >= `wanted` in ascending numbers. */
export function lowerBound(values: ArrayLike<number>, wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function text(column: CodedColumn, row: number): string {
  return column.names[column.codes[row]!]!;
}

function list({ offsets, values }: ListColumn, row: number): number[] {
  const [start, end] = [offsets[row]!, offsets[row + 1]!];
  const numbers = new Array<number>(end - start);
  for (let i = start; i < end; i++) numbers[i - start] = values[i]!;
  return numbers;
}
