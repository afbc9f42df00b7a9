import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createApiRoutes } from '../../../src/app';
import { startApi, type TestApi } from './startApi';

const BODY = JSON.stringify({ communities: ['club1'] });
/** Each route of the table, the least scope it needs and what it answers to it. */
const ROUTES = [
  ['POST', '/api/v1/tasks', 'write', 202],
  ['GET', '/api/v1/tasks', 'read', 200],
  ['GET', '/api/v1/tasks/:id', 'read', 200],
  // Of a task that is queued.
  ['POST', '/api/v1/tasks/:id/pause', 'write', 200],
  ['POST', '/api/v1/tasks/:id/resume', 'write', 409],
  ['POST', '/api/v1/tasks/:id/cancel', 'write', 200],
  ['POST', '/api/v1/tasks/:id/retry', 'write', 409],
  ['DELETE', '/api/v1/tasks/:id', 'write', 409],
  ['GET', '/api/v1/tasks/:id/targets', 'read', 200],
  ['GET', '/api/v1/tasks/:id/events', 'read', 200],
  ['GET', '/api/v1/vk-tokens', 'admin', 200],
  // Without a body; in a service without a secret; and of a token that is not there.
  ['POST', '/api/v1/vk-tokens', 'admin', 400],
  ['POST', '/api/v1/vk-tokens/rotate', 'admin', 409],
  ['GET', '/api/v1/vk-tokens/:id', 'admin', 404],
  ['DELETE', '/api/v1/vk-tokens/:id', 'admin', 404],
  ['POST', '/api/v1/vk-tokens/:id/check', 'admin', 404],
  ['GET', '/api/v1/quota', 'admin', 200],
  ['GET', '/api/v1/exports/posts.ndjson', 'read', 200],
  ['GET', '/api/v1/exports/comments.ndjson', 'read', 200],
  ['GET', '/api/v1/exports/all.ndjson', 'read', 200],
  ['GET', '/api/v1/service', 'read', 200],
  ['GET', '/health/live', 'open', 200],
  ['GET', '/health/ready', 'open', 200],
] as const;
const CLOSED = ROUTES.filter(([, , scope]) => scope !== 'open');
const UNKNOWN = ['/api/v1', '/api/v1/', '/api/v1/nothing', '/api/v1/tasks/1/nothing'];

let api: TestApi;
let taskId: number;
let revoked: string;

beforeAll(async () => {
  api = await startApi();
  taskId = (await api.taskService.createTask({ communities: ['club1'] })).id;
  const issued = await api.apiKeyService.createKey({ name: 'revoked', scope: 'admin' });
  await api.apiKeyService.revokeKey(issued.id);
  revoked = issued.key;
});
afterAll(() => api.stop());

/** What moves a task gets one of its own, so that no answer depends on the one before. */
const idFor = async (method: string, path: string, authorization = ''): Promise<number> => {
  const { admin, write } = api.keys;
  const mayWrite = [`Bearer ${admin}`, `Bearer ${write}`].includes(authorization);
  if (method === 'GET' || !path.includes(':id') || !mayWrite) return taskId;
  return (await api.taskService.createTask({ communities: ['club1'] })).id;
};

const ask = async (method: string, path: string, authorization?: string): Promise<Response> =>
  fetch(api.url + path.replace(':id', String(await idFor(method, path, authorization))), {
    method,
    headers: {
      'content-type': 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
    },
    ...(method === 'POST' && path.endsWith('/tasks') ? { body: BODY } : {}),
  });

const countTasks = async (): Promise<number> =>
  (await api.query<{ n: number }>('SELECT count(*) AS n FROM tasks'))[0]?.n ?? -1;

const problemOf = async (response: Response) => {
  expect(response.headers.get('content-type')).toStartWith('application/problem+json');
  return (await response.json()) as { status: number; code: string; instance: string };
};

test('the matrix of this file names every route there is', () => {
  const routes = createApiRoutes({
    ...api,
    health: {},
    service: { version: '', pid: 0, settings: {} },
    corsOrigins: [],
  });
  expect(routes.map(({ method, path, scope }) => [method.toUpperCase(), path, scope])).toEqual(
    ROUTES.map(([method, path, scope]) => [method, path, scope]),
  );
  expect(routes.filter(({ path, scope }) => path.startsWith('/api/') && scope === 'open')).toEqual(
    [],
  );
});

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
      expect(await problemOf(response)).toMatchObject({ status: 401, code: 'unauthorized' });
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
  const RANK = { open: 0, read: 0, write: 1, admin: 2 };

  test.each(ROUTES)('may %s %s from scope %s on', async (method, path, scope, success) => {
    for (const presented of ['read', 'write', 'admin'] as const) {
      const response = await ask(method, path, `Bearer ${api.keys[presented]}`);
      const allowed = RANK[presented] >= RANK[scope];
      expect([presented, response.status]).toEqual([presented, allowed ? success : 403]);
      if (allowed) await response.text();
      else expect(await problemOf(response)).toMatchObject({ code: 'forbidden' });
    }
  });

  test('that may not write leaves nothing written', async () => {
    const before = await countTasks();
    await ask('POST', '/api/v1/tasks', `Bearer ${api.keys.read}`);
    expect(await countTasks()).toBe(before);
  });

  test('works with the scheme in any case', async () => {
    expect((await ask('GET', '/api/v1/service', `bearer ${api.keys.read}`)).status).toBe(200);
  });

  test.each(['/api/v1', '/api/v1/nothing', '/api/v1/exports/posts.csv', '/nothing', '/api'])(
    'finds nothing under %s',
    async (path) => {
      const response = await ask('GET', path, `Bearer ${api.keys.admin}`);
      expect(await problemOf(response)).toMatchObject({ status: 404, instance: path });
    },
  );

  test.each(ROUTES)('asking %s %s by another method hears which it answers', async (_, path) => {
    const answered = ROUTES.filter((route) => route[1] === path).map(([method]) => method);
    const expected = (answered as string[]).includes('GET') ? [...answered, 'HEAD'] : answered;
    const others = ['PUT', 'PATCH', 'DELETE', 'OPTIONS'].filter(
      (method) => !(answered as string[]).includes(method),
    );
    for (const method of others) {
      const response = await ask(method, path, `Bearer ${api.keys.admin}`);
      expect(await problemOf(response)).toMatchObject({ status: 405, code: 'method_not_allowed' });
      expect(response.headers.get('allow')?.split(', ').sort()).toEqual([...expected].sort());
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
