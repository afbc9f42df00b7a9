import { afterEach, describe, expect, test } from 'bun:test';
import { VkError } from '../../../src/vkApi/errors';
import { isPage, paceKey, pageReply, range, startEngine } from './support';
import type { Engine } from './support';
import { echoParams, errorResponse } from './vkStandIn';
import type { StandInCall, StandInRequest } from './vkStandIn';

let engine: Engine;
afterEach(() => engine.close());

const getAll = (count: number) => Promise.all(range(count).map((page) => engine.get(page)));

/** Answers the first `times` requests so, and all later ones as usual. */
const firstly = (
  times: number,
  answer: (request: StandInRequest) => Promise<Response> | Response,
) => {
  let left = times;
  return (request: StandInRequest) => (left-- > 0 ? answer(request) : undefined);
};

describe('a fault on the way passes and loses nothing:', () => {
  const faults: [string, () => Promise<Response> | Response][] = [
    ['HTML with 200', () => new Response('<html/>', { headers: { 'content-type': 'text/html' } })],
    [
      'half a JSON',
      () => new Response('{"res', { headers: { 'content-type': 'application/json' } }),
    ],
    ['an answer that never comes', () => new Promise<Response>(() => {})],
    ['status 500', () => new Response('', { status: 500 })],
    ['status 502', () => new Response('', { status: 502 })],
    ['status 503', () => new Response('', { status: 503 })],
    ['status 504', () => new Response('', { status: 504 })],
    ['error 1', () => errorResponse({ code: 1 })],
    ['error 10', () => errorResponse({ code: 10, text: 'Internal server error' })],
    ['error 32', () => errorResponse({ code: 32 })],
    ['error 36', () => errorResponse({ code: 36 })],
    ['error 43', () => errorResponse({ code: 43 })],
    ['an unknown error', () => errorResponse({ code: 987_654 })],
  ];
  test.each(faults)('%s', async (_name, fault) => {
    engine = await startEngine({
      behaviour: { request: firstly(1, fault) },
      config: { requestTimeoutMs: 300 },
    });
    expect(await getAll(60)).toEqual(range(60).map(pageReply));
    expect(engine.spent.errors).toBe(1);
  });
});

describe('a fault that stays ends with its kind after the configured tries:', () => {
  test.each([
    ['vk_unavailable', null, () => new Response('', { status: 502 })],
    ['vk_unavailable', null, () => new Response('<html/>')],
    ['vk_unreachable', null, () => new Promise<Response>(() => {})],
    ['vk_unavailable', 10, () => errorResponse({ code: 10 })],
  ])('%s (%p)', async (kind, code, request) => {
    engine = await startEngine({ behaviour: { request }, config: { requestTimeoutMs: 50 } });
    const error: unknown = await engine.get(1).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(VkError);
    expect(error).toMatchObject({ kind, code, retryable: true, scope: 'network' });
    if (code === null) expect((error as VkError).cause).toBeInstanceOf(Error);
    expect(engine.vk.requests.length).toBe(4);
    expect(engine.spent).toEqual({ calls: 4, requests: 4, errors: 4 });
  });

  test('nobody listens: vk_unreachable', async () => {
    engine = await startEngine();
    await engine.vk.close();
    expect(engine.get(1)).rejects.toMatchObject({ kind: 'vk_unreachable', retryable: true });
  });

  test('an unknown code is tried once more and shown', async () => {
    engine = await startEngine({
      behaviour: { call: () => ({ error: { code: 987_654, text: 'Something new' } }) },
    });
    const error: unknown = await engine.get(1).catch((error: unknown) => error);
    expect(error).toMatchObject({ kind: 'vk_error', code: 987_654, retryable: false });
    expect(String(error)).toContain('Something new');
    expect(engine.vk.requests.length).toBe(2);
  });
});

describe('an error about the community, the post or the request is the answer:', () => {
  test.each([
    [15, 'Access denied: wall is disabled', 'wall_disabled', 'community'],
    [15, 'Access denied: group is blocked', 'community_banned', 'community'],
    [18, 'User was deleted or banned', 'community_deleted', 'community'],
    [19, 'Content blocked', 'community_banned', 'community'],
    [104, 'Not found', 'not_found', 'community'],
    [125, 'Invalid group id', 'not_found', 'community'],
    [203, 'Access to group denied', 'community_closed', 'community'],
    [212, 'Access to post comments denied', 'comments_closed', 'post'],
    [100, 'One of the parameters specified was missing or invalid', 'rejected_by_vk', 'request'],
    [33, 'Not implemented', 'rejected_by_vk', 'request'],
  ])('%d %s', async (code, text, kind, scope) => {
    const answer = (call: StandInCall) =>
      call.method === 'wall.get' ? { error: { code, text } } : echoParams(call);
    engine = await startEngine({ behaviour: { call: answer } });
    const error: unknown = await engine.get(1).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(VkError);
    expect(error).toMatchObject({ kind, code, scope, retryable: false });
    const asked = engine.vk.requests.filter(({ method }) => method === 'wall.get');
    expect(asked.length).toBe(1);
  });
});

