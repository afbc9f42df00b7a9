import { afterEach, describe, expect, test } from 'bun:test';
import { VkError, VkWaitError } from '../../../src/vkApi/errors';
import { madeUpToken, pageReply, range, startEngine } from './support';
import type { Engine } from './support';
import { echoParams } from './vkStandIn';
import type { StandInCall, StandInError } from './vkStandIn';

let engine: Engine;
afterEach(() => engine.close());

const getAll = (count: number) => Promise.all(range(count).map((page) => engine.get(page)));
const failureOf = (call: Promise<unknown>): Promise<unknown> =>
  call.catch((error: unknown) => error);
const callsOf = (token: string | undefined): StandInCall[] =>
  engine.vk.requests.flatMap(({ calls }) => calls).filter((call) => call.token === token);

/** Answers calls made with the n-th token by this error. */
const refusing = (index: number, error: StandInError, only: string = 'wall.get') => ({
  call: (call: StandInCall) =>
    call.token === engine.tokens[index] && call.method === only ? { error } : echoParams(call),
});

const GROUP_AUTH = 'Group authorization failed: method is unavailable with group auth.';
const MEMBERS_ONLY = 'Access denied: this wall available only for community members';

test('two tokens share the work', async () => {
  engine = await startEngine({ kinds: ['user', 'user'], config: { userRps: 10 } });
  expect(await getAll(200)).toEqual(range(200).map(pageReply));
  for (const token of engine.tokens) expect(callsOf(token).length).toBeGreaterThanOrEqual(50);
});

test('a token given twice is one token', async () => {
  const twice = { kind: 'user' as const, token: madeUpToken() };
  engine = await startEngine({ config: { tokens: [twice, twice] } });
  expect(engine.api.tokens().length).toBe(1);
});

describe('a community token', () => {
  test('is never asked for walls', async () => {
    engine = await startEngine({ kinds: ['community', 'user'] });
    await getAll(60);
    expect(callsOf(engine.tokens[0])).toEqual([]);
  });

  test('alone cannot read walls, but names', async () => {
    engine = await startEngine({ kinds: ['community'] });
    const error = await failureOf(engine.get(1));
    expect(error).toBeInstanceOf(VkWaitError);
    expect(error).toMatchObject({ waitingFor: 'token', until: null, kind: 'no_token', code: null });
    await engine.call('utils.resolveScreenName', { screen_name: 'a' });
    expect(engine.vk.requests.length).toBe(1);
  });
});

test('without tokens every call says so', async () => {
  engine = await startEngine({ kinds: [] });
  expect(await failureOf(engine.get(1))).toMatchObject({ waitingFor: 'token', kind: 'no_token' });
});

describe('a method that a token cannot do', () => {
  test.each([
    [27, GROUP_AUTH],
    [1051, ''],
    [3, 'Unknown method passed'],
  ])('is left to others after one refusal (%d)', async (code, text) => {
    engine = await startEngine({ kinds: ['user', 'user'], behaviour: refusing(0, { code, text }) });
    expect(await engine.get(0)).toEqual(pageReply(0));
    for (const page of range(5)) await engine.get(page);
    expect(callsOf(engine.tokens[0]).length).toBeLessThanOrEqual(1);
    expect(callsOf(engine.tokens[1]).length).toBe(6);
  });

  test('that no token can do is said at once, other methods go on', async () => {
    engine = await startEngine({ behaviour: refusing(0, { code: 1051 }) });
    const wait = { waitingFor: 'token', kind: 'no_token', code: 1051, until: null };
    expect(await failureOf(engine.get(1))).toMatchObject(wait);
    expect(await failureOf(engine.get(2))).toMatchObject(wait);
    await engine.call('users.get', { user_ids: '1' });
    expect(engine.vk.requests.map(({ method }) => method)).toEqual(['wall.get', 'users.get']);
  });
});

