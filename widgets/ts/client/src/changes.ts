/**
 * Arithmetic of change sets: joining two into one, and giving created objects their ids.
 *
 * On this side of the network created objects may carry an id of the author's choice, a negative number. Later changes
 * refer to them by it until the server has given them theirs. `wireForm` takes such ids out.
 */

import type { ChangeResult, ChangeSet, Ids, LabeledData, Shape, Tag, Track } from '@cvat-lab/schema';

export type Kind = 'tags' | 'shapes' | 'tracks';

export const KINDS: readonly Kind[] = ['tags', 'shapes', 'tracks'];

type Annotation = Tag | Shape | Track;

/** Old id to new id, per kind. */
export type IdMap = Record<Kind, Map<number, number>>;

export function emptyData(): LabeledData {
  return { version: 0, tags: [], shapes: [], tracks: [], intervals: [] };
}

export function emptyIds(): Ids {
  return { tags: [], shapes: [], tracks: [] };
}

export function emptyChange(): ChangeSet {
  const [created, updated, deleted] = [emptyData(), emptyData(), emptyIds()];
  return { base_revision: null, change_id: null, created, updated, deleted };
}

/** Number of objects that a change set touches. */
export function sizeOf({ created, updated, deleted }: ChangeSet): number {
  return KINDS.reduce(
    (sum, kind) => sum + created[kind].length + updated[kind].length + deleted[kind].length,
    0,
  );
}

/** Return the change set that has the effect of `first` followed by `second`. */
export function joinChanges(first: ChangeSet, second: ChangeSet): ChangeSet {
  const joined = { ...emptyChange(), base_revision: first.base_revision, change_id: first.change_id };
  for (const kind of KINDS) joinKind(joined, first, second, kind);
  return joined;
}

function joinKind(joined: ChangeSet, first: ChangeSet, second: ChangeSet, kind: Kind): void {
  const created = new Map(first.created[kind].map((object) => [keyOf(object), object as Annotation]));
  const updated = new Map(first.updated[kind].map((object) => [keyOf(object), object as Annotation]));
  const deleted = new Set(first.deleted[kind]);
  for (const object of second.created[kind]) {
    // Bringing back what only this change deletes: on the server it is still there.
    if (deleted.delete(object.id!)) updated.set(object.id!, object);
    else created.set(keyOf(object), object);
  }
  for (const object of second.updated[kind]) {
    deleted.delete(object.id!);
    (created.has(object.id!) ? created : updated).set(object.id!, object);
  }
  for (const id of second.deleted[kind]) {
    updated.delete(id);
    if (!created.delete(id)) deleted.add(id);
  }
  assign(joined.created, kind, [...created.values()]);
  assign(joined.updated, kind, [...updated.values()]);
  joined.deleted[kind] = [...deleted];
}

/** Objects without an id are all different. */
function keyOf(object: Annotation): number | Annotation {
  return object.id ?? object;
}

export function emptyIdMap(): IdMap {
  return { tags: new Map(), shapes: new Map(), tracks: new Map() };
}

/** Remember the ids that the server gave to the created objects of `change`. */
export function learnIds(map: IdMap, change: ChangeSet, result: ChangeResult): void {
  for (const kind of KINDS) {
    change.created[kind].forEach(({ id }, i) => {
      const given = result.created[kind][i];
      if (id !== null && given !== undefined) map[kind].set(id, given);
    });
  }
}

/** Return `change` with the server's ids in place of the author's. */
export function translateIds(change: ChangeSet, map: IdMap): ChangeSet {
  const translated = { ...change, updated: { ...change.updated }, deleted: { ...change.deleted } };
  for (const kind of KINDS) {
    const ids = map[kind];
    if (ids.size === 0) continue;
    const moved = (change.updated[kind] as Annotation[]).map((object) => withId(object, ids.get(object.id!)));
    assign(translated.updated, kind, moved);
    translated.deleted[kind] = change.deleted[kind].map((id) => ids.get(id) ?? id);
  }
  return translated;
}

/** What is sent: created objects without ids. */
export function wireForm(change: ChangeSet): ChangeSet {
  const created = { ...change.created };
  for (const kind of KINDS) {
    assign(
      created,
      kind,
      (change.created[kind] as Annotation[]).map((object) => ({ ...object, id: null })),
    );
  }
  return { ...change, created };
}

function withId(object: Annotation, id: number | undefined): Annotation {
  return id === undefined ? object : { ...object, id };
}

/** The lists of the three kinds differ in their type, which TypeScript cannot follow through a loop. */
function assign(data: LabeledData, kind: Kind, objects: Annotation[]): void {
  (data as unknown as Record<Kind, Annotation[]>)[kind] = objects;
}
