/**
 * Requests over HTTP, for pages that can reach the server.
 *
 * Three ways to log in are served: the cookies of a Jupyter server or JupyterHub (with its `_xsrf`), the session cookie of
 * a stand-alone cvat_lab server (with its `csrftoken`), and a token in a header, which needs no cookie at all.
 */

import { abortError, isAbort, NetworkError } from './errors';
import {
  type Bytes,
  type Query,
  queryString,
  type Transport,
  type TransportCall,
  type TransportResponse,
} from './transport';

export interface HttpOptions {
  /** Sent as `Authorization: Bearer ...`. */
  token?: string;
  /** Value for `X-XSRFToken`; default: the page's `_xsrf` cookie at the time of the call. */
  xsrf?: string;
}

export class HttpTransport implements Transport {
  private readonly base: URL;

  /**
   * @param baseUrl address of cvat_lab's server, for example `/user/ann/cvat-lab/`; relative to the page
   */
  constructor(
    baseUrl: string,
    private readonly options: HttpOptions = {},
  ) {
    this.base = new URL(baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`, globalThis.location?.href);
  }

  url(path: string, query?: Query): string {
    return new URL(path.replace(/^\/+/, '') + queryString(query), this.base).href;
  }

  request(call: TransportCall): Promise<TransportResponse> {
    const headers = { ...this.credentials(), ...call.headers };
    const url = this.url(call.path, call.query);
    // Only XMLHttpRequest reports how much of a body was sent.
    if (call.onUploadProgress && typeof XMLHttpRequest !== 'undefined') return sendByXhr(url, headers, call);
    return sendByFetch(url, headers, call);
  }

  private credentials(): Record<string, string> {
    const { token, xsrf = cookie('_xsrf') } = this.options;
    if (token) return { Authorization: `Bearer ${token}` };
    const csrf = cookie('csrftoken');
    return { ...(xsrf && { 'X-XSRFToken': xsrf }), ...(csrf && { 'X-CSRFToken': csrf }) };
  }
}

async function sendByFetch(
  url: string,
  headers: Record<string, string>,
  { method, body, signal }: TransportCall,
): Promise<TransportResponse> {
  try {
    const response = await fetch(url, { method, headers, body, signal, credentials: 'same-origin' });
    const received = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, headers: Object.fromEntries(response.headers), body: received };
  } catch (error) {
    throw isAbort(error) || signal?.aborted ? error : unreachable(url, error);
  }
}

function sendByXhr(
  url: string,
  headers: Record<string, string>,
  { method, body, signal, onUploadProgress }: TransportCall,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(method, url);
    xhr.responseType = 'arraybuffer';
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded, total }) => onUploadProgress?.(loaded, total);
    xhr.onload = () => resolve(xhrResponse(xhr));
    xhr.onerror = () => reject(unreachable(url));
    xhr.onabort = () => reject(abortError(signal));
    const cancel = () => xhr.abort();
    signal?.addEventListener('abort', cancel, { once: true });
    xhr.onloadend = () => signal?.removeEventListener('abort', cancel);
    if (signal?.aborted) reject(abortError(signal));
    else xhr.send(body);
  });
}

function xhrResponse(xhr: XMLHttpRequest): TransportResponse {
  const lines = xhr.getAllResponseHeaders().trim().split(/\r?\n/).filter(Boolean);
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const body: Bytes = new Uint8Array((xhr.response as ArrayBuffer | null) ?? new ArrayBuffer(0));
  return { status: xhr.status, headers: Object.fromEntries(headers), body };
}

function unreachable(url: string, cause?: unknown): NetworkError {
  return new NetworkError(`The server at ${url} cannot be reached.`, { cause });
}

function cookie(name: string): string | undefined {
  const cookies = globalThis.document?.cookie.split('; ') ?? [];
  const found = cookies.find((entry) => entry.startsWith(`${name}=`));
  return found && decodeURIComponent(found.slice(name.length + 1));
}
