/**
 * Requests through the kernel, for pages that cannot reach the server: hosted notebooks, VS Code, remote kernels.
 *
 * The widget's comm carries the same REST calls as HTTP would; the kernel's side makes them and sends the answers back.
 *
 * Protocol
 * --------
 * Every message is an anywidget custom message: a JSON `content` plus binary buffers. `content.rpc` names the message,
 * `content.id` the call it belongs to. Ids are UUIDs: every page that shows the widget hears every answer, and ignores
 * those to calls that are not its own. Messages with other `content` are left alone.
 *
 * Page to kernel:
 *
 * | `rpc`     | further fields                                                       | buffers            |
 * |-----------|----------------------------------------------------------------------|--------------------|
 * | `request` | `method`, `path` (no leading slash), `query` (object of strings),    | part 0 of the body, |
 * |           | `headers` (object of strings), `bytes` (size of the body),            | none if `parts` = 0 |
 * |           | `parts` (number of buffers that make up the body, 0 = no body)        |                    |
 * | `body`    | `part` (1, 2, ...)                                                   | that part          |
 * | `abort`   |                                                                      |                    |
 * | `nudge`   |                                                                      |                    |
 *
 * The call starts when all parts have arrived. After `abort` the kernel answers nothing and forgets the call. A `nudge`
 * means nothing: kernels that handle messages on subshells may leave one lying in a queue until the next one comes.
 *
 * Kernel to page:
 *
 * | `rpc`      | further fields                                                      | buffers            |
 * |------------|---------------------------------------------------------------------|--------------------|
 * | `response` | `status`, `headers` (lower-case names), `bytes`, `parts`            | part 0 of the body, |
 * |            |                                                                     | none if `parts` = 0 |
 * | `data`     | `part` (1, 2, ...)                                                  | that part          |
 * | `progress` |                                                                     |                    |
 * | `error`    | `message`: the server could not be reached from the kernel either   |                    |
 *
 * A part is at most `PART_BYTES` long, in both directions: Jupyter's websockets refuse messages of 10 MiB, and Tornado
 * serves nobody else while it copies one. Parts of one body come in order. A call that hears nothing for `timeout`
 * milliseconds fails; while the server takes its time, the kernel sends `progress` at least every 10 seconds.
 */

import { abortError, NetworkError } from './errors';
import { uuid } from './ids';
import type { Bytes, Query, RequestBody, Transport, TransportCall, TransportResponse } from './transport';

/** The part of an anywidget model that is needed. */
export interface CommModel {
  send(content: unknown, callbacks?: unknown, buffers?: ArrayBufferView[] | ArrayBuffer[]): void;
  on(event: 'msg:custom', listener: (content: unknown, buffers: DataView[]) => void): void;
  off(event: 'msg:custom', listener: (content: unknown, buffers: DataView[]) => void): void;
}

/** Largest buffer of one message. */
export const PART_BYTES = 1_000_000;

const TIMEOUT_MS = 60_000;

/** Silence after which the kernel is nudged, again and again. */
const NUDGE_MS = 1_000;

type Reply =
  | {
      rpc: 'response';
      id: string;
      status: number;
      headers: Record<string, string>;
      bytes: number;
      parts: number;
    }
  | { rpc: 'data'; id: string; part: number }
  | { rpc: 'progress'; id: string }
  | { rpc: 'error'; id: string; message: string };

export class CommTransport implements Transport {
  private readonly pending = new Map<string, PendingCall>();

  constructor(
    private readonly model: CommModel,
    private readonly timeout = TIMEOUT_MS,
  ) {
    model.on('msg:custom', this.receive);
  }

  /** Stop listening; calls that are still open fail. */
  dispose(): void {
    this.model.off('msg:custom', this.receive);
    for (const call of this.pending.values()) call.fail(new NetworkError('The widget was closed.'));
  }

  url(): null {
    return null;
  }

