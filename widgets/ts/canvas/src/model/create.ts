/** New objects: from a drawing, and as copies of others. */

import type { AttributeValue, Shape, ShapeType, TrackedShape } from '@cvat-lab/schema';
import type { Geometry } from '../shapes/ShapeUtil';
import type { Labels } from './labels';
import type { ObjectData } from './objects';
import type { ElementState, ObjectState } from './states';

/** What is known of a new object besides its geometry. */
export interface Origin {
  readonly kind: 'shape' | 'track';
  readonly label_id: number;
  readonly frame: number;
  readonly z_order: number;
  /** Values of the label's attributes; the defaults when absent. */
  readonly attributes?: readonly AttributeValue[];
  readonly occluded?: boolean;
}

/** An object drawn by hand. */
export function objectFrom(geometry: Geometry, origin: Origin, labels: Labels): ObjectData {
  const attributes = [...(origin.attributes ?? labels.defaults(origin.label_id))];
  return origin.kind === 'shape'
    ? { kind: 'shape', data: shapeFrom(geometry, origin, attributes) }
    : trackFrom(geometry, origin, attributes, labels);
}

/** An object like another one, on any frame; `geometry` says where. */
export function copyOf(
  state: ObjectState,
  frame: number,
  labels: Labels,
  kind = state.kind,
  geometry: Geometry = state,
): ObjectData {
  const { label_id, attributes, occluded, z_order } = state;
  if (kind === 'tag') {
    const tag = { label_id, frame, group: 0, source: 'manual', attributes: [...attributes], id: null };
    return { kind: 'tag', data: tag };
  }
  return objectFrom(geometry, { kind, label_id, frame, z_order, attributes, occluded }, labels);
}

function shapeFrom(geometry: Geometry, origin: Origin, attributes: AttributeValue[]): Shape {
  return {
    ...keyframeFrom(geometry, origin, attributes),
    label_id: origin.label_id,
    group: 0,
    source: 'manual',
    score: 1,
    elements: geometry.elements.map((element) => elementShape(element, origin)),
  };
}

function elementShape(element: ElementState, origin: Origin): Shape {
  const place = { type: 'points' as const, points: element.points, rotation: 0, elements: [] };
  const shape = shapeFrom(place, { ...origin, label_id: element.label_id }, [...element.attributes]);
  return { ...shape, occluded: element.occluded, outside: element.outside };
}

function trackFrom(
  geometry: Geometry,
  origin: Origin,
  attributes: AttributeValue[],
  labels: Labels,
): ObjectData {
  const mutable = attributes.filter(({ spec_id }) => labels.isMutable(spec_id));
  const immutable = attributes.filter(({ spec_id }) => !labels.isMutable(spec_id));
  const elements = geometry.elements.map((element) => {
    const place = { type: 'points' as const, points: element.points, rotation: 0, elements: [] };
    const own = { ...origin, label_id: element.label_id };
    const track = trackFrom(place, own, [...element.attributes], labels).data as Extract<
      ObjectData,
      { kind: 'track' }
    >['data'];
    const shapes = track.shapes.map((shape) => ({
      ...shape,
      outside: element.outside,
      occluded: element.occluded,
    }));
    return { ...track, shapes };
  });
  const { label_id, frame } = origin;
  const shapes = [keyframeFrom(geometry, origin, mutable)];
  return {
    kind: 'track',
    data: { label_id, frame, group: 0, source: 'manual', attributes: immutable, shapes, elements, id: null },
  };
}

function keyframeFrom(geometry: Geometry, origin: Origin, attributes: AttributeValue[]): TrackedShape {
  return {
    type: geometry.type as ShapeType,
    frame: origin.frame,
    points: [...geometry.points],
    rotation: geometry.rotation,
    occluded: origin.occluded ?? false,
    outside: false,
    z_order: origin.z_order,
    attributes,
    id: null,
  };
}
