import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type {
  ApiKeyDto,
  CreateApiKeyBody,
  IssuedApiKeyDto,
  SessionDto,
  UserDto,
} from '@stenograf/contracts/access';
import type { ListDto, ProblemDetails } from '@stenograf/contracts/api';
import { startApi, type TestApi } from '../http/startApi';
import { addUser, openBrowser, PASSWORD, postJson, signIn, signInAs } from './browser';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const patchJson = (body: unknown) => ({ ...postJson(body), method: 'PATCH' });
const remove = (path: string) => api.send(path, { method: 'DELETE' });
const problemOf = async (response: Response) => (await response.json()) as ProblemDetails;

const createKey = async (body: CreateApiKeyBody): Promise<IssuedApiKeyDto> => {
  const response = await api.send('/api-keys', postJson(body));
  expect(response.status).toBe(201);
  return (await response.json()) as IssuedApiKeyDto;
};

const listKeys = async () =>
  ((await (await api.send('/api-keys?limit=500')).json()) as ListDto<ApiKeyDto>).items;

const askWith = async (key: string): Promise<number> =>
  (await fetch(`${api.url}/api/v1/service`, { headers: { authorization: `Bearer ${key}` } }))
    .status;

describe('an API key', () => {
  test('is shown once, listed by its last characters, and revoked', async () => {
    const { key, ...issued } = await createKey({ name: 'nightly', scope: 'read' });
    expect(key).toMatch(/^stg_[0-9A-Za-z]{33}$/);
    expect(issued).toMatchObject({ name: 'nightly', scope: 'read', last4: key.slice(-4) });
    expect(await askWith(key)).toBe(200);
    const listed = (await listKeys()).find(({ id }) => id === issued.id);
    expect(listed).toMatchObject({ name: 'nightly', expires_at: null });
    expect(JSON.stringify(await listKeys())).not.toContain(key);
    expect(api.logLines.join('\n')).not.toContain(key);
    expect((await remove(`/api-keys/${issued.id}`)).status).toBe(204);
    expect(await askWith(key)).toBe(401);
    expect((await remove(`/api-keys/${issued.id}`)).status).toBe(404);
    expect((await listKeys()).map(({ id }) => id)).not.toContain(issued.id);
  });

  test('ends at its end: a date to its last moment, a time to the second', async () => {
    const { expires_at: date } = await createKey({
      name: 'to a date',
      scope: 'read',
      expires_at: '2099-12-31',
    });
    expect(date).toBe('2099-12-31T23:59:59.999Z');
    const { id, key } = await createKey({ name: 'brief', scope: 'read', expires_at: '2099-01-01' });
    await api.query("UPDATE api_keys SET expires_at = now() - interval '1 ms' WHERE id = $1", [id]);
    expect(await askWith(key)).toBe(401);
    expect((await listKeys()).map((listed) => listed.id)).toContain(id);
  });

  test.each([
    ['2020-01-01', 'Must be in the future.'],
    ['30d', expect.stringContaining('Must be a date')],
    ['tomorrow', expect.stringContaining('Must be a date')],
    ['2099-02-30', expect.stringContaining('Must be a date')],
  ])('cannot end %p', async (expires_at, detail) => {
    const body = { name: 'x', scope: 'read', expires_at };
    const response = await api.send('/api-keys', postJson(body));
    expect(await problemOf(response)).toMatchObject({
      status: 400,
      errors: [{ in: 'body', pointer: '/expires_at', detail }],
    });
  });

  test('notes its use once a minute, not with each request', async () => {
    const { id, key, last_used_at: unused } = await createKey({ name: 'used', scope: 'read' });
    expect(unused).toBeNull();
    const usedAt = async () =>
      (await listKeys()).find((listed) => listed.id === id)?.last_used_at ?? '';
    // Another process, which does not remember the key.
    const useElsewhere = async () => {
      const beside = await startApi({ beside: api });
      await beside.apiKeyService.authenticate(key);
      await beside.stop();
    };
    await useElsewhere();
    const first = await usedAt();
    expect(first).not.toBe('');
    await useElsewhere();
    expect(await usedAt()).toBe(first);
    await api.query("UPDATE api_keys SET last_used_at = now() - interval '61 s' WHERE id = $1", [
      id,
    ]);
    await useElsewhere();
    expect(await usedAt()).not.toBe(first);
  });

  test('of a running service is neither listed nor revoked by anybody', async () => {
    const { internal } = await api.apiKeyService.ensureKeys('cli');
    expect(await askWith(internal.key)).toBe(200);
    expect((await listKeys()).map(({ id }) => id)).not.toContain(internal.id);
    expect((await remove(`/api-keys/${internal.id}`)).status).toBe(404);
    expect(await askWith(internal.key)).toBe(200);
    await api.query('UPDATE api_keys SET expires_at = now() WHERE id = $1', [internal.id]);
    await api.apiKeyService.renewInternalKey(internal.id);
    await api.apiKeyService.revokeInternalKey(internal.id);
    expect(await askWith(internal.key)).toBe(401);
  });
});

