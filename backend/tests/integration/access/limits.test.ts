import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import { startApi, type TestApi } from '../http/startApi';
import { signInAs } from './browser';

const PER_MINUTE = 20;

describe('requests', () => {
  let api: TestApi;
  let beside: TestApi;
  beforeAll(async () => {
    const access = { requestsPerMinute: PER_MINUTE };
    api = await startApi({ access });
    beside = await startApi({ access, beside: api });
  });
  afterAll(async () => {
    await beside.stop();
    await api.stop();
  });

  const ask = (key: string, { url } = api) =>
    fetch(`${url}/api/v1/service`, { headers: { authorization: `Bearer ${key}` } });

  test('are counted by key over all processes, and every answer says what is left', async () => {
    const first = await ask(api.keys.read);
    expect(first.headers.get('ratelimit-policy')).toMatch(
      new RegExp(`^"requests"; q=${PER_MINUTE}; w=60`),
    );
    expect(first.headers.get('ratelimit')).toMatch(
      new RegExp(`^"requests"; r=${PER_MINUTE - 1}; t=\\d+$`),
    );
    const answers = await Promise.all(
      Array.from({ length: PER_MINUTE + 4 }, (_, n) => ask(api.keys.read, n % 2 ? api : beside)),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(5);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await refused[0]?.json()) as object).toMatchObject({
      code: 'too_many_requests',
      detail: `At most ${PER_MINUTE} requests a minute.`,
    });
    expect((await ask(api.keys.write)).status).toBe(200);
  });

  test('of a person are counted apart from the key of the same number', async () => {
    const browser = await signInAs(api, 'anna', 'viewer');
    const answer = await browser.send('/session');
    expect(answer.headers.get('ratelimit')).toContain(`r=${PER_MINUTE - 1};`);
    expect(api.logLines.join('\n')).not.toContain('"level":"error"');
  });

  test('without a credential use up nobody else’s', async () => {
    const answers = await Promise.all(
      Array.from({ length: PER_MINUTE + 1 }, () => ask(`stg_${'a'.repeat(33)}`)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect(answers[0]?.headers.get('ratelimit')).toBeNull();
  });

  test('are served unlimited while Redis is away, which the log says once', async () => {
    const { redis } = beside;
    redis.disconnect();
    const answers = [];
    for (let n = 0; n < PER_MINUTE + 2; n += 1) {
      answers.push((await ask(api.keys.admin, beside)).status);
    }
    expect(new Set(answers)).toEqual(new Set([200]));
    const warnings = beside.logLines.filter((line) => line.includes('Requests are not limited'));
    expect(warnings).toHaveLength(1);
  });
});

describe('a request that is bent', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  /** As it is written: fetch would mend it. @returns all that came back before the end. */
  const sendRaw = (text: string): Promise<string> =>
    new Promise((resolve) => {
      const { hostname, port } = new URL(api.url);
      const socket = connect(Number(port), hostname);
      let answer = '';
      socket.on('data', (chunk) => (answer += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(answer));
      socket.write(text);
    });

  const statusOf = (answer: string): string => /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'cut';
  const get = (path: string, headers = '') =>
    sendRaw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`);

  test.each([
    '/api/v1',
    '/api/v1/',
    '/api/v1/tasks/',
    '/API/V1/tasks',
    '/api/v1//tasks',
    '/api/v1/./tasks',
    '/api/v1/health/live',
    '/api/v1/../v1/tasks',
    '/api/v1/%74asks',
    '/api/v1/tasks%2f1',
    '/api/v1/tasks%00',
    '/api/v1/tasks;x=1',
    '/api/v1/session/../tasks',
    '/api/v1/session/',
    '/api/v1/SESSION',
    '/api/v1/sessio%6e',
    '/api/v1/tasks?x=/health/live',
  ])('%s needs a credential', async (path) => {
    expect(statusOf(await get(path))).toBe('401');
    if (!path.includes('ession')) return;
    const post = await sendRaw(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}`,
    );
    expect(statusOf(post)).toBe('401');
  });

  test.each([
    '//api/v1/tasks',
    '/./api/v1/tasks',
    '/health/../api/v1/tasks',
    '/health/live/../../api/v1/tasks',
    '/%61pi/v1/tasks',
    '/api%2fv1/tasks',
    '\\api\\v1\\tasks',
    'http://127.0.0.1/api/v1/tasks',
  ])('%s reaches nothing', async (path) => {
    expect(['400', '401', '404', 'cut']).toContain(statusOf(await get(path)));
  });

  test.each<[string, string]>([
    ['5 000 headers', 'a: b\r\n'.repeat(5_000)],
    ['a header of a megabyte', `a: ${'b'.repeat(1_000_000)}\r\n`],
    ['a megabyte of cookies', `Cookie: ${'a=b; '.repeat(200_000)}\r\n`],
    ['two lengths', 'Content-Length: 1\r\nContent-Length: 2\r\n'],
    ['a length and chunks', 'Content-Length: 1\r\nTransfer-Encoding: chunked\r\n'],
  ])('with %s is cut off, and the next one served', async (_, headers) => {
    expect(['400', '431', 'cut']).toContain(statusOf(await get('/health/live', headers)));
    expect(statusOf(await get('/health/live'))).toBe('200');
  });
});
