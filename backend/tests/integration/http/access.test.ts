import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createApiRoutes } from '../../../src/app';
import type { Route } from '../../../src/controllers/route';
import { startApi, type TestApi } from './startApi';

const CLOSED = [
  ['POST', '/api/v1/tasks'],
  ['GET', '/api/v1/tasks'],
  ['DELETE', '/api/v1/tasks/1'],
  ['GET', '/api/v1/exports/all.ndjson'],
] as const;
const UNKNOWN = ['/api/v1', '/api/v1/', '/api/v1/nothing', '/api/v1/tasks/1/nothing'];

let api: TestApi;
let routes: Route[];
let revoked: string;

beforeAll(async () => {
  api = await startApi();
  const service = { version: '', pid: 0, settings: {} };
  routes = createApiRoutes({ ...api, health: {}, service, corsOrigins: [] });
  const issued = await api.apiKeyService.createKey({ name: 'revoked', scope: 'admin' });
  await api.apiKeyService.revokeKey(issued.id);
  revoked = issued.key;
});
afterAll(() => api.stop());

const ask = (method: string, path: string, authorization?: string): Promise<Response> =>
  fetch(api.url + path, {
    method,
    headers: authorization === undefined ? {} : { authorization },
  });

const countTasks = async (): Promise<number> =>
  (await api.query<{ n: number }>('SELECT count(*) AS n FROM tasks'))[0]?.n ?? -1;

const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toStartWith('application/problem+json');
  return (await response.json()) as { status: number; code: string; instance: string };
};

const notCredentials = (): [string, string | undefined][] => [
  ['none', undefined],
  ['an empty one', 'Bearer '],
  ['a made-up one', `Bearer stg_${'a'.repeat(33)}`],
  ['a short one', 'Bearer stg_a'],
  ['one with another letter at the end', `Bearer ${api.keys.admin.slice(0, -1)}!`],
  ['one in capitals', `Bearer ${api.keys.admin.toUpperCase()}`],
  ['one with a look-alike letter', `Bearer ${api.keys.admin.replace('stg', 'ѕtg')}`],
  ['another scheme', `Basic ${Buffer.from(`x:${api.keys.admin}`).toString('base64')}`],
  ['no scheme', api.keys.admin],
  ['two', `Bearer ${api.keys.admin}, Bearer ${api.keys.admin}`],
  ['a huge one', `Bearer stg_${'a'.repeat(7_000)}`],
  ['a revoked one', `Bearer ${revoked}`],
];

describe('without a valid key', () => {
  test.each(CLOSED)('%s %s is refused and writes nothing', async (method, path) => {
    const before = await countTasks();
    for (const [name, authorization] of notCredentials()) {
      // A header is made of bytes: the look-alike letter cannot even be sent.
      const response = await ask(method, path, authorization).catch(() => null);
      if (response === null) continue;
      expect([name, response.status]).toEqual([name, 401]);
      expect(response.headers.get('www-authenticate')).toStartWith('Bearer');
      expect(await problemOf(response)).toMatchObject({
        status: 401,
        code: 'unauthorized',
        detail: expect.stringContaining('in the header Authorization, behind the word Bearer'),
      });
    }
    expect(await countTasks()).toBe(before);
  });

  test.each(UNKNOWN)('%s does not tell whether it exists', async (path) => {
    expect((await ask('GET', path)).status).toBe(401);
    expect((await ask('DELETE', path)).status).toBe(401);
  });

  test('a key in the query is none', async () => {
    const response = await ask('GET', `/api/v1/tasks?key=${api.keys.admin}`);
    expect(response.status).toBe(401);
  });

  test('a body is not even read', async () => {
    const response = await fetch(`${api.url}/api/v1/tasks`, { method: 'POST', body: '{' });
    expect(response.status).toBe(401);
  });
});

describe('a key', () => {
  test('works with the scheme in any case', async () => {
    expect((await ask('GET', '/api/v1/service', `bearer ${api.keys.read}`)).status).toBe(200);
  });

  test.each(['/api/v1', '/api/v1/nothing', '/api/v1/exports/posts.exe', '/nothing', '/api'])(
    'finds nothing under %s',
    async (path) => {
      const response = await ask('GET', path, `Bearer ${api.keys.admin}`);
      expect(await problemOf(response)).toMatchObject({ status: 404, instance: path });
    },
  );

  test('asking a path by another method hears which it answers', async () => {
    for (const [path, same] of Map.groupBy(routes, (route) => route.path)) {
      const answered = same.map(({ method }) => method.toUpperCase());
      const allowed = answered.includes('GET') ? [...answered, 'HEAD'] : answered;
      const others = ['PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter((one) => !answered.includes(one));
      for (const method of others) {
        const written = path.replace(/:\w+/g, '1');
        const response = await ask(method, written, `Bearer ${api.keys.admin}`);
        expect([method, path, response.status]).toEqual([method, path, 405]);
        expect(response.headers.get('allow')?.split(', ').sort()).toEqual(allowed.toSorted());
        expect(await problemOf(response)).toMatchObject({ code: 'method_not_allowed' });
      }
    }
  });

  test('overrides no method', async () => {
    const response = await fetch(`${api.url}/api/v1/tasks`, {
      headers: { authorization: `Bearer ${api.keys.read}`, 'x-http-method-override': 'POST' },
    });
    expect(response.status).toBe(200);
  });
});

describe('browsers', () => {
  const preflight = (url: string, origin: string) =>
    fetch(`${url}/api/v1/tasks`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });

  test('of a listed origin may call, others may not', async () => {
    const listed = await startApi({ corsOrigins: ['https://desk.example'] });
    try {
      const answer = await preflight(listed.url, 'https://desk.example');
      expect(answer.status).toBe(204);
      expect(answer.headers.get('access-control-allow-origin')).toBe('https://desk.example');
      for (const origin of ['https://evil.example', 'null', 'https://desk.example.evil']) {
        const refused = await preflight(listed.url, origin);
        expect(refused.status).toBe(401);
        expect(refused.headers.get('access-control-allow-origin')).toBeNull();
        expect(refused.headers.get('vary')).toContain('Origin');
      }
    } finally {
      await listed.stop();
    }
  });

  test('are told to sniff, frame, load and keep nothing', async () => {
    const { headers } = await api.send('/tasks');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none';frame-ancestors 'none'",
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
  });
});
