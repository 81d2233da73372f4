/**
 * What can go wrong between the browser and the server.
 *
 * A cancelled call is not an error of ours: it rejects with the `AbortError` of its `AbortSignal`.
 */

import type { ChangeSet } from '@cvat-lab/schema';

/** The server answered, and the answer is not a success. */
export class ApiError extends Error {
  override readonly name: string = 'ApiError';

  /**
   * @param status HTTP status code
   * @param message what the server said, for people
   * @param body the parsed JSON of the answer, or its text
   */
  constructor(
    readonly status: number,
    message: string,
    readonly body: unknown = null,
  ) {
    super(message);
  }

  /** Whether the same request may succeed later without anybody changing it. */
  get temporary(): boolean {
    return this.status >= 500 || TEMPORARY.has(this.status);
  }
}

/** Request timeout, too early, too many requests; 401: the user may log in again. */
const TEMPORARY = new Set([401, 408, 425, 429]);

/** No answer arrived: offline, the server is down, the kernel is gone, or it took too long. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
}

/** Somebody else changed the job since `base_revision`. `missed` leads from there to `revision`. */
export class StaleRevisionError extends ApiError {
  override readonly name = 'StaleRevisionError';

  constructor(
    message: string,
    readonly revision: number,
    readonly missed: ChangeSet,
    body: unknown = null,
  ) {
    super(409, message, body);
  }
}

/** A background request ended with `failed`; the message is the server's explanation. */
export class RequestFailedError extends Error {
  override readonly name = 'RequestFailedError';

  constructor(
    message: string,
    readonly requestId: string,
  ) {
    super(message);
  }
}

/** Bytes from the server do not have the form that was agreed on. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** The error that a cancelled call rejects with. */
export function abortError(signal?: AbortSignal): unknown {
  return signal?.reason ?? new DOMException('The call was cancelled.', 'AbortError');
}

/** Turn the JSON or text of a failed answer into one line for people. */
export function describeFailure(status: number, body: unknown): string {
  const text = sentences(body).join(' ').trim();
  return text || `The server answered with status ${status}.`;
}

/** CVAT's error bodies: `{detail}`, `{field: [message]}`, `[message]` or plain text. */
function sentences(body: unknown): string[] {
  if (typeof body === 'string') return body.trimStart().startsWith('<') ? [] : [body.slice(0, 500)];
  if (Array.isArray(body)) return body.flatMap(sentences);
  if (typeof body !== 'object' || body === null) return [];
  const fields = body as Record<string, unknown>;
  if ('detail' in fields) return sentences(fields['detail']);
  return Object.entries(fields).map(([field, value]) => {
    const said = sentences(value).join(' ');
    return field === 'non_field_errors' || field === 'message' ? said : `${field}: ${said}`;
  });
}
