import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  ListDto,
  ProblemDetails,
  QuotaDto,
  RotationDto,
  VkTokenCheckDto,
  VkTokenDto,
} from '@stenograf/contracts/api';
import { createSandbox, type Sandbox } from '@stenograf/sandbox';
import type { SandboxToken } from '@stenograf/sandbox/limits/tokens';
import { startApi, type TestApi } from './startApi';

const RPS = 50;
const TOKENS = {
  user: { token: 'FAKE-user-token-aaaa', kind: 'user', rps: RPS },
  service: { token: 'FAKE-service-key-bbbb', kind: 'service', rps: RPS },
  vkId: { token: 'FAKE-vk-id-token-dddd', kind: 'user', rps: RPS, refuses: { 'wall.get': 1051 } },
  poor: { token: 'FAKE-poor-token-eeee', kind: 'user', rps: RPS, quotas: { 'wall.get': 0 } },
  human: { token: 'FAKE-captcha-token-ffff', kind: 'user', rps: RPS, captcha: 'page' },
  dead: { token: 'FAKE-dead-token-0123', kind: 'user', rps: RPS, revoked: true },
} satisfies Record<string, SandboxToken>;
const SECRETS = Object.values(TOKENS).map(({ token }) => token);

let home: string;
let sandbox: Sandbox;
let api: TestApi;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'stenograf-vault-'));
  sandbox = await createSandbox({ world: 'tiny', tokens: Object.values(TOKENS) });
  api = await startApi({
    env: {
      STENOGRAF_HOME: home,
      VK_API_URL: sandbox.url,
      VK_TOKENS: 'user:FAKE-named-token-9999',
      VK_USER_RPS: String(RPS),
      VK_SERVICE_RPS: String(RPS),
      VK_JITTER_MS: '20',
    },
  });
});
afterAll(async () => {
  await api.stop();
  await sandbox.stop();
  await rm(home, { recursive: true });
});
beforeEach(async () => {
  await api.query('DELETE FROM vk_tokens');
  sandbox.faults.clear();
});

const post = (path: string, body?: unknown, language = 'en'): Promise<Response> =>
  api.send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': language },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const read = async <T>(response: Response | Promise<Response>): Promise<T> => {
  const text = await (await response).text();
  expect(SECRETS.filter((secret) => text.includes(secret))).toEqual([]);
  return JSON.parse(text) as T;
};

const add = async (body: unknown): Promise<VkTokenDto> => {
  const response = await post('/vk-tokens', body);
  expect(response.status).toBe(201);
  return read<VkTokenDto>(response);
};

const get = (id: number, language = 'en'): Promise<VkTokenDto> =>
  read(api.send(`/vk-tokens/${id}`, { headers: { 'accept-language': language } }));

const check = (id: number): Promise<VkTokenCheckDto> => read(post(`/vk-tokens/${id}/check`));

const problemOf = async (response: Response): Promise<[number, string]> => [
  response.status,
  (await read<ProblemDetails>(response)).detail,
];

