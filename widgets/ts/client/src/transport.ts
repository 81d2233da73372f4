/**
 * How requests reach the server, seen from above.
 *
 * A `Transport` carries REST calls; it knows nothing about their meaning. There are three: `HttpTransport` (the page can
 * reach the server), `CommTransport` (only the kernel can), and `FallbackTransport`, which finds out which one works.
 * Paths are relative to the base URL of cvat_lab's server, for example `api/tasks/5`.
 */

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type QueryValue = string | number | boolean | null | undefined;

/** Query parameters; null and undefined are left out. */
export type Query = Record<string, QueryValue>;

/** Bytes that own their memory alone, as the browser's APIs want them. */
export type Bytes = Uint8Array<ArrayBuffer>;

export type RequestBody = ArrayBuffer | Bytes | string | Blob;

export interface TransportCall {
  method: Method;
  /** Relative to the base URL; a leading slash is ignored. */
  path: string;
  query?: Query;
  headers?: Record<string, string>;
  body?: RequestBody;
  signal?: AbortSignal;
  /** Called with the bytes sent so far and the size of the body. */
  onUploadProgress?: (sent: number, total: number) => void;
}

export interface TransportResponse {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: Bytes;
}

export interface Transport {
  /**
   * Resolve with the answer, whatever its status.
   *
   * @throws NetworkError when no answer came; the signal's reason when the call was cancelled
   */
  request(call: TransportCall): Promise<TransportResponse>;

  /** Absolute URL that the browser itself can open, for links and downloads; null if only requests get through. */
  url(path: string, query?: Query): string | null;
}

/** Return `?a=1&b=x`, or an empty string. */
export function queryString(query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined) parameters.append(name, String(value));
  }
  const text = parameters.toString();
  return text && `?${text}`;
}

/**
 * Take the path below our base URL, and the query, out of an absolute URL of the server.
 *
 * The server makes such URLs (`result_url`, TUS' `Location`) from the host name by which it was called, which may not be
 * the one the browser knows it by: behind a proxy, or when calls go through the kernel.
 */
export function ownPath(url: string): { path: string; query: Query } {
  const { pathname, searchParams } = new URL(url, 'http://localhost/');
  const start = pathname.lastIndexOf('/api/');
  if (start < 0) throw new TypeError(`${url} is not a URL of cvat_lab's server: it has no /api/ in its path`);
  return { path: pathname.slice(start + 1), query: Object.fromEntries(searchParams) };
}