describe('a user', () => {
  test('is created, listed, and never shown with a password', async () => {
    const body = { name: 'Анна.К', role: 'operator', password: PASSWORD };
    const response = await api.send('/users', postJson(body));
    expect(response.status).toBe(201);
    const user = (await response.json()) as UserDto;
    expect(user).toMatchObject({ name: 'анна.к', role: 'operator', has_password: true });
    expect(response.headers.get('location')).toBe(`/api/v1/users/${user.id}`);
    const shown = await (await api.send(`/users/${user.id}`)).text();
    expect(JSON.parse(shown)).toEqual(user);
    const list = await (await api.send('/users')).text();
    expect(list).toContain('анна.к');
    for (const text of [shown, list]) expect(text).not.toMatch(/argon2|gr8/);
    const again = await api.send('/users', postJson({ ...body, name: 'АННА.К' }));
    expect(again.status).toBe(409);
  });

  test('has a password kept as argon2id', async () => {
    const { id } = await addUser(api, 'hashed');
    const [row] = await api.query<{ hash: string }>(
      'SELECT password_hash AS hash FROM users WHERE id = $1',
      [id],
    );
    expect(row?.hash).toMatch(/^\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$/);
  });

  test.each([
    [{ name: 'weak', role: 'viewer', password: 'password1234' }, '/password'],
    [{ name: 'weak', role: 'viewer', password: 'short' }, '/password'],
    [{ name: 'weak', role: 'viewer', password: 'x'.repeat(257) }, '/password'],
    [{ name: '', role: 'viewer' }, '/name'],
    [{ name: 'a b', role: 'viewer' }, '/name'],
    [{ name: '\u202eadmin', role: 'viewer' }, '/name'],
    [{ name: 'x'.repeat(65), role: 'viewer' }, '/name'],
    [{ name: 'x', role: 'root' }, '/role'],
    [{ name: 'x' }, '/role'],
    [{ name: 'x', role: 'viewer', id: 1 }, '/id'],
  ])('is refused as %j', async (body, pointer) => {
    const problem = await problemOf(await api.send('/users', postJson(body)));
    expect([problem.status, problem.errors?.map((error) => error.pointer)]).toEqual([
      400,
      [pointer],
    ]);
  });

  test('may at once what a new role says, by signing in again', async () => {
    const browser = await signInAs(api, 'rising', 'viewer');
    const { user } = (await (await browser.send('/session')).json()) as SessionDto;
    expect((await browser.send('/users')).status).toBe(403);
    expect((await api.send(`/users/${user.id}`, patchJson({ role: 'admin' }))).status).toBe(200);
    expect((await browser.send('/session')).status).toBe(401);
    const again = await openBrowser(api, await signIn(api, { name: 'rising', password: PASSWORD }));
    expect((await again.send('/users')).status).toBe(200);
    // What is as it was ends nothing.
    await api.send(`/users/${user.id}`, patchJson({ role: 'admin', disabled: false }));
    expect((await again.send('/session')).status).toBe(200);
  });

  test('is out when disabled and may return when enabled', async () => {
    const browser = await signInAs(api, 'away', 'operator');
    const { user } = (await (await browser.send('/session')).json()) as SessionDto;
    const change = (body: unknown) => api.send(`/users/${user.id}`, patchJson(body));
    expect((await (await change({ disabled: true })).json()) as UserDto).toMatchObject({
      disabled_at: expect.any(String),
    });
    expect((await browser.send('/session')).status).toBe(401);
    expect((await signIn(api, { name: 'away', password: PASSWORD })).status).toBe(401);
    expect((await change({ disabled: false })).status).toBe(200);
    expect((await signIn(api, { name: 'away', password: PASSWORD })).status).toBe(201);
    expect((await change({})).status).toBe(400);
  });

  test('whose password an admin sets is signed out, and signs in with the new one', async () => {
    const browser = await signInAs(api, 'forgetful', 'viewer');
    const { user } = (await (await browser.send('/session')).json()) as SessionDto;
    const set = (password: string) =>
      api.send(`/users/${user.id}/password`, postJson({ password }));
    expect((await set('qwerty123456')).status).toBe(400);
    expect((await set('new zebra 4 lunch')).status).toBe(204);
    expect((await browser.send('/session')).status).toBe(401);
    const body = { name: 'forgetful', password: 'new zebra 4 lunch' };
    expect((await signIn(api, body)).status).toBe(201);
  });

  test('is found under its id alone', async () => {
    const paths = ['/users/999', '/users/999/password', '/users/999/link'];
    const [shown, password, link] = await Promise.all([
      api.send(paths[0] ?? ''),
      api.send(paths[1] ?? '', postJson({ password: PASSWORD })),
      api.send(paths[2] ?? '', { method: 'POST' }),
    ]);
    expect([shown.status, password.status, link.status]).toEqual([404, 404, 404]);
    expect((await api.send('/users/999', patchJson({ role: 'viewer' }))).status).toBe(404);
  });
});

