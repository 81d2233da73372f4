/**
 * Bringing together two lines of edits: what others saved meanwhile (`rebaseOnto`), and what an earlier session of this
 * annotator could not save (`replayedChanges`).
 */

import type { ChangeSet, LabeledData } from '@cvat-lab/schema';
import type { Annotations } from './annotations';
import type { BaseOverlay } from './baseOverlay';
import { applyDelta } from './delta';
import {
  type AnnotationObject,
  type Change,
  newObject,
  type ObjectData,
  type ObjectKind,
  withData,
} from './objects';
import { listOf, type Pending } from './pending';

const KINDS: readonly ObjectKind[] = ['tag', 'shape', 'track'];

/** Take in a change set of others. It leaves no step in the history: nobody here did it. */
export function rebaseOnto(
  document: Annotations,
  missed: ChangeSet,
  base: BaseOverlay,
  pending: Pending,
): void {
  const known = indexByServerId(document, [...document.all(), ...pending.deleted()]);
  const changes: Change[] = [];
  for (const item of [...itemsOf(missed.updated), ...itemsOf(missed.created)]) {
    const object = known.get(key(item.kind, item.data.id!));
    if (object) changes.push(...overwrite(document, pending, object, item));
    else if (item.kind === 'track' || base.isTaken(item.data.frame)) changes.push(creation(document, item));
    else base.put(item);
  }
  for (const kind of KINDS) {
    for (const id of missed.deleted[listOf(kind)]) {
      const object = known.get(key(kind, id));
      if (object) changes.push(...erase(document, pending, object));
      else if (kind !== 'track') base.delete(kind, id);
    }
  }
  document.apply(changes, 'remote');
}

/** Somebody updated `object`: local edits, if any, are put on top of his version. */
function overwrite(
  document: Annotations,
  pending: Pending,
  object: AnnotationObject,
  item: ObjectData,
): Change[] {
  const { clientId } = object;
  const current = document.get(clientId);
  const theirs = withData(object, item.data);
  const saved = pending.savedVersion(clientId);
  if (saved === undefined) {
    pending.forget(clientId);
    return [{ clientId, before: current, after: theirs }];
  }
  pending.setSavedVersion(clientId, theirs);
  if (!current || !saved) return [];
  return [{ clientId, before: current, after: applyDelta(saved, current, theirs) }];
}

/** Somebody deleted `object`: it goes, unless it was edited here; then it is created anew. */
function erase(document: Annotations, pending: Pending, object: AnnotationObject): Change[] {
  const { clientId } = object;
  const current = document.get(clientId);
  const edited = pending.savedVersion(clientId) !== undefined;
  document.setServerId(clientId, null);
  if (current && edited) {
    pending.setSavedVersion(clientId, null);
    return [];
  }
  pending.forget(clientId);
  return current ? [{ clientId, before: current, after: null }] : [];
}

/** The edits of a journalled change set, as changes of the document of now. */
export function replayedChanges(document: Annotations, journalled: ChangeSet): Change[] {
  materializeFor(document, journalled);
  const known = indexByServerId(document, document.all());
  const changes: Change[] = [];
  for (const item of itemsOf(journalled.updated)) {
    const before = known.get(key(item.kind, item.data.id!));
    changes.push(
      before
        ? { clientId: before.clientId, before, after: withData(before, item.data) }
        : creation(document, item),
    );
  }
  for (const item of itemsOf(journalled.created)) changes.push(creation(document, item));
  for (const kind of KINDS) {
    for (const id of journalled.deleted[listOf(kind)]) {
      const before = known.get(key(kind, id));
      if (before) changes.push({ clientId: before.clientId, before, after: null });
    }
  }
  return changes;
}

function materializeFor(document: Annotations, changes: ChangeSet): void {
  // A deletion names no frame, so only looking at all of them finds the object.
  if (changes.deleted.shapes.length > 0 || changes.deleted.tags.length > 0) document.materializeAll();
  for (const { data, kind } of [...itemsOf(changes.updated), ...itemsOf(changes.created)]) {
    if (kind !== 'track') document.materialize(data.frame);
  }
}

function creation(document: Annotations, item: ObjectData): Change {
  const after = newObject(document.nextClientId(), item);
  return { clientId: after.clientId, before: null, after };
}

function itemsOf(lists: LabeledData): ObjectData[] {
  return [
    ...lists.tags.map((data) => ({ kind: 'tag' as const, data })),
    ...lists.shapes.map((data) => ({ kind: 'shape' as const, data })),
    ...lists.tracks.map((data) => ({ kind: 'track' as const, data })),
  ];
}

function indexByServerId(
  document: Annotations,
  objects: Iterable<AnnotationObject>,
): Map<string, AnnotationObject> {
  const index = new Map<string, AnnotationObject>();
  for (const object of objects) {
    const id = document.serverId(object);
    if (id !== null) index.set(key(object.kind, id), object);
  }
  return index;
}

function key(kind: ObjectKind, id: number): string {
  return `${kind} ${id}`;
}
