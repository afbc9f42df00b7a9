import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { ROLES, SCOPE_OF_ROLE, SCOPES, type Role, type Scope } from '@stenograf/contracts/scopes';
import { createApiRoutes } from '../../../src/app';
import type { Route } from '../../../src/controllers/route';
import { csrfTokenOf } from '../../../src/services/sessionService';
import { createOpaqueToken, hashOpaqueToken } from '../../../src/utils/opaqueToken';
import { startApi, type TestApi } from '../http/startApi';
import { addUser } from './browser';

let api: TestApi;
let routes: Route[];
const users: Partial<Record<Role | 'disabled', number>> = {};
const ended: Record<'revoked' | 'expired', string> = { revoked: '', expired: '' };

beforeAll(async () => {
  api = await startApi({ access: { requestsPerMinute: 0 } });
  const service = { version: 'x', pid: 1, settings: {} };
  routes = createApiRoutes({ ...api, health: {}, service, corsOrigins: [] });
  for (const role of ROLES) users[role] = (await addUser(api, role, role)).id;
  users.disabled = (await addUser(api, 'disabled', 'admin')).id;
  for (const name of ['revoked', 'expired'] as const) {
    const { id, key } = await api.apiKeyService.createKey({ name, scope: 'admin' });
    ended[name] = key;
    const column = name === 'revoked' ? 'revoked_at' : 'expires_at';
    await api.query(`UPDATE api_keys SET ${column} = now() - interval '1 s' WHERE id = $1`, [id]);
  }
});
afterAll(() => api.stop());

type Headers = Record<string, string>;

/** A session of its own for each request: some requests end the one they come with. */
const openSession = async (name: Role | 'disabled'): Promise<string> => {
  const token = createOpaqueToken();
  await api.query(
    `INSERT INTO sessions (user_id, token_hash, expires_at)
     VALUES ($1, $2, now() + interval '1 hour')`,
    [users[name], hashOpaqueToken(token)],
  );
  return token;
};

const cookieHeaders = (token: string): Headers => ({
  cookie: `stenograf_session=${token}`,
  'x-csrf-token': csrfTokenOf(token),
});

interface Caller {
  name: string;
  /** null: nobody. */
  scope: Scope | null;
  headers: () => Promise<Headers> | Headers;
}

const bearer = (key: string): Headers => ({ authorization: `Bearer ${key}` });

const CALLERS: Caller[] = [
  { name: 'nobody', scope: null, headers: () => ({}) },
  ...SCOPES.map((scope) => ({
    name: `a ${scope} key`,
    scope,
    headers: () => bearer(api.keys[scope]),
  })),
  ...ROLES.map((role) => ({
    name: `a ${role} signed in`,
    scope: SCOPE_OF_ROLE[role],
    headers: async () => cookieHeaders(await openSession(role)),
  })),
  { name: 'a revoked key', scope: null, headers: () => bearer(ended.revoked) },
  { name: 'an expired key', scope: null, headers: () => bearer(ended.expired) },
  { name: 'a made-up key', scope: null, headers: () => bearer(`stg_${'a'.repeat(33)}`) },
  {
    name: 'an admin who was disabled',
    scope: null,
    headers: async () => {
      const headers = cookieHeaders(await openSession('disabled'));
      await api.query('UPDATE users SET disabled_at = now() WHERE id = $1', [users.disabled]);
      return headers;
    },
  },
  {
    name: 'an admin whose session has ended',
    scope: null,
    headers: async () => {
      const token = await openSession('admin');
      await api.query(
        "UPDATE sessions SET expires_at = now() - interval '1 s' WHERE token_hash = $1",
        [hashOpaqueToken(token)],
      );
      return cookieHeaders(token);
    },
  },
  {
    name: 'a revoked key beside a good session',
    scope: null,
    headers: async () => ({
      ...cookieHeaders(await openSession('admin')),
      ...bearer(ended.revoked),
    }),
  },
];

const RANK: Record<Scope, number> = { read: 0, write: 1, admin: 2 };