describe('adding', () => {
  test('shows the last characters and never the token', async () => {
    const response = await post('/vk-tokens', { token: TOKENS.user.token, name: ' mine ' });
    expect(response.status).toBe(201);
    const added = await read<VkTokenDto>(response);
    expect(response.headers.get('location')).toBe(`/api/v1/vk-tokens/${added.id}`);
    expect(added).toMatchObject({
      kind: 'user',
      name: 'mine',
      last4: 'aaaa',
      source: 'vault',
      status: 'ready',
      reason: null,
      seen_at: null,
    });
    const list = await read<ListDto<VkTokenDto>>(api.send('/vk-tokens'));
    expect(list).toEqual({ items: [added], next: null });
    const [row] = await api.query<{ text: string }>(
      'SELECT vk_tokens::text AS text FROM vk_tokens',
    );
    expect(row?.text).not.toContain(Buffer.from(TOKENS.user.token).toString('hex'));
  });

  test('takes the token out of the address that VK led to', async () => {
    const url = `https://oauth.vk.ru/blank.html#access_token=${TOKENS.user.token}&expires_in=86400`;
    expect(await add({ token: url })).toMatchObject({ last4: 'aaaa' });
  });

  test('the same token is refused, also of two that come at once', async () => {
    const both = await Promise.all([
      post('/vk-tokens', { token: TOKENS.user.token }),
      post('/vk-tokens', { token: TOKENS.user.token, kind: 'service' }),
    ]);
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]));
    const [status, detail] = await problemOf(
      await post('/vk-tokens', { token: TOKENS.user.token, name: 'again' }),
    );
    expect([status, detail]).toEqual([409, expect.stringContaining('••••aaaa')]);
  });

  test.each([
    [{}],
    [{ token: '' }],
    [{ token: 'FAKE secret with blanks' }],
    [{ token: 'user:FAKE-secret-0000' }],
    [{ token: 'https://vk.com/FAKE-secret' }],
    [{ token: 12_345_678 }],
    [{ token: 'FAKE-secret-0000', kind: 'FAKE-secret' }],
    [{ token: 'FAKE-secret-0000', name: '' }],
    [{ token: 'FAKE-secret-0000', nmae: 'x' }],
  ])('what makes no sense is refused without repeating it', async (body) => {
    const response = await post('/vk-tokens', body);
    expect(response.status).toBe(400);
    expect(await response.text()).not.toContain('FAKE');
    expect(api.logLines.join()).not.toContain('FAKE-secret');
  });

  test('sends on what waited for a token', async () => {
    const { id } = await api.taskService.createTask({ communities: ['club1'] });
    await api.query(
      `UPDATE targets SET status = 'waiting', waiting_for = 'token', reason_kind = 'no_token'
       WHERE task_id = $1`,
      [id],
    );
    await add({ token: TOKENS.user.token });
    expect(await api.taskService.getTask(id)).toMatchObject({ status: 'queued' });
  });

  test('keeps a secret of its own in the home, for its owner alone', async () => {
    await add({ token: TOKENS.user.token });
    const file = join(home, 'secret');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await readFile(file, 'utf8')).trim().length).toBeGreaterThanOrEqual(32);
  });
});

