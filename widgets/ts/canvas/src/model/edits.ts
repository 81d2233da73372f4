/** What an edit does to an object's record: shapes change, tracks get keyframes, labels bring their attributes. */

import type { AttributeValue, Shape, Track } from '@cvat-lab/schema';
import { CanvasError } from '../errors';
import { type KeyframePatch, mergeAttributes, removeKeyframe, setKeyframe } from './keyframes';
import type { Labels } from './labels';
import type { AnnotationObject, Appearance, ShapeObject, TrackObject } from './objects';

/** The point of a skeleton that an edit moves or hides. */
export interface ElementPatch {
  readonly label_id: number;
  readonly points?: readonly number[];
  readonly occluded?: boolean;
  readonly outside?: boolean;
}

/** Everything about an object that can be edited; absent fields stay as they are. */
export interface StatePatch extends Partial<Appearance> {
  readonly points?: readonly number[];
  readonly rotation?: number;
  readonly occluded?: boolean;
  readonly outside?: boolean;
  readonly z_order?: number;
  readonly elements?: readonly ElementPatch[];
  /** Values that change; the others stay. */
  readonly attributes?: readonly AttributeValue[];
  /** Make or remove the keyframe of a track. */
  readonly keyframe?: boolean;
  /** A new label brings the default values of its own attributes. */
  readonly label_id?: number;
  readonly group?: number;
}

/** The record of `object` after an edit on `frame`. Returns `object` itself when nothing changes. */
export function editObject(
  object: AnnotationObject,
  frame: number,
  patch: StatePatch,
  labels: Labels,
): AnnotationObject {
  const data = editData(object, frame, patch, labels);
  const appearance = {
    color: patch.color === undefined ? object.color : patch.color,
    locked: patch.locked ?? object.locked,
    hidden: patch.hidden ?? object.hidden,
    pinned: patch.pinned ?? object.pinned,
  };
  const looksSame = (Object.keys(appearance) as (keyof Appearance)[]).every(
    (key) => appearance[key] === object[key],
  );
  if (data === object.data && looksSame) return object;
  return { ...object, ...appearance, data } as AnnotationObject;
}

function editData(
  object: AnnotationObject,
  frame: number,
  patch: StatePatch,
  labels: Labels,
): AnnotationObject['data'] {
  const relabelled = relabel(object, patch, labels);
  if (relabelled.kind === 'shape') return editShape(relabelled, patch);
  if (relabelled.kind === 'track') return editTrack(relabelled, frame, patch, labels);
  if (!patch.attributes) return relabelled.data;
  return {
    ...relabelled.data,
    source: nextSource(relabelled.data.source),
    attributes: mergeAttributes(relabelled.data.attributes, patch.attributes),
  };
}

/** Label and group: the fields that all kinds of objects share. */
function relabel(object: AnnotationObject, patch: StatePatch, labels: Labels): AnnotationObject {
  let { data } = object;
  if (patch.label_id !== undefined && patch.label_id !== data.label_id) {
    const isTrack = object.kind === 'track';
    const defaults = labels.defaults(patch.label_id);
    const attributes = isTrack ? defaults.filter(({ spec_id }) => !labels.isMutable(spec_id)) : defaults;
    data = { ...data, label_id: patch.label_id, attributes, source: nextSource(data.source) } as typeof data;
    if (isTrack) {
      data = {
        ...data,
        shapes: (data as Track).shapes.map((shape) => ({ ...shape, attributes: [] })),
      } as Track;
    }
  }
  if (patch.group !== undefined && patch.group !== data.group) data = { ...data, group: patch.group };
  return data === object.data ? object : ({ ...object, data } as AnnotationObject);
}

function editShape(object: ShapeObject, patch: StatePatch): Shape {
  const { data } = object;
  const changed = geometryPatch(patch);
  if (patch.attributes) changed.attributes = mergeAttributes(data.attributes, patch.attributes);
  const elements = patch.elements && data.elements.map((element) => editElement(element, patch.elements!));
  if (Object.keys(changed).length === 0 && !elements) return data;
  return { ...data, ...changed, ...(elements && { elements }), source: nextSource(data.source) };
}

function editElement(element: Shape, patches: readonly ElementPatch[]): Shape {
  const patch = patches.find((item) => item.label_id === element.label_id);
  return patch ? { ...element, ...geometryPatch(patch) } : element;
}

function editTrack(object: TrackObject, frame: number, patch: StatePatch, labels: Labels): Track {
  let track: Track = object.data;
  if (patch.keyframe === false) track = removeFromAll(track, frame);
  const changed = geometryPatch(patch);
  const mutable = patch.attributes?.filter(({ spec_id }) => labels.isMutable(spec_id)) ?? [];
  const immutable = patch.attributes?.filter(({ spec_id }) => !labels.isMutable(spec_id)) ?? [];
  if (mutable.length > 0) {
    const existing = track.shapes.find((shape) => shape.frame === frame)?.attributes ?? [];
    changed.attributes = mergeAttributes(existing, mutable);
  }
  if (patch.keyframe === true || patch.elements || Object.keys(changed).length > 0) {
    track = setKeyframe(track, frame, changed);
    track = { ...track, elements: track.elements.map((element) => moveElement(element, frame, patch)) };
  }
  if (immutable.length > 0) track = { ...track, attributes: mergeAttributes(track.attributes, immutable) };
  return track === object.data ? track : { ...track, source: nextSource(track.source) };
}

/** The elements of a skeleton get a keyframe wherever the skeleton has one. */
function moveElement(element: Track, frame: number, patch: StatePatch): Track {
  const own = patch.elements?.find((item) => item.label_id === element.label_id);
  const inherited = patch.outside === undefined ? {} : { outside: patch.outside };
  return setKeyframe(element, frame, { ...inherited, ...(own ? geometryPatch(own) : {}) });
}

function removeFromAll(track: Track, frame: number): Track {
  const rest = removeKeyframe(track, frame);
  const elements = rest.elements.map((element) =>
    element.shapes.length > 1 ? removeKeyframe(element, frame) : element,
  );
  return { ...rest, elements };
}

function geometryPatch(patch: StatePatch | ElementPatch): KeyframePatch {
  const changed: KeyframePatch = {};
  if (patch.points !== undefined) changed.points = checkedPoints(patch.points);
  if (patch.occluded !== undefined) changed.occluded = patch.occluded;
  if (patch.outside !== undefined) changed.outside = patch.outside;
  if ('rotation' in patch && patch.rotation !== undefined) changed.rotation = patch.rotation;
  if ('z_order' in patch && patch.z_order !== undefined) changed.z_order = patch.z_order;
  return changed;
}

function checkedPoints(points: readonly number[]): number[] {
  const bad = points.find((value) => !Number.isFinite(value));
  if (bad !== undefined) throw new CanvasError(`Coordinates must be finite numbers; got ${bad}.`);
  return [...points];
}

/** An edited result of a model becomes semi-automatic, everything else manual. */
function nextSource(source: string): string {
  return source === 'auto' || source === 'semi-auto' ? 'semi-auto' : 'manual';
}
