/** Icons and names of the kinds of objects. */

import type { ObjectState } from '@cvat-lab/canvas';
import {
  Bone,
  Box,
  Brush,
  Circle,
  type LucideIcon,
  Pentagon,
  Spline,
  Square,
  Tag,
  Waypoints,
} from 'lucide-react';

const ICONS: Record<ObjectState['type'], LucideIcon> = {
  rectangle: Square,
  polygon: Pentagon,
  polyline: Spline,
  points: Waypoints,
  ellipse: Circle,
  cuboid: Box,
  mask: Brush,
  skeleton: Bone,
  tag: Tag,
};

export function iconOf({ type }: Pick<ObjectState, 'type'>): LucideIcon {
  return ICONS[type];
}

/** For people: `rectangle track`, `tag`. */
export function kindName({ type, kind }: Pick<ObjectState, 'type' | 'kind'>): string {
  return type === 'tag' ? 'tag' : `${type} ${kind}`;
}