describe('removing', () => {
  test('a token of the vault is gone at once', async () => {
    const { id } = await add({ token: TOKENS.user.token });
    expect((await api.send(`/vk-tokens/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await api.send(`/vk-tokens/${id}`)).status).toBe(404);
    expect((await api.send(`/vk-tokens/${id}`, { method: 'DELETE' })).status).toBe(404);
  });

  test('a token of VK_TOKENS stays until nobody has named it for a minute', async () => {
    const [{ id } = { id: 0 }] = await api.query<{ id: number }>(
      `INSERT INTO vk_tokens (fingerprint, kind, last4, source)
       VALUES ('0123456789abcdef', 'user', 'wxyz', 'environment') RETURNING id`,
    );
    expect((await get(id)).seen_at).not.toBeNull();
    const refusal = await problemOf(await api.send(`/vk-tokens/${id}`, { method: 'DELETE' }));
    expect(refusal).toEqual([409, expect.stringMatching(/••••wxyz.* VK_TOKENS/)]);
    await api.query(`UPDATE vk_tokens SET seen_at = now() - interval '61 seconds'`);
    expect((await api.send(`/vk-tokens/${id}`, { method: 'DELETE' })).status).toBe(204);
  });
});

describe('the status says what a person must do', () => {
  const rest = (kind: string, code: number) =>
    api.query(
      `INSERT INTO vk_token_methods (fingerprint, method, rest_since, rest_until, rest_level,
         rest_kind, rest_code)
       SELECT fingerprint, '*', now(), now() + interval '1 hour', 0, $1, $2 FROM vk_tokens`,
      [kind, code],
    );

  test.each([
    ['token_invalid', 5, 'Get a new one', 'Получите новый'],
    ['token_confirmation', 17, 'open VK with this account', 'откройте ВКонтакте'],
    ['token_ip', 5, 'allow it', 'разрешите его'],
    ['app_disabled', 8, 'switch it on', 'включите его'],
  ])('quarantined for %s (%d)', async (kind, code, english, russian) => {
    const { id } = await add({ token: TOKENS.user.token });
    await api.query(
      'UPDATE vk_tokens SET quarantined_at = now(), reason_kind = $1, reason_code = $2',
      [kind, code],
    );
    expect(await get(id)).toMatchObject({
      status: 'quarantined',
      reason_kind: kind,
      code,
      reason: expect.stringMatching(new RegExp(`${english}.*code ${code}`)),
      until: null,
    });
    expect((await get(id, 'ru')).reason).toContain(russian);
  });

  test.each([
    ['captcha', 'captcha', 14],
    ['waiting', 'token_invalid', 5],
  ])('%s, until it is tried again', async (status, kind, code) => {
    const { id } = await add({ token: TOKENS.user.token });
    await rest(kind, code);
    const token = await get(id);
    expect(token).toMatchObject({ status, reason_kind: kind, code, methods: [] });
    expect(Date.parse(token.until ?? '')).toBeGreaterThan(Date.now());
  });

  test('unreadable, when the row was changed; the same token may then be added again', async () => {
    const { id } = await add({ token: TOKENS.user.token });
    await api.query(`UPDATE vk_tokens SET ciphertext = set_byte(ciphertext, 20,
      get_byte(ciphertext, 20) # 1)`);
    expect(await get(id)).toMatchObject({
      status: 'unreadable',
      reason: expect.stringContaining('STENOGRAF_SECRET_PREVIOUS'),
    });
    expect((await post(`/vk-tokens/${id}/check`)).status).toBe(409);
    expect(await add({ token: TOKENS.user.token })).toMatchObject({ id, status: 'ready' });
  });
});

describe('a check', () => {
  const okOf = ({ methods }: VkTokenCheckDto) =>
    Object.fromEntries(methods.map(({ method, ok }) => [method, ok]));
  const METHODS = [
    'utils.getServerTime',
    'users.get',
    'groups.getById',
    'utils.resolveScreenName',
    'wall.get',
    'wall.getById',
    'wall.getComments',
    'execute',
  ];

  test('of a user token names every method, packing among them', async () => {
    const { id } = await add({ token: TOKENS.user.token });
    const result = await check(id);
    expect(okOf(result)).toEqual(Object.fromEntries(METHODS.map((method) => [method, true])));
    expect(result.token).toMatchObject({ status: 'ready', can_execute: true, methods: [] });
    expect(result.token.checked_at).not.toBeNull();
    expect(sandbox.stats().violations).toEqual([]);
  });

  test('of a service key tells that it packs nothing', async () => {
    const { id } = await add({ token: TOKENS.service.token, kind: 'service' });
    const result = await check(id);
    expect(okOf(result)).toMatchObject({ 'wall.get': true, execute: false });
    expect(result.methods.at(-1)).toMatchObject({ code: 28, kind: 'no_token' });
    expect(result.token).toMatchObject({ status: 'ready', can_execute: false, methods: [] });
  });

  test('remembers methods that VK refuses, and forgets it when it no longer does', async () => {
    const { id } = await add({ token: TOKENS.vkId.token });
    expect((await check(id)).token.methods).toEqual([
      { method: 'wall.get', status: 'refused', code: 1051, until: null },
    ]);
    sandbox.tokens.change(TOKENS.vkId.token, { refuses: {} });
    expect((await check(id)).token.methods).toEqual([]);
  });

  test('quarantines what VK refuses, and takes it back when VK accepts it again', async () => {
    const { id } = await add({ token: TOKENS.dead.token });
    const refused = await check(id);
    expect(new Set(Object.values(okOf(refused)))).toEqual(new Set([false]));
    expect(refused.token).toMatchObject({
      status: 'quarantined',
      code: 5,
      reason_kind: 'token_invalid',
    });
    sandbox.tokens.change(TOKENS.dead.token, { revoked: false });
    expect((await check(id)).token).toMatchObject({ status: 'ready', code: null, reason: null });
  });

  test('reports a captcha', async () => {
    const { id } = await add({ token: TOKENS.human.token });
    const { token, methods } = await check(id);
    expect(token).toMatchObject({ status: 'captcha', code: 14, reason_kind: 'captcha' });
    expect(methods).toHaveLength(METHODS.length);
    sandbox.tokens.change(TOKENS.human.token, { captcha: null });
    expect((await check(id)).token).toMatchObject({ status: 'ready', until: null });
  });

  test('calls a token broken neither for its pace nor for its quota', async () => {
    const { id } = await add({ token: TOKENS.poor.token });
    sandbox.faults.add({ kind: 'vk-error', code: 6 });
    const { token, methods } = await check(id);
    expect(token).toMatchObject({ status: 'ready', reason: null, methods: [] });
    expect(methods.find(({ method }) => method === 'wall.get')).toMatchObject({
      ok: null,
      code: 29,
      kind: 'quota',
    });
    expect(methods.filter(({ ok }) => ok === true)).toHaveLength(METHODS.length - 1);
  });

  test('is not made with another VK than the one that the data came from', async () => {
    const { id } = await add({ token: TOKENS.user.token });
    await api.query(`UPDATE settings SET value = '"vk.example"' WHERE key = 'vk_host'`);
    const { requests } = sandbox.stats();
    const refusal = await problemOf(await post(`/vk-tokens/${id}/check`));
    expect(refusal).toEqual([409, expect.stringContaining('vk.example')]);
    expect(sandbox.stats().requests).toBe(requests);
    await api.query(`DELETE FROM settings WHERE key = 'vk_host'`);
  });

  test('counts what it asked against the quota', async () => {
    const { id } = await add({ token: TOKENS.user.token });
    await check(id);
    const { items } = await read<ListDto<QuotaDto>>(api.send('/quota'));
    const wall = items.find((quota) => quota.token_id === id && quota.method === 'wall.get');
    expect(wall).toMatchObject({
      last4: 'aaaa',
      token_kind: 'user',
      cap: 5000,
      cap_source: 'setting',
    });
    expect(wall?.used).toBeGreaterThan(0);
    expect(wall?.left).toBe(5000 - (wall?.used ?? 0));
  });
});

test('a new secret takes the place of the old one, and every token stays readable', async () => {
  await add({ token: TOKENS.user.token });
  const { id } = await add({ token: TOKENS.service.token, kind: 'service' });
  const before = await readFile(join(home, 'secret'), 'utf8');
  expect(await read<RotationDto>(post('/vk-tokens/rotate'))).toEqual({ rotated: 2, unreadable: 0 });
  const after = await readFile(join(home, 'secret'), 'utf8');
  expect(after).not.toContain(before.trim());
  expect(after.trim().split('\n')).toHaveLength(1);
  expect(await get(id)).toMatchObject({ status: 'ready' });
});

test('with neither a setting nor a home adding is refused with what to do', async () => {
  const homeless = await startApi();
  const send = (path: string, body: unknown) =>
    homeless.send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const refusal = await problemOf(await send('/vk-tokens', { token: TOKENS.user.token }));
  expect(refusal).toEqual([409, expect.stringContaining('set STENOGRAF_SECRET')]);
  expect((await send('/tasks', { communities: ['club1'] })).status).toBe(202);
  expect((await homeless.send('/vk-tokens')).status).toBe(200);
  await homeless.stop();
});
