import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { gzipSync } from 'node:zlib';
import type { ProblemDetails } from '@stenograf/contracts/api';
import { startApi, type TestApi } from './startApi';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const JSON_TYPE = { 'content-type': 'application/json' };

const post = (body: unknown, headers: Record<string, string> = JSON_TYPE) =>
  api.send('/tasks', {
    method: 'POST',
    headers,
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });

const problemOf = async (response: Response): Promise<ProblemDetails> => {
  expect(response.headers.get('content-type')).toStartWith('application/problem+json');
  const problem = (await response.json()) as ProblemDetails;
  expect(problem).toMatchObject({ status: response.status, title: expect.any(String) });
  expect(problem.request_id).toBe(response.headers.get('x-request-id') ?? 'none');
  return problem;
};

const countTasks = async () =>
  (await api.query<{ n: number }>('SELECT count(*) AS n FROM tasks'))[0]?.n ?? -1;

const links = (count: number) =>
  Array.from({ length: count }, (_, index) => `https://vk.com/club${index + 1}`);

describe('a body that cannot be used is refused by a sentence that names the field', () => {
  afterEach(async () => {
    expect(await countTasks()).toBe(0);
  });

  const DATE = 'Must be a date (2026-01-31), a time (2026-01-31T10:00Z) or an age (30d, 12h).';
  const ok = { communities: ['club1'] };

  test.each<[string, unknown, string, string]>([
    ['no object', [], '', 'Must be an object.'],
    ['null', 'null', '', 'Must be an object.'],
    ['a bare text', '"club1"', '', 'Must be an object.'],
    ['no communities', {}, '/communities', 'Is required.'],
    ['a text of communities', { communities: 'club1' }, '/communities', 'Must be a list.'],
    ['an empty list', { communities: [] }, '/communities', 'Name at least one community.'],
    ['blank lines', { communities: ['', ' \t'] }, '/communities', 'Name at least one community.'],
    ['a NUL alone', { communities: ['\0'] }, '/communities', 'Name at least one community.'],
    [
      'a number among lines',
      { communities: ['club1', 2] },
      '/communities/1',
      'Must be a text: a link, a short name or an id of a community.',
    ],
    [
      'a line too long',
      { communities: ['club1', 'x', 'y'.repeat(501)] },
      '/communities/2',
      'Must be 500 characters or fewer.',
    ],
    [
      '10 001 lines',
      { communities: links(10_001) },
      '/communities',
      'Holds 10001 lines; a task takes at most 10000.',
    ],
    ['an unknown name', { ...ok, comunities: 1 }, '/comunities', 'Is not known here.'],
    ['a name to escape', { ...ok, 'a/b~': 1 }, '/a~1b~0', 'Is not known here.'],
    ['a status', { ...ok, status: 'completed' }, '/status', 'Is not known here.'],
    ['posts that are none', { ...ok, posts: 10 }, '/posts', 'Must be an object.'],
    ['an unknown scope', { ...ok, posts: { from: 1 } }, '/posts/from', 'Is not known here.'],
    ['limit 0', { ...ok, posts: { limit: 0 } }, '/posts/limit', 'Must be 1 or more.'],
    ['half a post', { ...ok, posts: { limit: 1.5 } }, '/posts/limit', 'Must be a whole number.'],
    ['a text limit', { ...ok, posts: { limit: '5' } }, '/posts/limit', 'Must be a number.'],
    [
      'a limit beyond counting',
      { ...ok, posts: { limit: 3_000_000_000 } },
      '/posts/limit',
      'Must be 2147483647 or less.',
    ],
    ['a vague date', { ...ok, posts: { since: 'yesterday' } }, '/posts/since', DATE],
    ['30 February', { ...ok, posts: { until: '2026-02-30' } }, '/posts/until', DATE],
    ['an empty date', { ...ok, posts: { until: '' } }, '/posts/until', DATE],
    ['a numeric date', { ...ok, posts: { since: 1_700_000_000 } }, '/posts/since', DATE],
    [
      'since after until',
      { ...ok, posts: { since: '2026-02-01', until: '2026-01-31' } },
      '/posts/since',
      'Must not be after `until`.',
    ],
    [
      'ages the wrong way round',
      { ...ok, posts: { since: '12h', until: '30d' } },
      '/posts/since',
      'Must not be after `until`.',
    ],
    [
      'an unknown filter',
      { ...ok, posts: { filter: 'mine' } },
      '/posts/filter',
      'Must be one of all, owner, others.',
    ],
    [
      'yes for true',
      { ...ok, comments: { collect: 'yes' } },
      '/comments/collect',
      'Must be true or false.',
    ],
    ['priority 0', { ...ok, priority: 0 }, '/priority', 'Must be 1 or more.'],
    ['priority 11', { ...ok, priority: 11 }, '/priority', 'Must be 10 or less.'],
    ['an empty name', { ...ok, name: ' ' }, '/name', 'Must not be empty.'],
    ['a long name', { ...ok, name: 'x'.repeat(201) }, '/name', 'Must be 200 characters or fewer.'],
    [
      'a prototype',
      '{"communities":["club1"],"__proto__":{"priority":1}}',
      '',
      'The body holds a key that is not allowed.',
    ],
    [
      'a deep prototype',
      '{"communities":["club1"],"posts":{"__proto__":{}}}',
      '',
      'The body holds a key that is not allowed.',
    ],
    ['half a JSON', '{"communities":["club1"', '', 'The body is not valid JSON.'],
    ['two JSONs', '{}{}', '', 'The body is not valid JSON.'],
    ['no JSON', 'club1', '', 'The body is not valid JSON.'],
    [
      'depth',
      `{"communities":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      '',
      'The body is nested deeper than 32 levels.',
    ],
    ['broken UTF-8', Uint8Array.of(0x22, 0xff, 0x22), '', 'The body is not valid UTF-8.'],
  ])('%s', async (_, body, pointer, detail) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    const problem = await problemOf(response);
    expect(problem.code).toBe('validation_failed');
    expect(problem.errors).toContainEqual({ in: 'body', pointer, detail });
  });

  test('none at all', async () => {
    const response = await api.send('/tasks', { method: 'POST' });
    expect(await problemOf(response)).toMatchObject({
      status: 400,
      errors: [{ in: 'body', pointer: '', detail: 'Is required.' }],
    });
  });

  test('several things wrong are all named, and no value is repeated', async () => {
    const body = {
      communities: [],
      priority: 'vk1.a.secret',
      posts: { limit: 0, filter: 'vk1.a.secret' },
    };
    const response = await post(body);
    const text = await response.clone().text();
    expect(text).not.toContain('secret');
    expect((await problemOf(response)).errors?.map(({ pointer }) => pointer).sort()).toEqual([
      '/communities',
      '/posts/filter',
      '/posts/limit',
      '/priority',
    ]);
  });

  test('a million bad lines are refused as quickly as one', async () => {
    const response = await post(`{"communities":[${'0,'.repeat(900_000)}0]}`);
    const problem = await problemOf(response);
    expect(problem.status).toBe(400);
    expect(problem.errors).toHaveLength(1);
  });

  test('more unknown names than anybody reads are cut', async () => {
    const names = Array.from({ length: 5_000 }, (_, index) => [`n${index}`, 1]);
    const problem = await problemOf(await post(Object.fromEntries(names)));
    expect(problem.errors).toHaveLength(20);
  });

  test.each([
    ['text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['no type', { 'content-type': '' }],
    ['UTF-16', { 'content-type': 'application/json; charset=utf-16' }],
    ['an unknown encoding', { ...JSON_TYPE, 'content-encoding': 'br2' }],
  ])('%s is a media type that is not supported', async (_, headers) => {
    const response = await post('{"communities":["club1"]}', headers);
    expect(await problemOf(response)).toMatchObject({
      status: 415,
      code: 'unsupported_media_type',
    });
  });

  test('more than 2 MB are too large, also when they come packed', async () => {
    const large = JSON.stringify({ communities: ['x'.repeat(2 * 1024 * 1024)] });
    expect(await problemOf(await post(large))).toMatchObject({
      status: 413,
      code: 'payload_too_large',
    });
    const packed = await post(gzipSync(large), { ...JSON_TYPE, 'content-encoding': 'gzip' });
    expect(packed.status).toBe(413);
  });
});

describe('parameters that cannot be used are refused', () => {
  const LIMIT = 'Must be a whole number from 1 to 500.';
  const ID = 'Must be an id: a whole number above 0.';
  const CURSOR = 'Must be the `next` of a page of this list, with the same filters and order.';

  test.each<[string, string, string]>([
    ['/tasks?limit=0', 'query/limit', LIMIT],
    ['/tasks?limit=501', 'query/limit', LIMIT],
    ['/tasks?limit=1e2', 'query/limit', LIMIT],
    ['/tasks?limit=%205', 'query/limit', LIMIT],
    ['/tasks?limit=', 'query/limit', LIMIT],
    ['/tasks?limit=1&limit=2', 'query/limit', LIMIT],
    ['/tasks?limit=99999999999999999999', 'query/limit', LIMIT],
    ['/tasks?cursor=5', 'query/cursor', CURSOR],
    ['/tasks?cursor=MQ==', 'query/cursor', CURSOR],
    ['/tasks?cursor=LTE', 'query/cursor', CURSOR],
    [`/tasks?cursor=${'a'.repeat(2_000)}`, 'query/cursor', CURSOR],
    ['/tasks?page=2', 'query/page', 'Is not known here.'],
    ['/tasks?limit[gt]=2', 'query/limit[gt]', 'Is not known here.'],
    ['/tasks?__proto__=2', 'query/__proto__', 'Is not known here.'],
    ['/tasks/0', 'path/id', ID],
    ['/tasks/-1', 'path/id', ID],
    ['/tasks/abc', 'path/id', ID],
    ['/tasks/1.0', 'path/id', ID],
    ['/tasks/%00', 'path/id', ID],
    ['/tasks/9007199254740993', 'path/id', ID],
    ["/tasks/1'%20OR%201=1", 'path/id', ID],
    ['/tasks/x/targets', 'path/id', ID],
    ['/tasks/x/events', 'path/id', ID],
    ['/tasks/1?verbose=1', 'query/verbose', 'Is not known here.'],
    ['/service?x=1', 'query/x', 'Is not known here.'],
    ['/exports/all.ndjson?task=x', 'query/task', ID],
    ['/exports/all.ndjson?format=csv', 'query/format', 'Is not known here.'],
    [
      '/exports/all.ndjson?since=2026-02-30',
      'query/since',
      expect.stringContaining('Must be a date'),
    ],
    [
      '/exports/all.ndjson?since=2026-02-01&until=2026-01-01',
      'query/since',
      'Must not be after `until`.',
    ],
    [
      '/exports/all.ndjson?community=apiclub',
      'query/community',
      'Must be the id of a community, such as 1 or club1.',
    ],
    [
      '/exports/all.ndjson?community=1&community=x',
      'query/community/1',
      'Must be the id of a community, such as 1 or club1.',
    ],
  ])('%s', async (path, place, detail) => {
    const response = await api.send(path);
    expect(response.status).toBe(400);
    const { errors = [] } = await problemOf(response);
    const places = errors.map((error) => [error.in + error.pointer, error.detail]);
    expect(places).toContainEqual([place, detail]);
  });

  test('a path that cannot be decoded is refused', async () => {
    expect(await problemOf(await api.send('/tasks/%zz'))).toMatchObject({
      status: 400,
      code: 'validation_failed',
    });
  });

  test.each(['/tasks/999', '/tasks/999/targets', '/tasks/999/events'])(
    '%s names no task',
    async (path) => {
      const problem = await problemOf(await api.send(`${path}?`));
      expect(problem).toMatchObject({ status: 404, code: 'not_found' });
      expect(problem.instance).toBe(`/api/v1${path}`);
    },
  );
});

test.each(['*', '"a version"'])(
  'an answer is given in full to `If-None-Match: %s`',
  async (tag) => {
    for (const path of ['/api/v1/tasks', '/openapi.json', '/health/live']) {
      const response = await fetch(api.url + path, {
        headers: { authorization: `Bearer ${api.keys.read}`, 'if-none-match': tag },
      });
      expect({ path, status: response.status }).toEqual({ path, status: 200 });
      expect(await response.json()).toBeObject();
    }
  },
);
