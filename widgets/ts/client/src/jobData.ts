/**
 * An opened job: its frames and annotations as they were at one revision.
 *
 * `JobData` never changes. It keeps columns and makes objects when they are asked for, so a job with 100 000 shapes opens
 * as fast as its bytes arrive. The editor's own store takes over what is edited.
 */

import type {
  DataMeta,
  JobRead,
  LabelRead,
  Shape,
  Tag,
  TaskRead,
  Track,
  TrackedShape,
} from '@cvat-lab/schema';
import {
  FrameIndex,
  KeyframeColumns,
  lowerBound,
  ObjectColumns,
  ShapeColumns,
  TrackColumns,
} from './annotationColumns';
import { ArrowTable } from './arrow';
import { decodeEnvelope, type Envelope, section } from './envelope';
import type { Bytes } from './transport';

/** Answer of `GET api/lab/jobs/{id}/open`. */
export interface OpenedJob {
  job: JobRead;
  task: TaskRead;
  labels: LabelRead[];
  /** `frames` is empty here; `data.frames` has them. */
  meta: DataMeta;
  revision: number;
  data: JobData;
}

export function decodeJob(body: Bytes): OpenedJob {
  const envelope = decodeEnvelope<Omit<OpenedJob, 'data'>>(body);
  const { job, task, labels, meta, revision } = envelope.header;
  return { job, task, labels, meta, revision, data: new JobData(envelope) };
}

/** One frame of a job. */
export interface FrameInfo {
  /** Number within the task. */
  number: number;
  name: string;
  /** Pixels; 0 = not known yet. */
  width: number;
  height: number;
  /** Number of context images. */
  relatedFiles: number;
  deleted: boolean;
}

/** The frames of a job, ascending by number. Numbers may have holes. */
export class FrameTable {
  readonly length: number;
  readonly number: Int32Array;
  readonly width: Int32Array;
  readonly height: Int32Array;
  readonly relatedFiles: Int32Array;
  readonly deleted: Uint8Array;

  constructor(private readonly table: ArrowTable) {
    this.length = table.length;
    this.number = table.integers('number');
    this.width = table.integers('width');
    this.height = table.integers('height');
    this.relatedFiles = table.integers('related_files');
    this.deleted = table.flags('deleted');
  }

  /** Row of frame `number`, or -1. */
  rowOf(number: number): number {
    const row = lowerBound(this.number, number);
    return this.number[row] === number ? row : -1;
  }

  /** Frame `number`; null when the job has no such frame. */
  find(number: number): FrameInfo | null {
    const row = this.rowOf(number);
    return row < 0 ? null : this.at(row);
  }

  at(row: number): FrameInfo {
    return {
      number: this.number[row]!,
      name: String(this.table.at(row, 'name')),
      width: this.width[row]!,
      height: this.height[row]!,
      relatedFiles: this.relatedFiles[row]!,
      deleted: this.deleted[row] === 1,
    };
  }
}

export class JobData {
  readonly frames: FrameTable;
  readonly tags: ObjectColumns;
  readonly shapes: ShapeColumns;
  readonly trackRows: TrackColumns;
  readonly keyframes: KeyframeColumns;
  /** Rows of `shapes` and `tags` by frame. */
  readonly shapeIndex: FrameIndex;
  readonly tagIndex: FrameIndex;
  private allTracks: Track[] | null = null;

  constructor(envelope: Envelope<unknown>) {
    const table = (name: string) => new ArrowTable(section(envelope, name));
    this.frames = new FrameTable(table('frames'));
    this.tags = new ObjectColumns(table('tags'));
    this.shapes = new ShapeColumns(table('shapes'));
    this.trackRows = new TrackColumns(table('tracks'));
    this.keyframes = new KeyframeColumns(table('keyframes'));
    this.shapeIndex = new FrameIndex(this.shapes.frame, 'shapes');
    this.tagIndex = new FrameIndex(this.tags.frame, 'tags');
  }

  /** The shapes of a frame, skeletons with their elements. Every call makes fresh objects. */
  shapesAt(frame: number): Shape[] {
    const { shapes } = this;
    const [start, end] = this.shapeIndex.range(frame);
    const made: Shape[] = [];
    for (let row = start; row < end; row++) made.push(shapes.shape(row));
    return nest(made, (i) => shapes.parent[start + i]!);
  }

  /** The tags of a frame. Every call makes fresh objects. */
  tagsAt(frame: number): Tag[] {
    const [start, end] = this.tagIndex.range(frame);
    return Array.from({ length: end - start }, (_, i) => this.tags.tag(start + i));
  }

  /**
   * All tracks with their keyframes, skeletons with the tracks of their elements. Made once.
   *
   * A keyframe lists only the attributes that were stored with it: one that is missing keeps the value of the keyframe
   * before, and on the first keyframe the default of the label.
   */
  tracks(): Track[] {
    this.allTracks ??= this.makeTracks();
    return this.allTracks;
  }

  private makeTracks(): Track[] {
    const { trackRows } = this;
    const keyframes = this.keyframesByTrack();
    const made = Array.from({ length: trackRows.length }, (_, row) => trackRows.track(row));
    for (const track of made) track.shapes = keyframes.get(track.id!) ?? [];
    return nest(made, (row) => trackRows.parent[row]!);
  }

  private keyframesByTrack(): Map<number, TrackedShape[]> {
    const byTrack = new Map<number, TrackedShape[]>();
    const { keyframes } = this;
    for (let row = 0; row < keyframes.length; row++) {
      const track = keyframes.track[row]!;
      const shapes = byTrack.get(track);
      if (shapes) shapes.push(keyframes.keyframe(row));
      else byTrack.set(track, [keyframes.keyframe(row)]);
    }
    return byTrack;
  }
}

/** Put elements into the skeletons they belong to, and return the rest. `parentOf(i)` is NaN for an object of its own. */
function nest<T extends { id: number | null; elements: T[] }>(
  made: T[],
  parentOf: (index: number) => number,
): T[] {
  const roots = made.filter((_, i) => Number.isNaN(parentOf(i)));
  if (roots.length === made.length) return made;
  const byId = new Map(roots.map((root) => [root.id, root]));
  made.forEach((object, i) => {
    byId.get(parentOf(i))?.elements.push(object);
  });
  return roots;
}
