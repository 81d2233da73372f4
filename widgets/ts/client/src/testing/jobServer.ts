/** A server that keeps the shapes of one job with their history, by the rules of `docs/architecture.md`. For tests. */

import type { ChangeResult, ChangeSet, Shape } from '@cvat-lab/schema';
import { Api } from '../api';
import { emptyChange } from '../changes';
import { type FakeAnswer, type FakeCall, FakeServer } from './fakeServer';

export class JobServer {
  readonly transport = new FakeServer((call) => this.serve(call));
  readonly api = new Api(this.transport);
  /** All states there ever were; the place in the list is the revision. */
  readonly states: Map<number, Shape>[] = [new Map()];
  /** Status to refuse change sets with; null = take them. */
  refusal: number | null = null;
  /** How many change sets were applied, not counting repeated ones. */
  applied = 0;
  private readonly results = new Map<string, ChangeResult>();
  private lastId = 0;

  get revision(): number {
    return this.states.length - 1;
  }

  /** The z_order of all shapes: tests use it as their content. */
  get contents(): number[] {
    return [...this.states.at(-1)!.values()].map(({ z_order }) => z_order).sort((a, b) => a - b);
  }

  /** What one state is ahead of an older one. */
  missedSince(since: number): ChangeSet {
    const [before, now] = [this.states[since]!, this.states.at(-1)!];
    const change = emptyChange();
    for (const [id, shape] of now) {
      if (!before.has(id)) change.created.shapes.push(shape);
      else if (before.get(id) !== shape) change.updated.shapes.push(shape);
    }
    change.deleted.shapes = [...before.keys()].filter((id) => !now.has(id));
    return change;
  }

  private serve({ method, query, body }: FakeCall): FakeAnswer {
    if (method === 'GET') {
      return { json: { revision: this.revision, missed: this.missedSince(Number(query!['since'])) } };
    }
    return this.patch(JSON.parse(new TextDecoder().decode(body)) as ChangeSet);
  }

  private patch(change: ChangeSet): FakeAnswer {
    const known = this.results.get(change.change_id!);
    if (known) return { json: known };
    if (this.refusal !== null) return { status: this.refusal, json: { detail: 'Refused.' } };
    if (change.base_revision !== this.revision) {
      const [revision, missed] = [this.revision, this.missedSince(change.base_revision!)];
      return { status: 409, json: { detail: 'The job has changed.', revision, missed } };
    }
    const problem = this.findProblem(change);
    return problem ? { status: 400, json: { detail: problem } } : { json: this.apply(change) };
  }

  private findProblem({ created, updated }: ChangeSet): string | null {
    const state = this.states.at(-1)!;
    if (created.shapes.some(({ id }) => id !== null)) return 'A created shape has an id.';
    if (updated.shapes.some(({ id }) => !state.has(id!))) return 'There is no such shape.';
    return null;
  }

  private apply({ change_id, created, updated, deleted }: ChangeSet): ChangeResult {
    const state = new Map(this.states.at(-1)!);
    for (const id of deleted.shapes) state.delete(id);
    for (const shape of updated.shapes) state.set(shape.id!, shape);
    const ids = created.shapes.map((shape) => {
      const id = ++this.lastId;
      state.set(id, { ...shape, id });
      return id;
    });
    this.states.push(state);
    this.applied++;
    const result = { revision: this.revision, created: { tags: [], shapes: ids, tracks: [] } };
    this.results.set(change_id!, result);
    return result;
  }
}
