import { afterEach, describe, expect, it, vi } from 'vitest';
import { type CommModel, CommTransport, PART_BYTES } from './commTransport';
import { isAbort, NetworkError } from './errors';
import type { Bytes } from './transport';

type Listener = (content: unknown, buffers: DataView[]) => void;
type Content = Record<string, unknown> & { rpc: string; id: string };

/** The kernel's side of the comm, as the protocol describes it. Several pages may listen to one kernel. */
class FakeKernel implements CommModel {
  readonly sent: Content[] = [];
  readonly listeners = new Set<Listener>();
  answer: (content: Content, body: Bytes) => { status: number; body: Bytes } | null = () => null;
  private readonly bodies = new Map<string, { head: Content; parts: Bytes[] }>();

  send(content: unknown, _callbacks?: unknown, buffers: ArrayBufferView[] | ArrayBuffer[] = []): void {
    // The other side of a websocket has copies; of views, JupyterLab sends the whole buffer.
    const message = structuredClone(content) as Content;
    const whole = buffers.map((part) => (ArrayBuffer.isView(part) ? part.buffer : part));
    const parts = whole.map((part) => new Uint8Array(structuredClone(part) as ArrayBuffer));
    this.sent.push(message);
    for (const part of parts) expect(part.byteLength).toBeLessThanOrEqual(PART_BYTES);
    if (message.rpc === 'request') this.bodies.set(message.id, { head: message, parts });
    if (message.rpc === 'body') this.bodies.get(message.id)!.parts.push(...parts);
    const call = this.bodies.get(message.id);
    if (message.rpc !== 'abort' && call?.parts.length === call?.head['parts'])
      this.serve(call!.head, call!.parts);
  }

  on(_event: 'msg:custom', listener: Listener): void {
    this.listeners.add(listener);
  }

  off(_event: 'msg:custom', listener: Listener): void {
    this.listeners.delete(listener);
  }

  say(content: object, ...buffers: Bytes[]): void {
    // Jupyter hands buffers over as views into larger ones.
    const views = buffers.map((bytes) => {
      const frame = new Uint8Array(bytes.length + 5);
      frame.set(bytes, 5);
      return new DataView(frame.buffer, 5);
    });
    for (const listener of [...this.listeners]) listener(content, views);
  }

  private serve(head: Content, parts: Bytes[]): void {
    const body = join(parts);
    expect(body.length).toBe(head['bytes']);
    const answer = this.answer(head, body);
    if (answer) queueMicrotask(() => this.respond(head.id, answer.status, answer.body));
  }

  private respond(id: string, status: number, body: Bytes): void {
    const parts = Math.ceil(body.length / PART_BYTES);
    const slice = (n: number) => body.slice(n * PART_BYTES, (n + 1) * PART_BYTES);
    const headers = { 'content-type': 'text/plain' };
    this.say(
      { rpc: 'response', id, status, headers, bytes: body.length, parts },
      ...(parts ? [slice(0)] : []),
    );
    for (let n = 1; n < parts; n++) this.say({ rpc: 'data', id, part: n }, slice(n));
  }
}

function join(parts: Bytes[]): Bytes {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

const noise = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 255);

