/**
 * The behaviour of one kind of shape: bounds, hit test, outline, handles, moving and resizing. No events, no colours.
 *
 * A new kind is one implementation of `ShapeUtil` in the registry, and one folder of tools.
 */

import type { ShapeType } from '@cvat-lab/schema';
import type { Box, Point, Size } from '../geometry';
import type { Labels } from '../model/labels';
import type { ElementState } from '../model/states';

/** Where a shape is. Every state of an object is a geometry. */
export interface Geometry {
  readonly type: ShapeType | 'tag';
  readonly points: readonly number[];
  readonly rotation: number;
  readonly elements: readonly ElementState[];
  /** The label, which says how a skeleton's elements are joined. */
  readonly label_id?: number;
}

/** The part of a geometry that an edit replaces. */
export interface GeometryPatch {
  readonly points?: readonly number[];
  readonly rotation?: number;
  readonly elements?: readonly { readonly label_id: number; readonly points: readonly number[] }[];
}

/** Something an outline can be drawn into: a Path2D, a canvas context, or a list in a test. */
export interface PathSink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
  ellipse(x: number, y: number, rx: number, ry: number, rotation: number, start: number, end: number): void;
}

export type HandleKind = 'vertex' | 'resize' | 'rotate';

export interface Handle extends Point {
  readonly kind: HandleKind;
  /** Number of the vertex, or of the place on the box; passed back to `dragHandle`. */
  readonly index: number;
  /** CSS cursor. */
  readonly cursor: string;
}

export interface DragOptions {
  /** Shift is held. */
  readonly constrained: boolean;
  readonly frame: Size;
}

export interface ShapeUtil {
  readonly type: ShapeType;
  /** Whether the inside is filled and can be hit. */
  readonly closed: boolean;
  /** Whether a new or edited shape must stay inside the frame. */
  readonly clipped: boolean;
  /** The smallest number of points, for kinds whose points can be deleted. */
  readonly minPoints: number | null;

  bounds(geometry: Geometry): Box;
  /** Distance of `p` to the outline in px if `p` hits the shape, null if not. `reach` = px around lines that count as a hit. */
  distance(geometry: Geometry, p: Point, reach: number, labels: Labels): number | null;
  /** Draw the outline, in image pixels. */
  trace(geometry: Geometry, sink: PathSink, labels: Labels): void;
  /** Points drawn as dots of constant size on the screen, flat. */
  dots(geometry: Geometry): readonly number[];

  translate(geometry: Geometry, dx: number, dy: number): GeometryPatch;
  /** The places where a selected shape can be grabbed. `pixel` = image pixels per screen pixel. */
  handles(geometry: Geometry, pixel: number): Handle[];
  /** The geometry after a handle was dragged to a place; null when that is not allowed. */
  dragHandle(geometry: Geometry, handle: Handle, to: Point, options: DragOptions): GeometryPatch | null;
  /** Fit a finished drawing into the frame; null when it is too small to be kept. */
  finish(geometry: Geometry, frame: Size): GeometryPatch | null;

  /** A new vertex near `p` on the outline; null for kinds with a fixed number of points. */
  insertPoint(geometry: Geometry, p: Point, reach: number): GeometryPatch | null;
  /** Without a vertex; null when too few would remain. */
  removePoint(geometry: Geometry, index: number): GeometryPatch | null;
}

/** The smallest area of a shape, in px². */
export const MIN_AREA = 9;

/** `geometry` with a patch applied. */
export function patched<T extends Geometry>(geometry: T, patch: GeometryPatch): T {
  const elements = patch.elements
    ? geometry.elements.map((element) => ({
        ...element,
        ...patch.elements!.find((moved) => moved.label_id === element.label_id),
      }))
    : geometry.elements;
  return {
    ...geometry,
    points: patch.points ?? geometry.points,
    rotation: patch.rotation ?? geometry.rotation,
    elements,
  };
}
