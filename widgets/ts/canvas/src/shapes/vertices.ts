/** What polygons, polylines and points share: vertices that can be dragged, inserted and deleted. */

import { boxOfFrame, clampPoint, nearestEdge, type Point } from '../geometry';
import type { DragOptions, Geometry, GeometryPatch, Handle, PathSink } from './ShapeUtil';

export function vertexHandles({ points }: Geometry): Handle[] {
  const handles: Handle[] = [];
  for (let i = 0; i + 1 < points.length; i += 2) {
    handles.push({ x: points[i]!, y: points[i + 1]!, kind: 'vertex', index: i / 2, cursor: 'pointer' });
  }
  return handles;
}

export function dragVertex(
  { points }: Geometry,
  handle: Handle,
  to: Point,
  { frame }: DragOptions,
): GeometryPatch {
  const { x, y } = clampPoint(to, boxOfFrame(frame));
  return { points: points.with(2 * handle.index, x).with(2 * handle.index + 1, y) };
}

export function insertVertex(
  { points }: Geometry,
  p: Point,
  reach: number,
  closed: boolean,
): GeometryPatch | null {
  const edge = nearestEdge(p, points, closed);
  return edge.distance > reach ? null : { points: points.toSpliced(2 * (edge.index + 1), 0, p.x, p.y) };
}

export function removeVertex({ points }: Geometry, index: number, minPoints: number): GeometryPatch | null {
  return points.length / 2 <= minPoints ? null : { points: points.toSpliced(2 * index, 2) };
}

export function traceLine(points: Geometry['points'], sink: PathSink, closed: boolean): void {
  if (points.length < 2) return;
  sink.moveTo(points[0]!, points[1]!);
  for (let i = 2; i + 1 < points.length; i += 2) sink.lineTo(points[i]!, points[i + 1]!);
  if (closed) sink.closePath();
}

/** Every point brought into the frame. */
export function clampVertices(points: Geometry['points'], frame: DragOptions['frame']): number[] {
  return points.map((value, i) => Math.min(Math.max(value, 0), i % 2 === 0 ? frame.width : frame.height));
}