/** Requests read their body first, which takes a moment. */
const moment = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('a request through the kernel', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('carries method, path, query and headers', async () => {
    const kernel = new FakeKernel();
    kernel.answer = () => ({ status: 201, body: new TextEncoder().encode('made') });
    const transport = new CommTransport(kernel);
    const query = { page: 2, org: '', none: null, deep: true };
    const response = await transport.request({
      method: 'GET',
      path: '/api/tasks',
      query,
      headers: { Accept: 'x' },
    });
    expect(kernel.sent[0]).toEqual({
      rpc: 'request',
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
      method: 'GET',
      path: 'api/tasks',
      query: { page: '2', org: '', deep: 'true' },
      headers: { Accept: 'x' },
      bytes: 0,
      parts: 0,
    });
    expect(response.status).toBe(201);
    expect(response.headers).toEqual({ 'content-type': 'text/plain' });
    expect(new TextDecoder().decode(response.body)).toBe('made');
  });

  it.each([0, 1, PART_BYTES, PART_BYTES + 1, 3 * PART_BYTES + 17])(
    'carries %i bytes both ways in small messages',
    async (length) => {
      const kernel = new FakeKernel();
      kernel.answer = (_, body) => ({ status: 200, body });
      const body = noise(length);
      const call = { method: 'POST', path: 'api/x', body: new Blob([body]) } as const;
      const response = await new CommTransport(kernel).request(call);
      expect(response.body.length).toBe(length);
      expect(response.body.every((byte, i) => byte === body[i])).toBe(true);
    },
  );

  it('answers several calls at once, each with its own', async () => {
    const kernel = new FakeKernel();
    kernel.answer = ({ path }) => ({ status: 200, body: new TextEncoder().encode(String(path)) });
    const [one, two] = [new CommTransport(kernel), new CommTransport(kernel)];
    const calls = [one, two, one].map((transport, i) =>
      transport.request({ method: 'GET', path: `api/${i}` }),
    );
    const texts = (await Promise.all(calls)).map(({ body }) => new TextDecoder().decode(body));
    expect(texts).toEqual(['api/0', 'api/1', 'api/2']);
  });

  it('leaves other messages of the widget alone', async () => {
    const kernel = new FakeKernel();
    const transport = new CommTransport(kernel);
    kernel.answer = () => {
      for (const content of [null, 'text', { event: 'click' }, { rpc: 'response', id: 'unknown' }])
        kernel.say(content as object);
      return { status: 200, body: new Uint8Array(0) };
    };
    expect((await transport.request({ method: 'GET', path: 'api/x' })).status).toBe(200);
  });

  it('can be cancelled, and tells the kernel', async () => {
    const kernel = new FakeKernel();
    const controller = new AbortController();
    const transport = new CommTransport(kernel);
    const call = transport.request({ method: 'GET', path: 'api/x', signal: controller.signal });
    await moment();
    controller.abort();
    expect(isAbort(await call.catch((error: unknown) => error))).toBe(true);
    expect(kernel.sent.map(({ rpc }) => rpc)).toEqual(['request', 'abort']);
    const late = transport.request({ method: 'GET', path: 'api/x', signal: controller.signal });
    expect(isAbort(await late.catch((error: unknown) => error))).toBe(true);
    expect(kernel.sent).toHaveLength(2);
  });

  it('fails when the kernel is silent, but not while it reports progress', async () => {
    vi.useFakeTimers();
    const kernel = new FakeKernel();
    const failed = vi.fn();
    const call = new CommTransport(kernel, 1000).request({ method: 'GET', path: 'api/x' }).catch(failed);
    await vi.advanceTimersByTimeAsync(900);
    kernel.say({ rpc: 'progress', id: kernel.sent[0]!.id });
    await vi.advanceTimersByTimeAsync(900);
    expect(failed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    await call;
    expect(failed.mock.calls[0]![0]).toBeInstanceOf(NetworkError);
  });

  it('fails with the reason that the kernel gives', async () => {
    const kernel = new FakeKernel();
    kernel.answer = ({ id }) => {
      queueMicrotask(() => kernel.say({ rpc: 'error', id, message: 'Connection refused' }));
      return null;
    };
    const call = new CommTransport(kernel).request({ method: 'GET', path: 'api/x' });
    await expect(call).rejects.toThrow(new NetworkError('Connection refused'));
  });

  it('fails when the widget goes away', async () => {
    const kernel = new FakeKernel();
    const transport = new CommTransport(kernel);
    const call = transport.request({ method: 'GET', path: 'api/x' });
    await moment();
    transport.dispose();
    await expect(call).rejects.toBeInstanceOf(NetworkError);
    expect(kernel.listeners.size).toBe(0);
  });
});