describe('a used-up quota', () => {
  test('rests this method of this token; others take over', async () => {
    engine = await startEngine({ kinds: ['user', 'user'], behaviour: refusing(0, { code: 29 }) });
    expect(await getAll(60)).toEqual(range(60).map(pageReply));
    const before = callsOf(engine.tokens[0]).length;
    await getAll(60);
    expect(callsOf(engine.tokens[0]).length).toBe(before);
  });

  test('with nobody to take over says until when, and other methods go on', async () => {
    engine = await startEngine({ behaviour: refusing(0, { code: 29 }) });
    const errors = await Promise.all(range(30).map((page) => failureOf(engine.get(page))));
    for (const error of errors) {
      expect(error).toBeInstanceOf(VkWaitError);
      expect(error).toMatchObject({ waitingFor: 'quota', kind: 'quota', code: 29 });
    }
    const until = (errors[0] as VkWaitError).until?.getTime() ?? 0;
    expect(Math.abs(until - Date.now() - 60_000)).toBeLessThan(5_000);
    // Two packs hold them all: the second may be on its way before the first is answered.
    expect(engine.vk.requests.length).toBeLessThanOrEqual(2);
    await engine.call('users.get', { user_ids: '1' });
  });

  test('of a flood passes within seconds and the call waits for it', async () => {
    let flooded = 1;
    engine = await startEngine({
      behaviour: { call: (call) => (flooded-- > 0 ? { error: { code: 9 } } : echoParams(call)) },
    });
    expect(await engine.get(1)).toEqual(pageReply(1));
    expect(engine.vk.requests.length).toBe(2);
  });
});

describe('a dead token', () => {
  const DEAD = { code: 5, text: 'User authorization failed: invalid access_token (4).' };

  test('is disabled when it is said twice, and another takes over', async () => {
    engine = await startEngine({ kinds: ['user', 'user'], behaviour: refusing(0, DEAD) });
    expect(await getAll(30)).toEqual(range(30).map(pageReply));
  });

  test('alone is named with its code', async () => {
    engine = await startEngine({ behaviour: refusing(0, DEAD) });
    const error = await failureOf(engine.get(1));
    expect(error).toMatchObject({
      waitingFor: 'token',
      kind: 'token_invalid',
      code: 5,
      until: null,
    });
    expect(engine.vk.requests.length).toBe(2);
    // VK was asked twice, and dealt with no call.
    expect(engine.spent).toEqual({ calls: 0, requests: 2, errors: 2 });
    const [state] = engine.api.tokens();
    expect(state).toMatchObject({ state: 'disabled', reason: 'token_invalid', until: null });
    expect(state?.last4).toBe(engine.tokens[0]?.slice(-4) ?? '');
    await failureOf(engine.get(2));
    expect(engine.vk.requests.length).toBe(2);
  });

  test('that VK takes for dead only once lives on', async () => {
    let mistakes = 1;
    engine = await startEngine({
      behaviour: { call: (call) => (mistakes-- > 0 ? { error: DEAD } : echoParams(call)) },
    });
    expect(await engine.get(1)).toEqual(pageReply(1));
    expect(engine.api.tokens()).toMatchObject([{ state: 'ready', reason: null }]);
  });

  test('no token sent at all is a fault of the request, not of the token', async () => {
    engine = await startEngine({
      behaviour: refusing(0, {
        code: 5,
        text: 'User authorization failed: no access_token passed.',
      }),
    });
    expect(await failureOf(engine.get(1))).toMatchObject({ kind: 'rejected_by_vk', code: 5 });
    expect(engine.api.tokens()).toMatchObject([{ state: 'ready' }]);
  });
});

