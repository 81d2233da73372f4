/** A server for tests of components: answers by route, and remembers what it was asked. */

import { Api, type Transport, type TransportCall, type TransportResponse } from '@cvat-lab/client';

export interface SeenCall {
  method: string;
  path: string;
  query: Record<string, unknown>;
  body: unknown;
  headers: Record<string, string>;
}

type Answer = (call: SeenCall) => unknown;

/** Thrown by an answer to fail with a status. */
export class Failure {
  constructor(
    readonly status: number,
    readonly detail: string,
  ) {}
}

/** Returned by an answer that has headers, for example those of an upload. */
export class Reply {
  constructor(
    readonly body: unknown,
    readonly headers: Record<string, string>,
  ) {}
}

export class FakeServer implements Transport {
  readonly calls: SeenCall[] = [];
  readonly api = new Api(this);
  private readonly answers = new Map<string, Answer>();

  /** Answer a route, for example `on('GET api/tasks/1', () => task)`. */
  on(route: string, answer: Answer): this {
    this.answers.set(route, answer);
    return this;
  }

  /** The calls of a route, in order. */
  callsOf(route: string): SeenCall[] {
    return this.calls.filter(({ method, path }) => `${method} ${path}` === route);
  }

  url(): string | null {
    return null;
  }

  async request(call: TransportCall): Promise<TransportResponse> {
    call.signal?.throwIfAborted();
    const seen = {
      method: call.method,
      path: call.path.replace(/\/$/, ''),
      query: { ...call.query },
      body: typeof call.body === 'string' ? JSON.parse(call.body) : call.body,
      headers: { ...call.headers },
    };
    this.calls.push(seen);
    const answer = this.answers.get(`${seen.method} ${seen.path}`);
    if (!answer) return respond(404, { detail: `No answer for ${seen.method} ${seen.path}` });
    try {
      return respond(200, await answer(seen));
    } catch (error) {
      if (error instanceof Failure) return respond(error.status, { detail: error.detail });
      throw error;
    }
  }
}

function respond(status: number, answer: unknown): TransportResponse {
  const { body, headers } = answer instanceof Reply ? answer : new Reply(answer, {});
  const text = body === undefined ? '' : JSON.stringify(body);
  return { status, headers, body: new TextEncoder().encode(text) };
}

/** One page that holds everything. */
export function pageOf<T>(results: T[]) {
  return { count: results.length, next: null, previous: null, results };
}