/** Names nothing that exists, so that what is allowed finds nothing to change. */
const NOWHERE = '999999999';
const pathOf = ({ path }: Route): string => path.replace(/:\w+/g, NOWHERE);

/** The documented example of its body, so that a check that failed would change something. */
const exampleOf = ({ body }: Route): { body?: string } => {
  const { examples = [] } = (body?.describe() ?? {}) as { examples?: unknown[] };
  return examples.length > 0 ? { body: JSON.stringify(examples[0]) } : {};
};

const ask = async (route: Route, headers: Headers, init: { body?: string } = {}) => {
  const leave = new AbortController();
  const response = await fetch(api.url + pathOf(route), {
    ...init,
    method: route.method.toUpperCase(),
    headers: { ...headers, 'content-type': 'application/json' },
    signal: leave.signal,
  });
  // Its status says all; some answers would never end.
  leave.abort();
  return response.status;
};

/** Rows of every table but sessions, which the test itself opens. */
const countRows = async (): Promise<unknown> => {
  const tables = await api.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p')
     AND relnamespace = 'public'::regnamespace AND relname <> 'sessions' ORDER BY 1`,
  );
  const counts = tables.map(({ name }) => `SELECT '${name}', count(*)::int AS n FROM "${name}"`);
  return api.query(counts.join(' UNION ALL '));
};

const expectedOf = ({ scope: needed }: Route, { scope }: Caller): 'served' | 401 | 403 => {
  // Everybody here asks from the machine of the service.
  if (needed === 'open' || needed === 'loopback') return 'served';
  if (scope === null) return 401;
  return RANK[scope] >= RANK[needed] ? 'served' : 403;
};

const isServed = (status: number): boolean => status < 500 && status !== 401 && status !== 403;

describe('of all routes', () => {
  test('POST /session alone is open under /api/v1', () => {
    const open = routes.filter(({ path, scope }) => path.startsWith('/api/') && scope === 'open');
    expect(open.map(({ method, path }) => `${method} ${path}`)).toEqual(['post /api/v1/session']);
    expect(routes.length).toBeGreaterThan(30);
  });

  test('what changes something needs more than a reader, and what grants access an admin', () => {
    const own = /^\/api\/v1\/session\b/;
    const granting = /^\/api\/v1\/(api-keys|users|vk-tokens|quota)\b/;
    for (const { method, path, scope } of routes) {
      if (own.test(path)) continue;
      if (method !== 'get') expect([path, scope]).not.toEqual([path, 'read']);
      if (granting.test(path)) expect([path, scope]).toEqual([path, 'admin']);
    }
  });

  test.each(CALLERS.map((caller) => [caller.name, caller] as const))(
    '%s is served those of its scope, and no other writes a row',
    async (_, caller) => {
      const refusedBefore = await countRows();
      const refused = routes.filter((route) => expectedOf(route, caller) !== 'served');
      for (const route of refused) {
        const status = await ask(route, await caller.headers(), exampleOf(route));
        expect([route.method, route.path, status]).toEqual([
          route.method,
          route.path,
          Number(expectedOf(route, caller)),
        ]);
      }
      expect(await countRows()).toEqual(refusedBefore);
      for (const route of routes.filter((route) => !refused.includes(route))) {
        const status = await ask(route, await caller.headers());
        expect([route.method, route.path, status, isServed(status)]).toEqual([
          route.method,
          route.path,
          status,
          true,
        ]);
      }
    },
  );

  test('those that change something take no session without its CSRF token', async () => {
    const changing = routes.filter(({ method, scope }) => method !== 'get' && scope !== 'open');
    expect(changing.length).toBeGreaterThan(10);
    const before = await countRows();
    for (const route of changing) {
      const token = await openSession('admin');
      const { cookie } = cookieHeaders(token);
      const other = csrfTokenOf(await openSession('admin'));
      for (const csrf of [{}, { 'x-csrf-token': other }, { 'x-csrf-token': token }]) {
        const status = await ask(route, { cookie: cookie ?? '', ...csrf });
        expect([route.path, status]).toEqual([route.path, 403]);
      }
    }
    expect(await countRows()).toEqual(before);
  });
});
