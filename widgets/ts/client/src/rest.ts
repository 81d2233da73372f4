/**
 * REST calls on top of a transport: JSON in, JSON or bytes out, errors thrown.
 *
 * `Api` adds the routes; call these methods directly for a route that `Api` has no method for.
 */

import { ApiError, describeFailure, FormatError } from './errors';
import type { Bytes, Method, Query, Transport, TransportCall, TransportResponse } from './transport';

/** A thing that has annotations, media or a preview. */
export interface Target {
  kind: 'job' | 'task' | 'project';
  id: number;
}

export function targetPath({ kind, id }: Target): string {
  return `api/${kind}s/${id}`;
}

export interface CallOptions {
  query?: Query;
  /** Sent as JSON; undefined = no body. */
  json?: unknown;
  signal?: AbortSignal;
}

/** One page of a list. */
export interface Page<T> {
  count: number;
  next: string | null;
  previous: string | null;
  results: T[];
}

/** What every list understands; further keys are equality filters, for example `{task_id: 5}`. */
export interface ListQuery {
  page?: number;
  page_size?: number | 'all';
  search?: string;
  /** Comma-separated fields; a minus sign in front of a field turns its order. */
  sort?: string;
  /** JsonLogic, as an object or as text. */
  filter?: object | string;
  [field: string]: string | number | boolean | object | null | undefined;
}

export class Rest {
  /**
   * @param transport carries the calls
   * @param organization slug of the organization to work in; '' = the personal workspace; null = everything that the
   * user may see
   */
  constructor(
    readonly transport: Transport,
    readonly organization: string | null = null,
  ) {}

  /** Call a JSON route. Resolves with `undefined` for an empty answer. */
  async json<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
    const response = await this.send({ method, path, ...this.jsonBody(options) });
    return parseJson(response, path) as T;
  }

  /** Call a route that answers with bytes. */
  async bytes(method: Method, path: string, options: CallOptions = {}): Promise<Blob> {
    const { body, headers } = await this.send({ method, path, ...this.jsonBody(options) });
    return new Blob([body], { type: headers['content-type'] ?? '' });
  }

  /** One page of a list. */
  page<T>(path: string, query: ListQuery = {}, signal?: AbortSignal): Promise<Page<T>> {
    return this.json('GET', path, { query: listParameters(query), signal });
  }

  /** The whole list in one call; for lists that are short by nature, such as labels. */
  async all<T>(path: string, query: ListQuery = {}, signal?: AbortSignal): Promise<T[]> {
    return (await this.page<T>(path, { ...query, page_size: 'all' }, signal)).results;
  }

  /**
   * Send a call as it is.
   *
   * @throws ApiError when the answer is not a success
   */
  async send(call: TransportCall): Promise<TransportResponse> {
    const headers = { ...call.headers };
    if (this.organization !== null) headers['X-Organization'] = this.organization;
    const response = await this.transport.request({ ...call, headers });
    if (response.status >= 200 && response.status < 300) return response;
    const body = failureBody(response);
    throw new ApiError(response.status, describeFailure(response.status, body), body);
  }

  private jsonBody({ query, json, signal }: CallOptions): Partial<TransportCall> {
    if (json === undefined) return { query, signal };
    return { query, signal, body: JSON.stringify(json), headers: { 'Content-Type': 'application/json' } };
  }
}

function listParameters(query: ListQuery): Query {
  const flat = Object.entries(query).map(([name, value]) => [
    name,
    typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
  ]);
  return Object.fromEntries(flat);
}

const utf8 = new TextDecoder();

export function decodeText(bytes: Bytes): string {
  return utf8.decode(bytes);
}

function parseJson({ body }: TransportResponse, path: string): unknown {
  if (body.byteLength === 0) return undefined;
  try {
    return JSON.parse(decodeText(body));
  } catch {
    const start = decodeText(body.subarray(0, 40));
    throw new FormatError(
      `${path} should answer with JSON, but its answer starts with ${JSON.stringify(start)}`,
    );
  }
}

/** The parsed JSON of a failed answer, else its text. */
function failureBody({ body }: TransportResponse): unknown {
  const text = decodeText(body);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
