/**
 * The objects of a job: immutable records.
 *
 * Every change makes a new record, so a step of the history is a pair of records and "what differs from the server" is a
 * comparison of two references. The identity of an object is its client id; its server id may come, change and go.
 */

import type { Shape, Tag, Track, TrackedShape } from '@cvat-lab/schema';

/** Number of an object in this session, from 1. It survives saving, undo and redo. */
export type ClientId = number;

export type ObjectKind = 'shape' | 'track' | 'tag';

/** What an annotator sets for himself and nobody stores. */
export interface Appearance {
  /** `#rrggbb`, or null = chosen by the client id. */
  readonly color: string | null;
  readonly locked: boolean;
  readonly hidden: boolean;
  /** A pinned object cannot be dragged as a whole; its points can. */
  readonly pinned: boolean;
}

interface ObjectRecord<Kind extends ObjectKind, Data> extends Appearance {
  readonly clientId: ClientId;
  readonly kind: Kind;
  /** What is saved. Its `id` may be out of date, see `Annotations.serverId`. */
  readonly data: Readonly<Data>;
  /** Number of the last change in this session, 0 = unchanged; for sorting by time. */
  readonly updated: number;
}

export type ShapeObject = ObjectRecord<'shape', Shape>;
export type TrackObject = ObjectRecord<'track', Track>;
export type TagObject = ObjectRecord<'tag', Tag>;
export type AnnotationObject = ShapeObject | TrackObject | TagObject;

/** The data of an object together with its kind. */
export type ObjectData =
  | { readonly kind: 'shape'; readonly data: Shape }
  | { readonly kind: 'track'; readonly data: Track }
  | { readonly kind: 'tag'; readonly data: Tag };

/** One object before and after; null = it did not, or does not, exist. */
export interface Change {
  readonly clientId: ClientId;
  readonly before: AnnotationObject | null;
  readonly after: AnnotationObject | null;
}

/** Polygons, polylines, points and masks are pinned when they are created. */
const PINNED: ReadonlySet<string> = new Set(['polygon', 'polyline', 'points', 'mask']);

export function newObject(clientId: ClientId, source: ObjectData, updated = 0): AnnotationObject {
  const type =
    source.kind === 'track' ? source.data.shapes[0]!.type : source.kind === 'shape' ? source.data.type : '';
  const { kind, data } = source;
  const pinned = PINNED.has(type);
  // Written out, not spread: tens of thousands of these are made, and this way they are small.
  return {
    clientId,
    kind,
    data,
    color: null,
    locked: false,
    hidden: false,
    pinned,
    updated,
  } as AnnotationObject;
}

/** The same record with other data. The caller vouches that the data is of the record's kind. */
export function withData(object: AnnotationObject, data: AnnotationObject['data']): AnnotationObject {
  return { ...object, data } as AnnotationObject;
}

/** A deep copy without any server id, fit to be created. */
export function withoutIds<T extends Shape | Track | Tag>(data: Readonly<T>): T {
  const copy = { ...data, id: null } as { elements?: (Shape | Track)[]; shapes?: TrackedShape[] };
  if (copy.elements) copy.elements = copy.elements.map((element) => withoutIds(element as Shape));
  if (copy.shapes) copy.shapes = copy.shapes.map((shape) => ({ ...shape, id: null }));
  return copy as unknown as T;
}
