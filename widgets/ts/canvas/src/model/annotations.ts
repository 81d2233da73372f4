/**
 * The annotations of one job as the editor has them: base data of the server plus every edit since.
 *
 * Objects are made from the base data when their frame is first looked at. Each edit goes through `perform`: it changes the
 * document, the history and the pending changes together.
 */

import type { ChangeResult, ChangeSet } from '@cvat-lab/schema';
import { type BaseData, emptyLabeledData, fromLabeledData } from './base';
import { BaseOverlay } from './baseOverlay';
import { editObject, type StatePatch } from './edits';
import { History } from './history';
import type { Labels } from './labels';
import { type AnnotationObject, type Change, type ClientId, newObject, type ObjectData } from './objects';
import { Pending } from './pending';
import { rebaseOnto, replayedChanges } from './rebase';
import { type ObjectState, stateAt } from './states';

/** Called after objects changed; `remote` = a colleague did it. */
export type ChangeListener = (changes: readonly Change[], origin: 'local' | 'remote') => void;

export interface AnnotationsOptions {
  readonly labels: Labels;
  readonly base?: BaseData;
  /** The revision the base data shows. */
  readonly revision?: number;
}

export class Annotations {
  readonly labels: Labels;
  readonly history: History;
  /** The newest revision of the server that is in this document. */
  revision: number;
  private readonly base: BaseOverlay;
  private readonly pending: Pending;
  private readonly objects = new Map<ClientId, AnnotationObject>();
  private readonly byFrame = new Map<number, Set<ClientId>>();
  private readonly tracks = new Set<ClientId>();
  private readonly newIds = new Map<ClientId, number | null>();
  private readonly listeners = new Set<ChangeListener>();
  private readonly stepListeners = new Set<() => void>();
  private lastClientId = 0;
  private lastUpdate = 0;
  private maxGroup: number;

  constructor({ labels, base = fromLabeledData(emptyLabeledData()), revision = 0 }: AnnotationsOptions) {
    this.labels = labels;
    this.revision = revision;
    this.base = new BaseOverlay(base);
    this.maxGroup = base.maxGroup;
    const get = (clientId: ClientId) => this.get(clientId);
    this.history = new History({ get, apply: (changes) => this.apply(changes, 'local') }, () =>
      this.stepEnded(),
    );
    this.pending = new Pending({
      get,
      serverId: (object) => this.serverId(object),
      setServerId: (clientId, id) => this.setServerId(clientId, id),
    });
    for (const data of base.tracks) this.insertSilently({ kind: 'track', data });
  }

  // ---- reading

  get(clientId: ClientId): AnnotationObject | null {
    return this.objects.get(clientId) ?? null;
  }

  serverId(object: AnnotationObject): number | null {
    const assigned = this.newIds.get(object.clientId);
    return assigned === undefined ? object.data.id : assigned;
  }

  stateOf(clientId: ClientId, frame: number): ObjectState | null {
    const object = this.get(clientId);
    return object && stateAt(object, frame, this.labels);
  }

  /** The states of all objects that exist on a frame, also hidden ones and those outside; in order of client ids. */
  statesAt(frame: number): ObjectState[] {
    this.materialize(frame);
    const ids = [...this.tracks, ...(this.byFrame.get(frame) ?? [])];
    const states: ObjectState[] = [];
    for (const clientId of ids) {
      const state = this.stateOf(clientId, frame);
      if (state) states.push(state);
    }
    return states.sort((a, b) => a.clientId - b.clientId);
  }

  /** Whether anything is visible on a frame; a track that is outside does not count. */
  hasObjects(frame: number): boolean {
    if (this.base.isChanged) this.materialize(frame);
    const inBase = !this.base.isTaken(frame) && this.base.has(frame);
    if (inBase || (this.byFrame.get(frame)?.size ?? 0) > 0) return true;
    return [...this.tracks].some((clientId) => {
      const track = this.get(clientId);
      return (
        track?.kind === 'track' &&
        track.data.shapes.findLast((shape) => shape.frame <= frame)?.outside === false
      );
    });
  }

  /** A group number that is not in use. */
  nextGroup(): number {
    return this.maxGroup + 1;
  }

  /** Every object that was made so far; `materializeAll` before, to miss none. */
  all(): Iterable<AnnotationObject> {
    return this.objects.values();
  }

  /** Make the objects of all frames. Takes long in a large job. */
  materializeAll(): void {
    for (const frame of this.base.frames()) this.materialize(frame);
  }

  // ---- editing

  /** Add objects; their ids, if any, are dropped. Returns the client ids. */
  add(title: string, frame: number, items: readonly ObjectData[]): ClientId[] {
    const objects = items.map((item) =>
      newObject(this.nextClientId(), { ...item, data: { ...item.data, id: null } } as ObjectData),
    );
    this.perform(
      title,
      frame,
      objects.map((after) => ({ clientId: after.clientId, before: null, after })),
    );
    return objects.map((object) => object.clientId);
  }

