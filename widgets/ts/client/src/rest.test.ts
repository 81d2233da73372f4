import { describe, expect, it } from 'vitest';
import { Api } from './api';
import { emptyChange } from './changes';
import { ApiError, FormatError, NetworkError, StaleRevisionError } from './errors';
import { type FakeAnswer, FakeServer } from './testing/fakeServer';
import { ownPath, queryString } from './transport';

function api(answer: FakeAnswer, organization: string | null = null) {
  const server = new FakeServer(() => answer);
  return { server, api: new Api(server, organization) };
}

describe('calls', () => {
  it('send JSON, query and organization', async () => {
    const { server, api: client } = api({ json: { id: 4 } }, 'lab');
    expect(await client.createTask({ name: 'cats' })).toEqual({ id: 4 });
    const [call] = server.calls;
    expect(call).toMatchObject({ method: 'POST', path: 'api/tasks' });
    expect(call!.headers).toEqual({ 'Content-Type': 'application/json', 'X-Organization': 'lab' });
    expect(new TextDecoder().decode(call!.body)).toBe('{"name":"cats"}');
  });

  it('R3.11 list with search, sort, page and JsonLogic filter', async () => {
    const { server, api: client } = api({ json: { count: 0, next: null, previous: null, results: [] } });
    const filter = { '==': [{ var: 'mode' }, 'annotation'] };
    await client.tasks({ search: 'cat', sort: '-id', page: 2, filter, project_id: 5 });
    expect(server.calls[0]!.query).toEqual({
      search: 'cat',
      sort: '-id',
      page: 2,
      filter: JSON.stringify(filter),
      project_id: 5,
    });
  });

  it('ask for all labels of an owner at once', async () => {
    const { server, api: client } = api({
      json: { count: 1, next: null, previous: null, results: [{ id: 1 }] },
    });
    expect(await client.labels({ kind: 'job', id: 9 })).toEqual([{ id: 1 }]);
    expect(server.calls[0]!.query).toEqual({ job_id: 9, page_size: 'all' });
  });

  it('give bytes with their media type', async () => {
    const { api: client } = api({ headers: { 'content-type': 'image/png' }, body: new Uint8Array([1, 2]) });
    const image = await client.frameImage(3, 17, 'display');
    expect(image.type).toBe('image/png');
    expect([...new Uint8Array(await image.arrayBuffer())]).toEqual([1, 2]);
  });

  it('encode ids of requests, which may have any characters', async () => {
    const { server, api: client } = api({ json: {} });
    await client.request('a=b/c');
    expect(server.calls[0]!.path).toBe('api/requests/a%3Db%2Fc');
  });

  it('have no preview where the server has none', async () => {
    const { api: client } = api({ status: 404, json: { detail: 'Not found.' } });
    expect(await client.preview({ kind: 'task', id: 1 })).toBeNull();
    expect(await client.videoIndex(1)).toBeNull();
  });
});

describe('errors', () => {
  it.each([
    [400, { detail: 'Bad frame.' }, 'Bad frame.'],
    [400, { name: ['Too long.', 'Not unique.'] }, 'name: Too long. Not unique.'],
    [400, ['One.', 'Two.'], 'One. Two.'],
    [400, { non_field_errors: ['Unable to log in.'] }, 'Unable to log in.'],
    [403, 'Only the owner may.', 'Only the owner may.'],
    [500, undefined, 'The server answered with status 500.'],
  ])('of status %i and body %j say it in words', async (status, json, message) => {
    const { api: client } = api({ status, json });
    const error = await client.self().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status, message });
  });

  it('do not quote the pages of proxies', async () => {
    const page = new TextEncoder().encode('<html>Bad gateway</html>');
    const { api: client } = api({ status: 502, body: page });
    await expect(client.self()).rejects.toThrow('The server answered with status 502.');
  });

  it('name a page that came in place of JSON', async () => {
    const { api: client } = api({ body: new TextEncoder().encode('<html>Log in</html>') });
    await expect(client.self()).rejects.toThrow(FormatError);
  });

  it('tell a stale revision from other conflicts', async () => {
    const missed = emptyChange();
    const stale = api({ status: 409, json: { detail: 'Changed.', revision: 8, missed } }).api;
    const error = await stale.sendChanges(1, emptyChange()).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StaleRevisionError);
    expect(error).toMatchObject({ revision: 8, missed, message: 'Changed.' });
    const other = api({ status: 409, json: { detail: 'Busy.' } }).api;
    await expect(other.sendChanges(1, emptyChange())).rejects.not.toBeInstanceOf(StaleRevisionError);
  });

  it('know which of them may pass', () => {
    expect([400, 403, 404, 409, 413].filter((status) => new ApiError(status, '').temporary)).toEqual([]);
    expect([401, 408, 429, 500, 503].every((status) => new ApiError(status, '').temporary)).toBe(true);
  });

  it('of the network pass through', async () => {
    const { server, api: client } = api({});
    server.online = false;
    await expect(client.about()).rejects.toBeInstanceOf(NetworkError);
  });
});

describe('paths', () => {
  it('are taken out of the absolute URLs that the server makes', () => {
    expect(ownPath('http://kernel:9/user/api/ann/cvat-lab/api/tasks/5/data/abc')).toEqual({
      path: 'api/tasks/5/data/abc',
      query: {},
    });
    expect(ownPath('https://h/api/tasks/5/dataset/download?rq_id=a%3Db')).toEqual({
      path: 'api/tasks/5/dataset/download',
      query: { rq_id: 'a=b' },
    });
    expect(() => ownPath('https://elsewhere/x')).toThrow('it has no /api/ in its path');
  });

  it('leave out parameters that are not given', () => {
    expect(queryString({ a: 1, b: null, c: undefined, d: 'x y', e: false })).toBe('?a=1&d=x+y&e=false');
    expect(queryString()).toBe('');
  });
});