describe('the last way in of an admin', () => {
  let alone: TestApi;
  let adminKeyId: number;
  beforeAll(async () => {
    alone = await startApi();
    await alone.apiKeyService.ensureKeys('cli');
    const { items } = await alone.apiKeyService.listKeys({ limit: 10 });
    adminKeyId = items.find(({ scope }) => scope === 'admin')?.id ?? 0;
  });
  afterAll(() => alone.stop());

  const revoke = (query = '') =>
    alone.send(`/api-keys/${adminKeyId}${query}`, { method: 'DELETE' });

  test('is not revoked by accident, and the refusal says what to do', async () => {
    const answer = await revoke();
    expect(await problemOf(answer)).toMatchObject({
      status: 409,
      detail: expect.stringContaining('?force=true'),
    });
    expect((await alone.send('/service')).status).toBe(200);
  });

  test('is no longer the last beside an admin with a password, who then is', async () => {
    const { id } = await addUser(alone, 'chief', 'admin');
    const other = await alone.apiKeyService.createKey({ name: 'other', scope: 'admin' });
    await alone.apiKeyService.revokeKey(other.id);
    // Of the two that are left, each may go, but not both at once.
    const both = await Promise.allSettled([
      alone.apiKeyService.revokeKey(adminKeyId),
      alone.userService.updateUser(id, { disabled: true }, { force: false }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('goes by force, and the next start of a service makes a new one', async () => {
    const users = await alone.userService.listUsers({ limit: 10 });
    for (const { id } of users.items) {
      await alone.userService.updateUser(id, { role: 'viewer' }, { force: true });
    }
    await alone.apiKeyService.revokeKey(adminKeyId, { force: true }).catch(() => undefined);
    const { firstAdminKey } = await alone.apiKeyService.ensureKeys('cli 2');
    expect(firstAdminKey).toStartWith('stg_');
  });

  test('is not made anew while an admin can sign in', async () => {
    await alone.query('UPDATE api_keys SET revoked_at = now()');
    await addUser(alone, 'second', 'admin');
    expect((await alone.apiKeyService.ensureKeys('cli 3')).firstAdminKey).toBeNull();
  });
});
