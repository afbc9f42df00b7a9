import { afterEach, describe, expect, test } from 'bun:test';
import { API } from 'vk-io';
import { createSandbox, type Sandbox, type SandboxOptions } from '../src/createSandbox';
import { answerCaptcha } from '../src/limits/humanCheck';
import { PUBLISHED_QUOTAS, type SandboxToken } from '../src/limits/tokens';
import { callVk, failCode, post, type VkError } from './support/client';

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

const DAY_MS = 24 * 60 * 60 * 1_000;
const HALF_HOUR_MS = 30 * 60 * 1_000;

const start = async (token: Partial<SandboxToken> = {}, options: SandboxOptions = {}) => {
  const tokens = [{ token: 't', kind: 'user' as const, rps: 1_000, ...token }];
  sandbox = await createSandbox({ tokens, ...options });
};

/** Text of the error that a call of the only token ends with; '' when it succeeds. */
const errorOf = async (method = 'wall.get', params: Record<string, string | number> = {}) => {
  const all = { owner_id: -1, access_token: 't', ...params };
  return (await callVk(sandbox, method, all)).error;
};
const codeOf = async (...call: Parameters<typeof errorOf>) => (await errorOf(...call))?.error_code;

const control = async (path: string, body: unknown): Promise<unknown> =>
  (
    await fetch(sandbox.url.replace('/method', `/sandbox/${path}`), {
      method: 'POST',
      body: JSON.stringify(body),
    })
  ).json();

describe('the life of a token', () => {
  test('it ends at its hour by the clock of the sandbox, with 5 or with 1117', async () => {
    await start({ expiresInMs: 3_600_000 });
    sandbox.tokens.add({ token: 'new', kind: 'user', expiresInMs: 3_700_000, expiryCode: 1117 });
    expect(await codeOf()).toBeUndefined();
    sandbox.clock.advance(3_600_000);
    expect((await errorOf())?.error_msg).toBe(
      'User authorization failed: access_token has expired.',
    );
    expect(await codeOf('wall.get', { access_token: 'new' })).toBeUndefined();
    sandbox.clock.advance(100_000);
    expect((await errorOf('wall.get', { access_token: 'new' }))?.error_msg).toBe(
      'Access token has expired',
    );
  });

  test('it can be given out, revoked, expired and changed while the sandbox runs', async () => {
    await start();
    expect(await codeOf('wall.get', { access_token: 'late' })).toBe(5);
    sandbox.tokens.add({ token: 'late', kind: 'service' });
    expect(await codeOf('wall.get', { access_token: 'late' })).toBeUndefined();
    sandbox.tokens.revoke('t');
    expect((await errorOf())?.error_msg).toEndWith('invalid access_token (4).');
    sandbox.tokens.change('t', { revoked: false });
    expect(await codeOf()).toBeUndefined();
    sandbox.tokens.expire('t');
    expect((await errorOf())?.error_msg).toEndWith('access_token has expired.');
    expect(sandbox.tokens.list().map(({ token }) => token)).toEqual(['t', 'late']);
    expect(() => sandbox.tokens.revoke('nobody')).toThrow(RangeError);
  });

  test('another process can do the same, and turn the clock', async () => {
    await start();
    const { now } = (await control('clock', { advanceMs: DAY_MS })) as { now: number };
    expect(now).toBeGreaterThan(Date.now() + DAY_MS - 60_000);
    const { response } = await callVk<number>(sandbox, 'utils.getServerTime', {
      access_token: 't',
    });
    expect(response).toBeGreaterThanOrEqual(Math.floor(now / 1_000));
    expect(await control('tokens', { op: 'revoke', args: ['t'] })).toEqual({ results: [null] });
    expect(await codeOf()).toBe(5);
    const added = { op: 'add', args: [{ token: 'u', kind: 'user' }] };
    await control('tokens', [added, { op: 'expire', args: ['u'] }]);
    expect((await errorOf('wall.get', { access_token: 'u' }))?.error_msg).toContain('expired');
  });

  test('bound to an address, it is refused from every other one', async () => {
    await start({ boundTo: '127.0.0.1' });
    expect(await codeOf()).toBeUndefined();
    sandbox.tokens.change('t', { boundTo: '203.0.113.7' });
    expect((await errorOf())?.error_msg).toBe(
      'User authorization failed: access_token was given to another ip address.',
    );
  });
});

