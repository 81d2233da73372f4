/** Orders of the list of objects, as CVAT offers them. */

import type { ObjectState } from '@cvat-lab/canvas';

export type Order = 'id-ascending' | 'id-descending' | 'updated';

export const ORDERS: readonly { value: Order; label: string }[] = [
  { value: 'id-ascending', label: 'ID ascending' },
  { value: 'id-descending', label: 'ID descending' },
  { value: 'updated', label: 'Updated time' },
];

const COMPARE: Record<Order, (a: ObjectState, b: ObjectState) => number> = {
  'id-ascending': (a, b) => a.clientId - b.clientId,
  'id-descending': (a, b) => b.clientId - a.clientId,
  updated: (a, b) => b.object.updated - a.object.updated || b.clientId - a.clientId,
};

export function inOrder(states: Iterable<ObjectState>, order: Order): ObjectState[] {
  return [...states].sort(COMPARE[order]);
}
