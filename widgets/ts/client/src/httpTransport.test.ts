import { afterEach, describe, expect, it, vi } from 'vitest';
import { isAbort, NetworkError } from './errors';
import { HttpTransport } from './httpTransport';

type Fetch = typeof globalThis.fetch;

/** Put a fetch in place that records requests. */
function stubFetch(answer: () => Response | Promise<Response> = () => new Response('ok', { status: 200 })) {
  const fetch = vi.fn<Fetch>(async () => answer());
  vi.stubGlobal('fetch', fetch);
  return {
    url: () => String(fetch.mock.calls[0]![0]),
    headers: () => fetch.mock.calls[0]![1]!.headers as Record<string, string>,
  };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('a request over HTTP', () => {
  it.each(['http://h:8888/user/ann/cvat-lab', 'http://h:8888/user/ann/cvat-lab/'])(
    'goes below %s',
    async (base) => {
      const { url } = stubFetch();
      await new HttpTransport(base).request({ method: 'GET', path: '/api/tasks', query: { page: 2 } });
      expect(url()).toBe('http://h:8888/user/ann/cvat-lab/api/tasks?page=2');
    },
  );

  it('is relative to the page', async () => {
    vi.stubGlobal('location', { href: 'https://hub/user/ann/lab/tree?x=1' });
    const transport = new HttpTransport('/user/ann/cvat-lab/');
    expect(transport.url('api/x', { a: 1 })).toBe('https://hub/user/ann/cvat-lab/api/x?a=1');
  });

  it("carries Jupyter's XSRF cookie, and that of a stand-alone server", async () => {
    vi.stubGlobal('document', { cookie: 'other=1; _xsrf=2%7Cabc; csrftoken=token' });
    const { headers } = stubFetch();
    await new HttpTransport('http://h/').request({ method: 'POST', path: 'api/x', headers: { Accept: 'y' } });
    expect(headers()).toEqual({ 'X-XSRFToken': '2|abc', 'X-CSRFToken': 'token', Accept: 'y' });
  });

  it('carries a token instead of cookies', async () => {
    vi.stubGlobal('document', { cookie: '_xsrf=abc' });
    const { headers } = stubFetch();
    await new HttpTransport('http://h/', { token: 'secret' }).request({ method: 'GET', path: 'api/x' });
    expect(headers()).toEqual({ Authorization: 'Bearer secret' });
  });

  it('resolves with any status, with headers in lower case', async () => {
    stubFetch(() => new Response('gone', { status: 404, headers: { 'X-Thing': 'A' } }));
    const response = await new HttpTransport('http://h/').request({ method: 'GET', path: 'api/x' });
    expect(response.status).toBe(404);
    expect(response.headers['x-thing']).toBe('A');
    expect(new TextDecoder().decode(response.body)).toBe('gone');
  });

  it('names the address that cannot be reached', async () => {
    stubFetch(() => Promise.reject(new TypeError('Failed to fetch')));
    const call = new HttpTransport('http://h/').request({ method: 'GET', path: 'api/x' });
    await expect(call).rejects.toThrow(new NetworkError('The server at http://h/api/x cannot be reached.'));
  });

  it('stays an AbortError when it is cancelled', async () => {
    stubFetch(() => Promise.reject(new DOMException('stop', 'AbortError')));
    const call = new HttpTransport('http://h/').request({ method: 'GET', path: 'api/x' });
    expect(isAbort(await call.catch((error: unknown) => error))).toBe(true);
  });
});