describe('the rights of a token', () => {
  const comments = { owner_id: -1, post_id: 1 };

  test('without the scope wall there are no comments: 15 with its subcode, or 7', async () => {
    await start({ scopes: ['groups'] });
    expect(await errorOf('wall.getComments', comments)).toMatchObject({
      error_code: 15,
      error_subcode: 1133,
      error_msg:
        'Access denied: no access to call this method. It cannot be called with current scopes.',
    });
    expect(await codeOf('wall.get')).toBeUndefined();
    sandbox.tokens.change('t', { scopeRefusal: 7 });
    expect((await errorOf('wall.getComments', comments))?.error_msg).toBe(
      'Permission to perform this action is denied',
    );
    sandbox.tokens.change('t', { scopes: ['wall'] });
    expect(await codeOf('wall.getComments', comments)).not.toBe(7);
  });

  test('a token of VK ID reads walls and searches none: 1051, inside execute too', async () => {
    await start({ isVkId: true });
    expect(await codeOf('wall.search', { query: 'а' })).toBe(1051);
    expect(await codeOf('wall.get')).toBeUndefined();
    const code = 'return API.wall.search({"owner_id":-1,"query":"а"});';
    const { response, execute_errors: errors } = await callVk(sandbox, 'execute', {
      code,
      access_token: 't',
    });
    expect(response).toBe(false);
    expect(errors?.map(({ error_code }) => error_code)).toEqual([1051, 1051]);
  });
});

describe('quotas of a day', () => {
  const quotas = { 'wall.get': 2 };

  test('calls come free 24 hours after they were made, each by itself', async () => {
    await start({ quotas });
    expect(await codeOf()).toBeUndefined();
    sandbox.clock.advance(HALF_HOUR_MS / 3);
    expect(await codeOf()).toBeUndefined();
    expect((await errorOf())?.error_msg).toBe('Rate limit reached');
    sandbox.clock.advance(DAY_MS - HALF_HOUR_MS / 3);
    expect([await codeOf(), await codeOf()]).toEqual([undefined, 29]);
  });

  test('in buckets, the calls of half an hour come free together', async () => {
    await start({ quotas }, { switches: { quotaWindow: 'half-hour' } });
    sandbox.clock.advance(HALF_HOUR_MS - (sandbox.clock.now() % HALF_HOUR_MS));
    await codeOf();
    sandbox.clock.advance(HALF_HOUR_MS / 2);
    await codeOf();
    sandbox.clock.advance(DAY_MS - HALF_HOUR_MS);
    expect(await codeOf()).toBe(29);
    sandbox.clock.advance(HALF_HOUR_MS / 2);
    expect([await codeOf(), await codeOf(), await codeOf()]).toEqual([undefined, undefined, 29]);
  });

  test('tokens of one app share them where a switch says so', async () => {
    await start({ quotas }, { switches: { quotaScope: 'app' } });
    sandbox.tokens.add({ token: 'u', kind: 'user', quotas });
    expect([await codeOf(), await codeOf('wall.get', { access_token: 'u' })]).toEqual([
      undefined,
      undefined,
    ]);
    expect(await codeOf()).toBe(29);
  });

  test('the published ones hold', async () => {
    await start({ quotas: PUBLISHED_QUOTAS });
    const wall = 'API.wall.get({"owner_id":-1,"count":0}),';
    const code = `return [${wall.repeat(25)}];`;
    const send = async () =>
      (await callVk<unknown[]>(sandbox, 'execute', { code, access_token: 't' })).response;
    for (let pack = 0; pack < 199; pack += 1) await send();
    expect((await send()).includes(false)).toBe(false);
    expect((await send()).every((answer) => answer === false)).toBe(true);
  });
});

describe('whose requests share one rate', () => {
  const burst = async (rateScope: 'token' | 'account' | 'address') => {
    await start({ rps: 2, account: 'a' }, { switches: { rateScope } });
    sandbox.tokens.add({ token: 'same', kind: 'user', rps: 2, account: 'a' });
    sandbox.tokens.add({ token: 'other', kind: 'user', rps: 2 });
    const codes = [];
    for (const token of ['t', 'same', 'same', 'other']) {
      codes.push(await codeOf('wall.get', { access_token: token }));
    }
    return codes.map((code) => code ?? 0);
  };
  const expected = {
    token: [0, 0, 0, 0],
    account: [0, 0, 6, 0],
    address: [0, 0, 6, 6],
  } as const;
  for (const [scope, codes] of Object.entries(expected)) {
    test(`those of one ${scope}`, async () => {
      expect(await burst(scope as keyof typeof expected)).toEqual([...codes]);
    });
  }
});

test('the same call over and over is error 9, until time passes or another call comes', async () => {
  await start({}, { flood: { calls: 3, windowMs: 60_000 } });
  const codes = [];
  for (let call = 0; call < 4; call += 1) codes.push(await codeOf());
  expect(codes).toEqual([undefined, undefined, undefined, 9]);
  expect((await errorOf())?.error_msg).toBe('Flood control');
  expect(await codeOf('wall.get', { offset: 1 })).toBeUndefined();
  expect(await codeOf()).toBeUndefined();
  for (let call = 0; call < 2; call += 1) await codeOf();
  expect(await codeOf()).toBe(9);
  sandbox.clock.advance(60_000);
  expect(await codeOf()).toBeUndefined();
});

