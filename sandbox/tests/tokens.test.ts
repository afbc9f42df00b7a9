import { afterEach, describe, expect, test } from 'bun:test';
import { createSandbox, type Sandbox } from '../src/createSandbox';
import { DEFAULT_TOKENS, type SandboxToken } from '../src/limits/tokens';
import { callVk, failCode, startSandbox } from './support/client';

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

const WALL = { owner_id: -1, count: 1 };

describe('kinds of tokens', () => {
  test('no token, and a token that nobody gave out: 5', async () => {
    sandbox = await startSandbox();
    const { error } = await callVk(sandbox, 'wall.get', { ...WALL, access_token: '' });
    expect(error?.error_msg).toBe('User authorization failed: no access_token passed.');
    const unknown = await callVk(sandbox, 'wall.get', { ...WALL, access_token: 'x' });
    expect(unknown.error?.error_msg).toBe('User authorization failed: invalid access_token (4).');
  });

  const dead: [string, Partial<SandboxToken>][] = [
    ['access_token has expired.', { expired: true }],
    ['invalid access_token (4).', { revoked: true }],
    ['access_token was given to another ip address.', { boundTo: '203.0.113.7' }],
  ];
  for (const [detail, state] of dead) {
    test(`a dead token is error 5: ${detail}`, async () => {
      sandbox = await createSandbox({ tokens: [{ token: 't', kind: 'user', ...state }] });
      const { error } = await callVk(sandbox, 'wall.get', { ...WALL, access_token: 't' });
      expect(error?.error_code).toBe(5);
      expect(error?.error_msg).toBe(`User authorization failed: ${detail}`);
    });
  }

  test('a community token reads no wall: 27', async () => {
    sandbox = await startSandbox();
    const { error } = await callVk(sandbox, 'wall.get', {
      ...WALL,
      access_token: 'community-fast',
    });
    expect(error).toMatchObject({
      error_code: 27,
      error_msg: 'Group authorization failed: method is unavailable with group auth',
    });
  });

  test('a service key may neither execute nor wall.getComment: 28', async () => {
    sandbox = await startSandbox();
    const params = {
      access_token: 'service-fast',
      code: 'return [];',
      owner_id: -1,
      comment_id: 1,
    };
    const { error } = await callVk(sandbox, 'execute', params);
    expect(error).toMatchObject({
      error_code: 28,
      error_msg: 'Application authorization failed: method is unavailable with service token',
    });
    expect(await failCode(sandbox, 'wall.getComment', params)).toBe(28);
  });

  test('a switch lets service keys execute', async () => {
    sandbox = await startSandbox({ serviceExecute: true });
    const params = { access_token: 'service-fast', code: 'return [API.utils.getServerTime()];' };
    const { response } = await callVk<number[]>(sandbox, 'execute', params);
    expect(response[0]).toBeCloseTo(Date.now() / 1_000, -2);
  });

  test('a single token can be refused execute, and methods by code', async () => {
    const token: SandboxToken = {
      token: 't',
      kind: 'user',
      rps: 100,
      canExecute: false,
      refuses: { 'wall.get': 1051 },
    };
    sandbox = await createSandbox({ tokens: [token] });
    const own = { access_token: 't', code: 'return [];' };
    expect(await failCode(sandbox, 'execute', own)).toBe(3);
    const { error } = await callVk(sandbox, 'wall.get', { ...WALL, ...own });
    expect(error?.error_msg).toBe('Method is not available for this profile type');
    expect(
      (await callVk(sandbox, 'groups.getById', { group_id: 1, ...own })).error,
    ).toBeUndefined();
  });

  test('a member reads a closed wall', async () => {
    const token: SandboxToken = { token: 't', kind: 'user', rps: 100, memberOf: [101] };
    sandbox = await createSandbox({ world: 'quirks', tokens: [token] });
    const params = { owner_id: -101, access_token: 't' };
    const { response } = await callVk<{ count: number }>(sandbox, 'wall.get', params);
    expect(response.count).toBe(2);
  });
});

describe('requests per second', () => {
  test('the fourth request of a second is error 6 and a violation; other tokens go on', async () => {
    sandbox = await createSandbox();
    const [user, service] = DEFAULT_TOKENS.map(({ token }) => token);
    const burst = await Promise.all(
      Array.from({ length: 4 }, () =>
        callVk(sandbox, 'wall.get', { ...WALL, access_token: user ?? '' }),
      ),
    );
    const refused = burst.filter(({ error }) => error);
    expect(refused.map(({ error }) => error?.error_code)).toEqual([6]);
    const other = { ...WALL, access_token: service ?? '' };
    expect(await failCode(sandbox, 'wall.get', other)).toBeUndefined();
    const { violations, errorsByCode, requests, calls } = sandbox.stats();
    expect(violations).toEqual([
      { token: 'oken', at: expect.stringMatching(/^20\d\d-.*Z$/), countInWindow: 4 },
    ]);
    expect({ errorsByCode, requests, calls }).toEqual({
      errorsByCode: { 6: 1 },
      requests: 5,
      calls: 4,
    });
  });

  test('one execute is one request, however many calls it carries', async () => {
    sandbox = await createSandbox();
    const calls = Array.from({ length: 25 }, () => 'API.utils.getServerTime({})').join(',');
    const params = { code: `return [${calls}];`, access_token: 'sandbox-user-token' };
    for (let request = 0; request < 3; request += 1) {
      expect((await callVk(sandbox, 'execute', params)).error).toBeUndefined();
    }
    expect(sandbox.stats()).toMatchObject({ requests: 3, calls: 75, packs: [25, 25, 25] });
  });
});

describe('quotas', () => {
  test('calls inside execute count one by one; other methods go on', async () => {
    const token: SandboxToken = { token: 't', kind: 'user', rps: 100, quotas: { 'wall.get': 3 } };
    sandbox = await createSandbox({ tokens: [token] });
    const wall = 'API.wall.get({"owner_id":-1,"count":1})';
    const code = `return [${[wall, wall, wall, wall, 'API.utils.getServerTime()'].join(',')}];`;
    const pack = await callVk<unknown[]>(sandbox, 'execute', { code, access_token: 't' });
    expect(pack.response.map((answer) => answer !== false)).toEqual([
      true,
      true,
      true,
      false,
      true,
    ]);
    expect(pack.execute_errors?.[0]).toMatchObject({
      method: 'wall.get',
      error_code: 29,
      error_msg: 'Rate limit reached',
    });
    expect(await failCode(sandbox, 'wall.get', { ...WALL, access_token: 't' })).toBe(29);
  });
});
