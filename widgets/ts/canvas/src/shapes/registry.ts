/** All kinds of shapes that the canvas can show. */

import type { ShapeType } from '@cvat-lab/schema';
import { cuboid } from './cuboid';
import { ellipse } from './ellipse';
import { mask } from './mask';
import { points } from './points';
import { polygon } from './polygon';
import { polyline } from './polyline';
import { rectangle } from './rectangle';
import type { Geometry, ShapeUtil } from './ShapeUtil';
import { skeleton } from './skeleton';

const UTILS: Readonly<Record<ShapeType, ShapeUtil>> = {
  rectangle,
  polygon,
  polyline,
  points,
  ellipse,
  cuboid,
  mask,
  skeleton,
};

/** The behaviour of a kind of shape. Tags are no shapes: asking for theirs is a programming error. */
export function shapeUtil(type: Geometry['type']): ShapeUtil {
  if (type === 'tag') throw new Error('Tags have no shape.');
  return UTILS[type];
}
