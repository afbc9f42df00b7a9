import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ImportDto, ProblemDetails } from '@stenograf/contracts/api';
import { createSandbox, type Sandbox } from '@stenograf/sandbox';
import { createWorld } from '@stenograf/sandbox/world/createWorld';
import { eventually } from '../../support/eventually';
import { startApi, type TestApi } from './startApi';

const MANY = 4_000;
let sandbox: Sandbox;
let api: TestApi;

beforeAll(async () => {
  const world = createWorld(
    {
      users: 5,
      personName: 'anna_vetrova',
      appName: 'some_app',
      communities: [
        { id: 1, screenName: 'apiclub', name: 'Клуб', posts: [] },
        { id: 2, state: 'closed', posts: [] },
        { id: 3, state: 'banned', posts: [] },
        { id: 4, state: 'deleted', posts: [] },
        ...Array.from({ length: MANY }, (_, index) => ({ id: 10_000 + index, posts: [] })),
      ],
    },
    7,
  );
  sandbox = await createSandbox({
    world,
    tokens: [{ token: 'sandbox-user-token', kind: 'user', rps: 50 }],
  });
  api = await startApi({
    env: { VK_API_URL: sandbox.url, VK_TOKENS: 'sandbox-user-token', VK_USER_RPS: '50' },
  });
});
afterAll(async () => {
  await api.stop();
  await sandbox.stop();
});

const post = (
  body: NonNullable<RequestInit['body']>,
  headers: Record<string, string> = {},
): Promise<Response> => api.send('/communities/import', { method: 'POST', body, headers });

const importText = async (text: string): Promise<ImportDto> => {
  const response = await post(text, { 'content-type': 'text/plain' });
  expect(response.status).toBe(200);
  return (await response.json()) as ImportDto;
};

test('every line is answered with what it names', async () => {
  const { lines, counts } = await importText(
    [
      '# из таблицы',
      'https://vk.com/apiclub',
      'club1',
      'club2',
      'vk.ru/public3',
      'event4',
      'anna_vetrova',
      'id5',
      'some_app',
      'nobody_has_this_name',
      'club999999',
      'не ссылка',
      'https://example.com/club1',
      'https://vk.com/wall-1_5',
      'https://vk.com/apiclub',
    ].join('\r\n'),
  );
  expect(lines.map(({ line, status, duplicate_of: of }) => [line, status, of])).toEqual([
    [2, 'accepted', null],
    [3, 'duplicate', 2],
    [4, 'closed', null],
    [5, 'banned', null],
    [6, 'deleted', null],
    [7, 'a_person', null],
    [8, 'a_person', null],
    [9, 'not_a_community', null],
    [10, 'not_found', null],
    [11, 'not_found', null],
    [12, 'bad_reference', null],
    [13, 'bad_reference', null],
    [14, 'duplicate', 2],
    [15, 'duplicate', 2],
  ]);
  expect(counts).toMatchObject({ accepted: 1, duplicate: 3, not_found: 2, unresolved: 0 });
  expect(lines[0]?.community).toEqual({ id: 1, name: 'Клуб', screen_name: 'apiclub' });
  expect(lines.every(({ status, reason }) => (status === 'accepted') === (reason === null))).toBe(
    true,
  );
});

test('ten thousand lines take a few dozen calls', async () => {
  const before = sandbox.stats();
  const lines = Array.from({ length: 10_000 }, (_, index) => `club${10_000 + (index % MANY)}`);
  const { counts } = await importText(lines.join('\n'));
  expect(counts).toMatchObject({ accepted: MANY, duplicate: 10_000 - MANY });
  const after = sandbox.stats();
  expect(after.calls - before.calls).toBeLessThanOrEqual(Math.ceil(MANY / 500));
  expect(after.violations).toEqual([]);
  const [stored] = await api.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM communities WHERE id >= 10000',
  );
  expect(stored).toEqual({ n: MANY });
});

test.each([
  ['windows-1251', Uint8Array.of(0x23, 0xcf, 0xf0, 0x0a, 0x63, 0x6c, 0x75, 0x62, 0x31)],
  ['utf-16le', Buffer.from('\uFEFF#Пр\nclub1', 'utf16le')],
  ['utf-8', Buffer.from('#Пр\nclub1')],
])('a file in %s is read, as a body and as the file of a form', async (encoding, bytes) => {
  const asBody = await post(bytes, { 'content-type': 'application/octet-stream' });
  const form = new FormData();
  form.append('file', new Blob([bytes]), 'список.txt');
  const asForm = await post(form);
  for (const response of [asBody, asForm]) {
    expect(await response.json()).toMatchObject({
      encoding,
      lines: [{ line: 2, ref: 'club1', status: 'accepted' }],
    });
  }
});

test('a text may come as JSON', async () => {
  const response = await post(JSON.stringify({ text: 'club1' }), {
    'content-type': 'application/json',
  });
  expect(await response.json()).toMatchObject({ encoding: null, counts: { accepted: 1 } });
});

test.each([
  ['nothing', 'text/plain', ' \n# only a comment', 400],
  ['too many lines', 'text/plain', 'club1\n'.repeat(10_001), 400],
  ['a form without a file', 'multipart/form-data; boundary=x', '--x--\r\n', 400],
  ['a broken form', 'multipart/form-data', 'club1', 400],
  ['JSON of another shape', 'application/json', '{"lines":["club1"]}', 400],
  ['another type', 'application/pdf', 'club1', 415],
  ['more than 2 MB', 'text/plain', 'x'.repeat(2 * 1024 * 1024 + 1), 413],
])('%s is refused with a sentence', async (_what, type, body, status) => {
  const response = await post(body, { 'content-type': type });
  expect(response.status).toBe(status);
  expect(((await response.json()) as ProblemDetails).detail).toBeString();
});

test('a list that is sent again with its key asks VK nothing', async () => {
  const headers = { 'content-type': 'text/plain', 'idempotency-key': 'list-1' };
  const first = await (await post('club1\nclub2', headers)).json();
  const { calls } = sandbox.stats();
  const again = await post('club1\nclub2', headers);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(await again.json()).toEqual(first);
  expect(sandbox.stats().calls).toBe(calls);
  expect((await post('club1', headers)).status).toBe(422);
});

test('while a list is at work its key is taken, and free again if its reader leaves', async () => {
  const headers = { 'content-type': 'text/plain', 'idempotency-key': 'slow' };
  sandbox.faults.add({ kind: 'slow', ms: 1_500 });
  const { requests } = sandbox.stats();
  const leave = new AbortController();
  const slow = api
    .send('/communities/import', { method: 'POST', body: 'club1', headers, signal: leave.signal })
    .catch(() => null);
  await eventually(async () => (sandbox.stats().requests > requests ? true : null), {
    withinMs: 10_000,
    what: 'the question to VK',
  });
  expect((await post('club1', headers)).status).toBe(409);
  leave.abort();
  await slow;
  await eventually(async () => ((await post('club1', headers)).status === 200 ? true : null), {
    withinMs: 10_000,
    what: 'the key to be free again',
  });
  expect(api.logLines.filter((line) => line.includes('Request failed'))).toEqual([]);
});

test('lines that VK cannot be asked about are said to be so', async () => {
  sandbox.faults.add({ kind: 'vk-error', code: 5, times: 'always' });
  const { lines } = await importText('club77777\nid5');
  expect(lines.map(({ status }) => status)).toEqual(['unresolved', 'a_person']);
  expect(lines[0]?.reason).toBeString();
});