describe('too many requests per second', () => {
  test('does not count as a try, and slows the token down for everybody', async () => {
    engine = await startEngine({
      behaviour: { request: firstly(1, () => errorResponse({ code: 6 })) },
      config: { attemptsMax: 1 },
    });
    expect(await getAll(30)).toEqual(range(30).map(pageReply));
    const [token = ''] = engine.tokens;
    const pace = await engine.redis.hgetall(paceKey(engine.config, token));
    expect(Number(pace['drew'])).toBeCloseTo(5.5, 2);
    expect(Number(pace['spacing'])).toBeCloseTo(5.5 * 1.25, 2);
  });

  test('status 429 is the same', async () => {
    engine = await startEngine({
      behaviour: { request: firstly(1, () => new Response('', { status: 429 })) },
      config: { attemptsMax: 1 },
    });
    expect(await getAll(3)).toEqual(range(3).map(pageReply));
  });
});

describe('a caller may give up', () => {
  test('a call that waits: it is not sent any more', async () => {
    engine = await startEngine({ config: { userRps: 5 } });
    await engine.get(0);
    const giveUp = new AbortController();
    const given = engine.get(1, { signal: giveUp.signal });
    const kept = engine.get(2);
    giveUp.abort(new Error('enough'));
    expect(given).rejects.toThrow('enough');
    expect(await kept).toEqual(pageReply(2));
    expect(engine.vk.requests.flatMap(({ calls }) => calls).some(isPage(1))).toBe(false);
  });

  test('a call on its way: its answer is ignored, that of its neighbour is not', async () => {
    const arrived = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    engine = await startEngine({
      behaviour: {
        request: async () => {
          arrived.resolve();
          await answer.promise;
          return undefined;
        },
      },
    });
    const giveUp = new AbortController();
    const given = engine.get(1, { signal: giveUp.signal });
    const kept = engine.get(2);
    await arrived.promise;
    giveUp.abort();
    expect(given).rejects.toThrow();
    answer.resolve();
    expect(await kept).toEqual(pageReply(2));
  });

  test('before the call: nothing is sent', async () => {
    engine = await startEngine();
    expect(engine.get(1, { signal: AbortSignal.abort(new Error('late')) })).rejects.toThrow('late');
    expect(engine.vk.requests).toEqual([]);
  });
});

test('closing rejects what waits and keeps what is on its way', async () => {
  const arrived = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  engine = await startEngine({
    behaviour: {
      request: async () => {
        arrived.resolve();
        await answer.promise;
        return undefined;
      },
    },
    config: { inFlightMax: 1 },
  });
  const onItsWay = engine.get(1);
  await arrived.promise;
  const waiting = engine.get(2).catch((error: unknown) => error);
  const closed = engine.api.close();
  expect(await waiting).toMatchObject({ kind: 'cancelled', retryable: true });
  answer.resolve();
  await closed;
  expect(await onItsWay).toEqual(pageReply(1));
  expect(engine.get(3)).rejects.toMatchObject({ kind: 'cancelled' });
});

test('no secret is in errors, logs or token states, whatever fails', async () => {
  const failures: (({ token }: StandInRequest) => Response)[] = [
    ({ token }) => new Response(token, { headers: { 'content-type': 'application/json' } }),
    ({ token }) => new Response(`<html>${token}`, { status: 502 }),
    ({ token }) => errorResponse({ code: 10, text: `could not check ${token}` }),
    ({ token }) => errorResponse({ code: 6, text: token }),
    ({ token }) => errorResponse({ code: 29, text: token }),
  ];
  let sent = 0;
  engine = await startEngine({
    behaviour: { call: echoParams, request: (request) => failures[sent++]?.(request) },
    config: { attemptsMax: 2 },
  });
  const errors: unknown[] = [];
  for (const page of range(4)) await engine.get(page).catch((error: unknown) => errors.push(error));
  expect(errors.length).toBe(4);
  const shown = [...errors.map((error) => Bun.inspect(error)), JSON.stringify(engine.logs)];
  const [token = ''] = engine.tokens;
  for (const text of [...shown, JSON.stringify(engine.api.tokens())]) {
    expect(text).not.toContain(token);
  }
  expect(engine.logs.length).toBeGreaterThan(0);
});