describe('a captcha', () => {
  type Captcha = VkError & { captcha_sid?: string; captcha_img?: string; redirect_uri?: string };
  const ask = (): Promise<Captcha | undefined> => errorOf();

  test('as a picture: sid and address, answered by sid and key', async () => {
    await start({ captcha: 'picture' });
    const error = await ask();
    expect(error).toMatchObject({ error_code: 14, error_msg: 'Captcha needed' });
    expect(error?.captcha_img).toContain(`sid=${error?.captcha_sid}`);
    expect(error).not.toHaveProperty('redirect_uri');
    const wrong = { captcha_sid: error?.captcha_sid ?? '', captcha_key: 'no' };
    expect(await errorOf('wall.get', wrong)).toMatchObject({ error_code: 14, captcha_attempt: 2 });
    expect(await codeOf('wall.get', answerCaptcha(error ?? {}))).toBeUndefined();
    expect(await codeOf()).toBeUndefined();
  });

  test('as a page: an address and no sid, answered by a token within five minutes', async () => {
    await start({ captcha: 'page' });
    const error = await ask();
    expect(error?.redirect_uri).toMatch(
      /^https:\/\/id\.vk\.ru\/not_robot_captcha\?.*session_token=/,
    );
    expect(error).not.toHaveProperty('captcha_sid');
    const answer = answerCaptcha(error ?? {});
    expect(Object.keys(answer)).toEqual(['success_token']);
    sandbox.clock.advance(5 * 60 * 1_000);
    expect(await codeOf('wall.get', answer)).toBe(14);
    const again = answerCaptcha((await ask()) ?? {});
    expect(await codeOf('wall.get', again)).toBeUndefined();
    expect(await codeOf()).toBeUndefined();
  });

  test('its answer is worth nothing to another token', async () => {
    await start({ captcha: 'both' });
    sandbox.tokens.add({ token: 'u', kind: 'user', captcha: 'both' });
    const answer = answerCaptcha((await ask()) ?? {});
    expect(await codeOf('wall.get', { access_token: 'u', ...answer })).toBe(14);
    expect(await codeOf('wall.get', answer)).toBeUndefined();
  });

  for (const form of ['picture', 'page', 'both'] as const) {
    test(`vk-io passes one that comes as ${form}`, async () => {
      await start({ captcha: form });
      const api = new API({
        token: 't',
        apiBaseUrl: sandbox.url,
        callbackService: {
          hasCaptchaHandler: true,
          processingCaptcha: ({ sid, redirectUri }: { sid?: string; redirectUri?: string }) => {
            const error = {
              ...(sid === undefined ? {} : { captcha_sid: sid }),
              ...(redirectUri === undefined ? {} : { redirect_uri: redirectUri }),
            };
            const { success_token: token, captcha_key: key } = answerCaptcha(error);
            const validate = { resolve: () => undefined, reject: () => undefined };
            return Promise.resolve({ key: token ?? key, validate });
          },
        } as never,
      });
      expect((await api.wall.get({ owner_id: -1, count: 1 })).items).toHaveLength(1);
      expect(sandbox.stats().errorsByCode).toEqual({ 14: 1 });
    });
  }
});

test('an account that has to be confirmed is error 17 with the page for it', async () => {
  await start({ needsValidation: true });
  expect(await errorOf()).toMatchObject({
    error_code: 17,
    error_msg: 'Validation required: please open redirect_uri in browser',
    redirect_uri: expect.stringMatching(/^https:\/\/m\.vk\.com\/activation\?act=validate/),
  });
  sandbox.tokens.change('t', { needsValidation: false });
  expect(await codeOf()).toBeUndefined();
});

test('a long address is read, or refused with status 414 where a switch says so', async () => {
  await start({}, { switches: { longAddress: '414' } });
  const ask = (length: number) =>
    fetch(`${sandbox.url}/wall.get?owner_id=-1&v=5.199&access_token=t&x=${'x'.repeat(length)}`);
  expect((await ask(1_000)).status).toBe(200);
  expect((await ask(9_000)).status).toBe(414);
  expect((await post(sandbox, 'wall.get', { x: 'x'.repeat(9_000) })).status).toBe(200);
  await sandbox.stop();
  await start();
  expect((await ask(9_000)).status).toBe(200);
  expect(await failCode(sandbox, 'wall.get', { owner_id: -1, access_token: 't' })).toBeUndefined();
});