describe('a captcha', () => {
  test('holds the whole token and names the time of the next try', async () => {
    engine = await startEngine({ behaviour: refusing(0, { code: 14, text: 'Captcha needed' }) });
    const error = await failureOf(engine.get(1));
    expect(error).toMatchObject({ waitingFor: 'captcha', kind: 'captcha', code: 14 });
    expect((error as VkWaitError).until).toBeInstanceOf(Date);
    const other = engine.call('users.get', { user_ids: '1' });
    expect(await failureOf(other)).toMatchObject({ waitingFor: 'captcha' });
    expect(engine.api.tokens()).toMatchObject([{ state: 'captcha', reason: 'captcha' }]);
  });

  test('leaves the work to other tokens', async () => {
    engine = await startEngine({ kinds: ['user', 'user'], behaviour: refusing(0, { code: 14 }) });
    expect(await getAll(60)).toEqual(range(60).map(pageReply));
  });
});

describe('a closed door', () => {
  test('to a service key is tried by a user who may be a member', async () => {
    engine = await startEngine({
      kinds: ['service', 'user'],
      behaviour: refusing(0, { code: 15, text: MEMBERS_ONLY }),
    });
    expect(await getAll(10)).toEqual(range(10).map(pageReply));
  });

  test('to all is told once all have tried', async () => {
    engine = await startEngine({
      kinds: ['service', 'user', 'user'],
      behaviour: { call: () => ({ error: { code: 15, text: MEMBERS_ONLY } }) },
    });
    const error = await failureOf(engine.get(1));
    expect(error).toBeInstanceOf(VkError);
    expect(error).toMatchObject({ kind: 'community_closed', code: 15, scope: 'community' });
    const asked = new Set(engine.vk.requests.map(({ token }) => token));
    expect(engine.tokens.slice(1).every((token) => asked.has(token))).toBe(true);
  });

  test('to a user is not tried by a service key, which sees less', async () => {
    engine = await startEngine({
      behaviour: { call: () => ({ error: { code: 203 } }) },
    });
    expect(await failureOf(engine.get(1))).toMatchObject({ kind: 'community_closed', code: 203 });
    expect(engine.vk.requests.length).toBe(1);
  });
});

describe('18, which VK says of deleted communities and to banned users alike,', () => {
  const isDeleted = ({ method, params }: StandInCall): boolean =>
    method === 'wall.get' && Number(params['offset']) > 0;

  test('is believed of a community once the same token is served something', async () => {
    engine = await startEngine({
      behaviour: {
        call: (call) => (isDeleted(call) ? { error: { code: 18 } } : echoParams(call)),
      },
    });
    for (const page of [1, 2, 3, 4, 5, 6]) {
      const gone = { kind: 'community_deleted', code: 18, scope: 'community' };
      expect(await failureOf(engine.get(page))).toMatchObject(gone);
    }
    expect(engine.api.tokens()).toMatchObject([{ state: 'ready' }]);
    engine.vk.requests.length = 0;
    const [living, ...deleted] = await Promise.all(
      range(10).map((page) => failureOf(engine.get(page))),
    );
    expect(living).toEqual(pageReply(0));
    for (const error of deleted) expect(error).toMatchObject({ kind: 'community_deleted' });
    // A reply in the same pack was proof enough, and one question is enough for the others.
    const proofs = engine.vk.requests.filter(({ method }) => method === 'utils.getServerTime');
    expect(proofs.length).toBeLessThanOrEqual(1);
  });

  test('of everything quarantines the token, and others take over', async () => {
    engine = await startEngine({
      kinds: ['user', 'user'],
      behaviour: {
        call: (call) =>
          call.token === engine.tokens[0] ? { error: { code: 18 } } : echoParams(call),
      },
    });
    expect(await getAll(40)).toEqual(range(40).map(pageReply));
    expect(engine.api.tokens()).toMatchObject([
      { state: 'disabled', reason: 'token_invalid' },
      { state: 'ready' },
    ]);
  });

  test('of everything leaves no community marked when no other token is there', async () => {
    engine = await startEngine({ behaviour: { call: () => ({ error: { code: 18 } }) } });
    const failures = await Promise.all(range(30).map((page) => failureOf(engine.get(page))));
    for (const error of failures) {
      expect(error).toMatchObject({ waitingFor: 'token', kind: 'token_invalid', code: 18 });
    }
  });
});
