/**
 * What differs from the server, and the change set on its way there.
 *
 * For every object that was touched the record that the server holds is kept. Comparing it with the record of now says whether
 * the object was created, updated or deleted; edits that cancel each other out vanish by themselves.
 */

import type { ChangeResult, ChangeSet, Ids, LabeledData } from '@cvat-lab/schema';
import { emptyLabeledData } from './base';
import {
  type AnnotationObject,
  type Change,
  type ClientId,
  type ObjectKind,
  withData,
  withoutIds,
} from './objects';

/** What pending changes need to know about the document. */
export interface PendingTarget {
  get(clientId: ClientId): AnnotationObject | null;
  /** The id the server knows an object by. */
  serverId(object: AnnotationObject): number | null;
  setServerId(clientId: ClientId, id: number | null): void;
}

interface Flight {
  /** What the server held before, and will hold when the change set is accepted. */
  readonly objects: Map<ClientId, { saved: AnnotationObject | null; sent: AnnotationObject | null }>;
  readonly created: Record<ObjectKind, ClientId[]>;
}

type Lists = Pick<LabeledData, 'shapes' | 'tags' | 'tracks'>;

export class Pending {
  private readonly saved = new Map<ClientId, AnnotationObject | null>();
  private flight: Flight | null = null;

  constructor(private readonly target: PendingTarget) {}

  /** Whether a change set has been taken and neither confirmed nor restored. */
  get inFlight(): boolean {
    return this.flight !== null;
  }

  get isEmpty(): boolean {
    return this.differences().length === 0;
  }

  note(changes: readonly Change[]): void {
    for (const { clientId, before } of changes) {
      if (!this.saved.has(clientId)) this.saved.set(clientId, before);
    }
  }

  /** What the server holds of a locally changed object; undefined when the object is not changed. */
  savedVersion(clientId: ClientId): AnnotationObject | null | undefined {
    const saved = this.saved.get(clientId);
    return saved === undefined || this.target.get(clientId)?.data === saved?.data ? undefined : saved;
  }

  setSavedVersion(clientId: ClientId, saved: AnnotationObject | null): void {
    this.saved.set(clientId, saved);
  }

  forget(clientId: ClientId): void {
    this.saved.delete(clientId);
  }

  /** Records that exist on the server but not in the document. */
  *deleted(): Iterable<AnnotationObject> {
    for (const [clientId, saved] of this.saved) {
      if (saved && !this.target.get(clientId)) yield saved;
    }
  }

  /**
   * The change set that would be sent now, without taking it; null when there is nothing to send. Objects that have no id yet
   * carry their negative client id, so that the journal can tell them apart.
   */
  peek(): ChangeSet | null {
    const differing = this.differences();
    if (differing.length === 0) return null;
    const created = emptyLabeledData();
    const updated = emptyLabeledData();
    const deleted: Ids = { tags: [], shapes: [], tracks: [] };
    for (const clientId of differing) {
      const now = this.target.get(clientId);
      const saved = this.saved.get(clientId) ?? null;
      if (!now) deleted[listOf(saved!.kind)].push(this.idOf(saved!));
      else if (saved) append(updated, withData(now, { ...now.data, id: this.idOf(now) }));
      else append(created, withData(now, { ...withoutIds(now.data), id: -clientId }));
    }
    return { base_revision: null, change_id: null, created, updated, deleted };
  }

  /** Like `peek`, but the changes count as sent until `confirm` or `restore`. */
  take(): ChangeSet | null {
    if (this.flight)
      throw new Error('A change set is on its way; confirm or restore it before taking the next one.');
    const changes = this.peek();
    if (!changes) return null;
    const flight: Flight = { objects: new Map(), created: { shape: [], track: [], tag: [] } };
    for (const clientId of this.differences()) {
      const sent = this.target.get(clientId);
      const saved = this.saved.get(clientId) ?? null;
      flight.objects.set(clientId, { saved, sent });
      if (!saved && sent) flight.created[sent.kind].push(clientId);
    }
    this.saved.clear();
    this.flight = flight;
    return changes;
  }

  /** The server accepted what was taken. */
  confirm(result: ChangeResult): void {
    const flight = this.requireFlight();
    for (const kind of ['shape', 'track', 'tag'] as const) {
      const ids = result.created[listOf(kind)];
      const sent = flight.created[kind];
      if (ids.length !== sent.length) {
        throw new Error(
          `The server answered with ${ids.length} ids for ${sent.length} created ${listOf(kind)}.`,
        );
      }
      sent.forEach((clientId, i) => {
        this.target.setServerId(clientId, ids[i]!);
      });
    }
    for (const [clientId, { sent }] of flight.objects) {
      if (!sent) this.target.setServerId(clientId, null);
    }
    this.flight = null;
  }

  /** The server did not accept what was taken: it is pending again, together with what was edited meanwhile. */
  restore(): void {
    for (const [clientId, { saved }] of this.requireFlight().objects) this.saved.set(clientId, saved);
    this.flight = null;
  }

  private idOf(object: AnnotationObject): number {
    return this.target.serverId(object) ?? -object.clientId;
  }

  private requireFlight(): Flight {
    if (!this.flight) throw new Error('No change set is on its way.');
    return this.flight;
  }

  private differences(): ClientId[] {
    return [...this.saved.keys()].filter((clientId) => {
      const saved = this.saved.get(clientId) ?? null;
      return (this.target.get(clientId)?.data ?? null) !== (saved?.data ?? null);
    });
  }
}

export function listOf(kind: ObjectKind): keyof Lists {
  return `${kind}s`;
}

function append(lists: Lists, object: AnnotationObject): void {
  if (object.kind === 'shape') lists.shapes.push(object.data);
  else if (object.kind === 'track') lists.tracks.push(object.data);
  else lists.tags.push(object.data);
}
