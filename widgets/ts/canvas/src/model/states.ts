/** An object as it is on one frame: what is drawn, listed and edited. */

import type { AttributeValue, ShapeType, Track, TrackedShape } from '@cvat-lab/schema';
import { trackAt } from './interpolation';
import type { Labels } from './labels';
import type { AnnotationObject, ClientId, ObjectKind, ShapeObject, TagObject, TrackObject } from './objects';

/** A point of a skeleton. */
export interface ElementState {
  readonly label_id: number;
  readonly points: readonly number[];
  readonly occluded: boolean;
  readonly outside: boolean;
  readonly attributes: readonly AttributeValue[];
}

export interface ObjectState {
  readonly object: AnnotationObject;
  readonly clientId: ClientId;
  readonly kind: ObjectKind;
  readonly type: ShapeType | 'tag';
  readonly frame: number;
  readonly label_id: number;
  readonly group: number;
  readonly points: readonly number[];
  readonly rotation: number;
  readonly occluded: boolean;
  readonly outside: boolean;
  readonly z_order: number;
  /** Values in force on this frame, mutable and immutable ones. */
  readonly attributes: readonly AttributeValue[];
  readonly elements: readonly ElementState[];
  /** Whether the frame is a keyframe; always true for shapes and tags. */
  readonly keyframe: boolean;
}

/** The state of an object on a frame; null when it does not exist there. */
export function stateAt(object: AnnotationObject, frame: number, labels: Labels): ObjectState | null {
  if (object.kind === 'track') return trackState(object, frame, labels);
  if (object.data.frame !== frame) return null;
  return object.kind === 'shape' ? shapeState(object) : tagState(object);
}

function shapeState(object: ShapeObject): ObjectState {
  const { data } = object;
  return {
    object,
    clientId: object.clientId,
    kind: 'shape',
    type: data.type,
    frame: data.frame,
    label_id: data.label_id,
    group: data.group ?? 0,
    points: data.points,
    rotation: data.rotation,
    occluded: data.occluded,
    outside: data.outside,
    z_order: data.z_order,
    attributes: data.attributes,
    elements: data.elements,
    keyframe: true,
  };
}

function tagState(object: TagObject): ObjectState {
  const { data } = object;
  return {
    object,
    clientId: object.clientId,
    kind: 'tag',
    type: 'tag',
    frame: data.frame,
    label_id: data.label_id,
    group: data.group ?? 0,
    points: [],
    rotation: 0,
    occluded: false,
    outside: false,
    z_order: 0,
    attributes: data.attributes,
    elements: [],
    keyframe: true,
  };
}

function trackState(object: TrackObject, frame: number, labels: Labels): ObjectState | null {
  const { data } = object;
  const shape = trackAt(data, frame);
  if (!shape) return null;
  return {
    object,
    clientId: object.clientId,
    kind: 'track',
    type: shape.type,
    frame,
    label_id: data.label_id,
    group: data.group ?? 0,
    points: shape.points,
    rotation: shape.rotation,
    occluded: shape.occluded,
    outside: shape.outside,
    z_order: shape.z_order,
    attributes: trackAttributes(data, shape, labels),
    elements: data.elements.flatMap((element) => elementState(element, frame, labels)),
    keyframe: data.shapes.some((keyframe) => keyframe.frame === frame),
  };
}

function elementState(track: Track, frame: number, labels: Labels): ElementState[] {
  const shape = trackAt(track, frame);
  if (!shape) return [];
  const { points, occluded, outside } = shape;
  return [
    {
      label_id: track.label_id,
      points,
      occluded,
      outside,
      attributes: trackAttributes(track, shape, labels),
    },
  ];
}

/** Defaults of the mutable attributes, overwritten by the values in force; and the immutable values of the track. */
function trackAttributes(track: Track, shape: TrackedShape, labels: Labels): AttributeValue[] {
  const values = new Map<number, string>();
  for (const spec of labels.find(track.label_id)?.attributes ?? []) {
    if (spec.mutable) values.set(spec.id, spec.default_value);
  }
  for (const { spec_id, value } of [...track.attributes, ...shape.attributes]) values.set(spec_id, value);
  return [...values].map(([spec_id, value]) => ({ spec_id, value }));
}

/** Frames of the keyframes around a frame; null where there is none. */
export interface KeyframeFrames {
  readonly first: number | null;
  readonly previous: number | null;
  readonly next: number | null;
  readonly last: number | null;
}

/** Where the keyframe buttons of an object lead. `first` and `last` are null when the frame is that keyframe already. */
export function keyframesAround(shapes: readonly TrackedShape[], frame: number): KeyframeFrames {
  const frames = shapes.map((shape) => shape.frame);
  const first = frames[0] ?? null;
  const last = frames.at(-1) ?? null;
  return {
    first: first === frame ? null : first,
    previous: frames.findLast((number) => number < frame) ?? null,
    next: frames.find((number) => number > frame) ?? null,
    last: last === frame ? null : last,
  };
}
