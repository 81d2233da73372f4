/** A transport that is its own server, for tests: routes are functions, and the network can be taken away. */

import { abortError, NetworkError } from '../errors';
import type { Bytes, Transport, TransportCall, TransportResponse } from '../transport';

export interface FakeAnswer {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  body?: Bytes;
}

/** A call with its body read. */
export interface FakeCall extends Omit<TransportCall, 'body'> {
  headers: Record<string, string>;
  body: Bytes;
}

export class FakeServer implements Transport {
  readonly calls: FakeCall[] = [];
  /** What happens to the next calls: the request is lost, or the answer to it. */
  readonly faults: ('lost-request' | 'lost-answer' | undefined)[] = [];
  online = true;

  constructor(private readonly serve: (call: FakeCall) => FakeAnswer | Promise<FakeAnswer>) {}

  url(): null {
    return null;
  }

  async request(given: TransportCall): Promise<TransportResponse> {
    const fault = this.online ? this.faults.shift() : 'lost-request';
    const call = { ...given, headers: given.headers ?? {}, body: await readBody(given) };
    // Let a moment pass, as every network does.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (given.signal?.aborted) throw abortError(given.signal);
    if (fault === 'lost-request') throw new NetworkError('The server cannot be reached.');
    this.calls.push(call);
    given.onUploadProgress?.(call.body.length, call.body.length);
    const { status = 200, headers = {}, json, body } = await this.serve(call);
    if (fault === 'lost-answer') throw new NetworkError('The answer got lost.');
    const text = json === undefined ? '' : JSON.stringify(json);
    return { status, headers, body: body ?? new TextEncoder().encode(text) };
  }
}

async function readBody({ body }: TransportCall): Promise<Bytes> {
  if (body === undefined) return new Uint8Array(0);
  return new Uint8Array(await new Response(body).arrayBuffer());
}
