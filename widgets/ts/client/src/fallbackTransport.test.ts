import { describe, expect, it } from 'vitest';
import { NetworkError } from './errors';
import { FallbackTransport } from './fallbackTransport';
import { type FakeAnswer, FakeServer } from './testing/fakeServer';

const ABOUT = { name: 'cvat_lab', description: '', version: '2.80.0', logo_url: '', subtitle: '' };

/** A server that answers as ours does. */
function ours(name: string): FakeServer {
  return new FakeServer(({ path }) =>
    path === 'api/server/about' ? { json: ABOUT } : { json: { from: name } },
  );
}

async function ask(transport: FallbackTransport, method: 'GET' | 'POST' = 'GET'): Promise<unknown> {
  const { body } = await transport.request({ method, path: 'api/x' });
  return (JSON.parse(new TextDecoder().decode(body)) as { from: string }).from;
}

describe('the choice between HTTP and comm', () => {
  it('is HTTP when our server answers, and is made once', async () => {
    const [http, comm] = [ours('http'), ours('comm')];
    const transport = new FallbackTransport(http, comm);
    expect(transport.active).toBeNull();
    expect(await Promise.all([ask(transport), ask(transport)])).toEqual(['http', 'http']);
    expect(transport.active).toBe('http');
    expect(http.calls.map(({ path }) => path)).toEqual([
      'api/server/about',
      'api/users/self',
      'api/x',
      'api/x',
    ]);
    expect(comm.calls).toEqual([]);
  });

  const html = new TextEncoder().encode('<html>hello</html>');
  it.each<[string, FakeAnswer]>([
    ['a page of a proxy', { body: html }],
    ['404', { status: 404, json: ABOUT }],
    ['another CVAT', { json: { ...ABOUT, name: 'Computer Vision Annotation Tool' } }],
    ['JSON of something else', { json: ['x'] }],
    ['null', { json: null }],
  ])('is comm when HTTP answers with %s', async (_, answer) => {
    const transport = new FallbackTransport(new FakeServer(() => answer), ours('comm'));
    expect(await ask(transport)).toBe('comm');
    expect(transport.active).toBe('comm');
  });

  it('is comm when the page is not logged in to the server', async () => {
    const http = new FakeServer(({ path }) =>
      path === 'api/server/about' ? { json: ABOUT } : { status: 401, json: {} },
    );
    expect(await ask(new FallbackTransport(http, ours('comm')))).toBe('comm');
  });

  it('is comm when HTTP does not answer in time', async () => {
    const silent = new FakeServer(() => new Promise(() => {}));
    silent.request = ({ signal }) =>
      new Promise((_, reject) =>
        signal!.addEventListener('abort', () => reject(signal!.reason), { once: true }),
      );
    expect(await ask(new FallbackTransport(silent, ours('comm'), { patience: 20 }))).toBe('comm');
  });

  it('goes back to HTTP when it works later', async () => {
    const http = ours('http');
    http.online = false;
    const transport = new FallbackTransport(http, ours('comm'), { recheck: 0 });
    expect(await ask(transport)).toBe('comm');
    http.online = true;
    await new Promise((resolve) => setTimeout(resolve, 5));
    await ask(transport);
    await expect.poll(() => transport.active).toBe('http');
    expect(await ask(transport)).toBe('http');
  });

  it('moves to comm when HTTP breaks, and repeats only what does no harm', async () => {
    const http = ours('http');
    const transport = new FallbackTransport(http, ours('comm'));
    await ask(transport);
    http.online = false;
    await expect(ask(transport, 'POST')).rejects.toBeInstanceOf(NetworkError);
    expect(transport.active).toBe('comm');
    expect(await ask(transport, 'POST')).toBe('comm');
  });

  it('repeats a GET over comm at once', async () => {
    const http = ours('http');
    const transport = new FallbackTransport(http, ours('comm'));
    await ask(transport);
    http.online = false;
    expect(await ask(transport)).toBe('comm');
  });

  it('stays with HTTP after a single lost connection', async () => {
    const http = ours('http');
    const transport = new FallbackTransport(http, ours('comm'));
    await ask(transport);
    http.faults.push('lost-request');
    await expect(ask(transport)).rejects.toBeInstanceOf(NetworkError);
    expect(transport.active).toBe('http');
  });
});