  /** Edit objects as they are on `frame`. Nothing happens if one of them cannot take the edit. */
  update(title: string, frame: number, patches: ReadonlyMap<ClientId, StatePatch>): void {
    const changes: Change[] = [];
    for (const [clientId, patch] of patches) {
      const before = this.get(clientId);
      if (before) changes.push({ clientId, before, after: editObject(before, frame, patch, this.labels) });
    }
    this.perform(title, frame, changes);
  }

  remove(title: string, frame: number, clientIds: Iterable<ClientId>): void {
    const changes = [...clientIds].flatMap((clientId) => {
      const before = this.get(clientId);
      return before ? [{ clientId, before, after: null }] : [];
    });
    this.perform(title, frame, changes);
  }

  /** Apply changes that were worked out elsewhere, for example a merge of tracks, as one step. */
  perform(title: string, frame: number, changes: readonly Change[]): void {
    const real = changes
      .filter(({ before, after }) => before !== after)
      .map((change) => this.stamped(change));
    if (real.length === 0) return;
    this.apply(real, 'local');
    this.history.record(title, frame, real);
  }

  /** The client id that the next new object gets. */
  get upcomingClientId(): ClientId {
    return this.lastClientId + 1;
  }

  nextClientId(): ClientId {
    this.lastClientId += 1;
    return this.lastClientId;
  }

  // ---- saving

  get hasChanges(): boolean {
    return this.pending.inFlight || !this.pending.isEmpty;
  }

  /** What would be sent now, for the journal; null when everything is sent. */
  peekChanges(): ChangeSet | null {
    return this.withRevision(this.pending.peek());
  }

  /** Take the pending changes to send them. Null when there are none, and while a gesture is under way. */
  takeChanges(changeId: string): ChangeSet | null {
    if (this.history.isMarked) return null;
    const changes = this.withRevision(this.pending.take());
    return changes && { ...changes, change_id: changeId };
  }

  /** The server accepted the change set that was taken. */
  confirm(result: ChangeResult): void {
    this.pending.confirm(result);
    this.revision = result.revision;
  }

  /** The server did not accept it: the changes are pending again. */
  restore(): void {
    this.pending.restore();
  }

  /**
   * Take in what others saved. Objects without local edits become theirs; objects with local edits keep them on top of theirs,
   * and are created anew if somebody deleted them.
   */
  rebase(missed: ChangeSet, revision: number): void {
    if (this.pending.inFlight)
      throw new Error('A change set is on its way; confirm or restore it before rebasing.');
    rebaseOnto(this, missed, this.base, this.pending);
    this.revision = revision;
  }

  /** Put edits of an earlier session, read from the journal, onto the document. They are pending again and can be undone. */
  replay(changes: ChangeSet, frame: number): void {
    this.perform('Recover edits', frame, replayedChanges(this, changes));
  }

  // ---- listening

  /** Be told after every change; returns the function that ends it. */
  onChange(listener: ChangeListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Be told when a step was made, undone or redone: the moment to write the journal. */
  onStep(listener: () => void): () => void {
    this.stepListeners.add(listener);
    return () => this.stepListeners.delete(listener);
  }

  // ---- the document itself

  /** Change objects without a step in the history. For the history and for rebasing only. */
  apply(changes: readonly Change[], origin: 'local' | 'remote'): void {
    if (changes.length === 0) return;
    for (const { clientId, before, after } of changes) {
      if (before) this.unlist(before);
      if (after) this.list(after);
      if (after) this.objects.set(clientId, after);
      else this.objects.delete(clientId);
    }
    if (origin === 'local') this.pending.note(changes);
    for (const listener of this.listeners) listener(changes, origin);
  }

  /** The server knows the object by another id from now on, or not at all. */
  setServerId(clientId: ClientId, id: number | null): void {
    this.newIds.set(clientId, id);
  }

  /** Make the objects of a frame, once. */
  materialize(frame: number): void {
    for (const item of this.base.take(frame)) this.insertSilently(item);
  }

  private insertSilently(item: ObjectData): void {
    const object = newObject(this.nextClientId(), item);
    this.objects.set(object.clientId, object);
    this.list(object);
  }

  private list(object: AnnotationObject): void {
    this.maxGroup = Math.max(this.maxGroup, object.data.group ?? 0);
    if (object.kind === 'track') {
      this.tracks.add(object.clientId);
      return;
    }
    const ids = this.byFrame.get(object.data.frame);
    if (ids) ids.add(object.clientId);
    else this.byFrame.set(object.data.frame, new Set([object.clientId]));
  }

  private unlist(object: AnnotationObject): void {
    this.tracks.delete(object.clientId);
    this.byFrame.get(object.data.frame)?.delete(object.clientId);
  }

  private stamped(change: Change): Change {
    this.lastUpdate += 1;
    return change.after ? { ...change, after: { ...change.after, updated: this.lastUpdate } } : change;
  }

  private withRevision(changes: ChangeSet | null): ChangeSet | null {
    return changes && { ...changes, base_revision: this.revision };
  }

  private stepEnded(): void {
    for (const listener of this.stepListeners) listener();
  }
}
