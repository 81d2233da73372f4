/** Skeletons: no points of their own; their elements are points with sublabels, joined by the lines of the label's drawing. */

import { boxOf, inflateBox, nearestEdge, shiftPoints } from '../geometry';
import { nearestPoint } from './points';
import type { Geometry, Handle, ShapeUtil } from './ShapeUtil';
import { clampVertices } from './vertices';

/** Room around the outermost points, so that a skeleton of one point has a body too. */
const MARGIN = 2;

export const skeleton: ShapeUtil = {
  type: 'skeleton',
  closed: false,
  clipped: true,
  minPoints: null,

  bounds: (geometry) => inflateBox(boxOf(visiblePoints(geometry)), MARGIN),

  distance(geometry, p, reach, labels) {
    const toPoints = nearestPoint(visiblePoints(geometry), p.x, p.y);
    const toLines = lines(geometry, labels).map((line) => nearestEdge(p, line, false).distance);
    const distance = Math.min(toPoints, ...toLines);
    return distance <= reach ? distance : null;
  },

  trace(geometry, sink, labels) {
    for (const [x1, y1, x2, y2] of lines(geometry, labels)) {
      sink.moveTo(x1, y1);
      sink.lineTo(x2, y2);
    }
  },

  dots: visiblePoints,

  translate: (geometry, dx, dy) => ({
    points: [],
    elements: geometry.elements.map(({ label_id, points }) => ({
      label_id,
      points: shiftPoints(points, dx, dy),
    })),
  }),

  handles: ({ elements }) =>
    elements.flatMap(({ points, outside }, index): Handle[] =>
      outside || points.length < 2
        ? []
        : [{ x: points[0]!, y: points[1]!, kind: 'vertex', index, cursor: 'pointer' }],
    ),

  dragHandle({ elements }, handle, to, { frame }) {
    const { label_id } = elements[handle.index]!;
    return { elements: [{ label_id, points: clampVertices([to.x, to.y], frame) }] };
  },

  finish: (geometry) => (geometry.elements.length === 0 ? null : {}),
  insertPoint: () => null,
  removePoint: () => null,
};

function visiblePoints({ elements }: Geometry): number[] {
  return elements.flatMap((element) => (element.outside ? [] : element.points));
}

function lines(
  geometry: Geometry,
  labels: Parameters<ShapeUtil['trace']>[2],
): [number, number, number, number][] {
  const places = new Map<number, readonly number[]>();
  for (const element of geometry.elements) if (!element.outside) places.set(element.label_id, element.points);
  return labels.skeletonEdges(geometry.label_id ?? 0).flatMap(([from, to]) => {
    const a = places.get(from);
    const b = places.get(to);
    return a && b ? [[a[0]!, a[1]!, b[0]!, b[1]!] as [number, number, number, number]] : [];
  });
}