  async request(call: TransportCall): Promise<TransportResponse> {
    if (call.signal?.aborted) throw abortError(call.signal);
    const body = await bodyBytes(call.body);
    const id = uuid();
    return new Promise((resolve, reject) => {
      const cancel = () => {
        this.model.send({ rpc: 'abort', id });
        pending.fail(abortError(call.signal));
      };
      const nudging = setInterval(() => this.model.send({ rpc: 'nudge', id }), NUDGE_MS);
      const pending = new PendingCall(this.timeout, resolve, reject, () => {
        clearInterval(nudging);
        this.pending.delete(id);
        call.signal?.removeEventListener('abort', cancel);
      });
      this.pending.set(id, pending);
      call.signal?.addEventListener('abort', cancel, { once: true });
      this.sendRequest(id, call, body);
    });
  }

  private sendRequest(id: string, call: TransportCall, body: Bytes): void {
    const parts = Math.ceil(body.byteLength / PART_BYTES);
    const { method, path, headers = {} } = call;
    const head = {
      rpc: 'request',
      id,
      method,
      path: path.replace(/^\/+/, ''),
      query: texts(call.query),
      headers,
    };
    this.model.send({ ...head, bytes: body.byteLength, parts }, undefined, parts ? [part(body, 0)] : []);
    for (let n = 1; n < parts; n++) this.model.send({ rpc: 'body', id, part: n }, undefined, [part(body, n)]);
    call.onUploadProgress?.(body.byteLength, body.byteLength);
  }

  private readonly receive = (content: unknown, buffers: DataView[]): void => {
    const reply = content as Reply | null;
    if (typeof reply?.rpc === 'string') this.pending.get(reply.id)?.receive(reply, buffers);
  };
}

/** A call that waits for the parts of its answer. */
class PendingCall {
  private response: TransportResponse | null = null;
  private received = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly timeout: number,
    private readonly resolve: (response: TransportResponse) => void,
    private readonly reject: (error: unknown) => void,
    private readonly settle: () => void,
  ) {
    this.restartTimer();
  }

  receive(reply: Reply, buffers: DataView[]): void {
    this.restartTimer();
    if (reply.rpc === 'error') this.fail(new NetworkError(reply.message));
    else if (reply.rpc === 'response') {
      this.response = { status: reply.status, headers: reply.headers, body: new Uint8Array(reply.bytes) };
    }
    if (reply.rpc === 'response' || reply.rpc === 'data') this.append(buffers);
  }

  fail(error: unknown): void {
    this.finish();
    this.reject(error);
  }

  private append(buffers: DataView[]): void {
    const { response } = this;
    if (!response) return;
    for (const { buffer, byteOffset, byteLength } of buffers) {
      if (this.received + byteLength > response.body.byteLength) {
        this.fail(new NetworkError(`The kernel announced ${response.body.byteLength} bytes and sent more.`));
        return;
      }
      response.body.set(new Uint8Array(buffer, byteOffset, byteLength), this.received);
      this.received += byteLength;
    }
    if (this.received < response.body.byteLength) return;
    this.finish();
    this.resolve(response);
  }

  private finish(): void {
    clearTimeout(this.timer);
    this.settle();
  }

  private restartTimer(): void {
    clearTimeout(this.timer);
    const seconds = this.timeout / 1000;
    const error = new NetworkError(`The kernel has not answered for ${seconds} s. Is it running?`);
    this.timer = setTimeout(() => this.fail(error), this.timeout);
  }
}

/** A copy, because JupyterLab sends the whole buffer that a view lies on. */
function part(body: Bytes, n: number): ArrayBuffer {
  return body.slice(n * PART_BYTES, (n + 1) * PART_BYTES).buffer;
}

function texts(query: Query = {}): Record<string, string> {
  const given = Object.entries(query).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given.map(([name, value]) => [name, String(value)]));
}

async function bodyBytes(body: RequestBody | undefined): Promise<Bytes> {
  if (body === undefined) return new Uint8Array(0);
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Blob) return new Uint8Array(await body.arrayBuffer());
  return body instanceof Uint8Array ? body : new Uint8Array(body);
}
