import { afterEach, describe, expect, test } from 'bun:test';
import { VkError } from '../../../src/vkApi/errors';
import { eventually } from '../../support/eventually';
import { isPage, paceKey, pageReply, range, startEngine } from './support';
import type { Engine } from './support';
import { echoParams, errorResponse } from './vkStandIn';

let engine: Engine;
afterEach(() => engine.close());

const sizes = (): number[] => engine.vk.requests.map(({ calls }) => calls.length);
const getAll = (count: number) => Promise.all(range(count).map((page) => engine.get(page)));
const outcomes = (count: number) =>
  Promise.allSettled(range(count).map((page) => engine.get(page)));

describe('packing', () => {
  test('while saturated every request carries 25 calls, and each call gets its own reply', async () => {
    engine = await startEngine();
    expect(await getAll(250)).toEqual(range(250).map(pageReply));
    expect(sizes()).toEqual(range(10).map(() => 25));
    expect(engine.spent).toEqual({ calls: 250, requests: 10, errors: 0 });
  });

  test('a call that waits alone is sent as it is', async () => {
    engine = await startEngine();
    await engine.get(7);
    expect(engine.vk.requests.map(({ method }) => method)).toEqual(['wall.get']);
  });

  test('calls that come while the slot is awaited share its request', async () => {
    engine = await startEngine({ config: { userRps: 2 } });
    await engine.get(0);
    const [token = ''] = engine.tokens;
    const nextSlot = () => engine.redis.hget(paceKey(engine.config, token), 'next');
    const before = await nextSlot();
    const first = engine.get(1);
    const reserved = async () => (await nextSlot()) !== before;
    await eventually(reserved, { what: 'the reservation of a slot' });
    await Promise.all([first, engine.get(2), engine.get(3)]);
    expect(sizes()).toEqual([1, 3]);
  });

  test('a huge group leaves room for small ones', async () => {
    engine = await startEngine();
    const huge = range(100).map((page) => engine.get(page, { groupKey: 'huge' }));
    const small = range(10).map((page) => engine.get(1_000 + page, { groupKey: `small ${page}` }));
    await Promise.all(small);
    const first = engine.vk.requests[0]?.calls.map(({ params }) => Number(params['offset']));
    expect(first?.filter((page) => page >= 1_000).length).toBe(10);
    await Promise.all(huge);
  });

  test('urgent calls go first', async () => {
    engine = await startEngine({ config: { userRps: 5 } });
    await engine.get(0);
    const late = range(30).map((page) => engine.get(page, { priority: 10 }));
    const urgent = engine.get(99, { groupKey: 'b', priority: 1 });
    await Promise.all([...late, urgent]);
    expect(engine.vk.requests[1]?.calls[0]?.params['offset']).toBe(99);
  });

  test('long codes are cut into smaller packs', async () => {
    engine = await startEngine({ behaviour: { call: () => ({ reply: 1 }) } });
    const ids = 'x'.repeat(20_000);
    await Promise.all(range(5).map(() => engine.call('groups.getById', { group_ids: ids })));
    expect(sizes()).toEqual([2, 2, 1]);
  });

  test('fetch times tell which reply was asked for later', async () => {
    engine = await startEngine();
    const first = await engine.api.call('wall.get', {}, { groupKey: 'a' });
    const second = await engine.api.call('wall.get', {}, { groupKey: 'a' });
    expect(second.fetchedAt.getTime()).toBeGreaterThan(first.fetchedAt.getTime());
  });
});

describe('a token that cannot pack', () => {
  const codes: [number, string][] = [
    [28, 'Application authorization failed: method is unavailable with service token.'],
    [27, 'Group authorization failed: method is unavailable with group auth.'],
    [3, 'Unknown method passed'],
    [15, 'Access denied: no access to call this method'],
    [20, ''],
    [21, ''],
    [23, ''],
    [1051, ''],
  ];
  test.each(codes)('%d %s: is asked once, then sends single calls', async (code, text) => {
    engine = await startEngine({
      kinds: ['service'],
      behaviour: {
        request: ({ method }) => (method === 'execute' ? errorResponse({ code, text }) : undefined),
      },
    });
    expect(await getAll(30)).toEqual(range(30).map(pageReply));
    const packs = engine.vk.requests.filter(({ method }) => method === 'execute');
    expect(packs.length).toBe(1);
    expect(engine.api.tokens()).toMatchObject([{ state: 'ready', canExecute: false }]);
  });

  test('a service key that can pack does', async () => {
    engine = await startEngine({ kinds: ['service'] });
    await getAll(50);
    expect(engine.api.tokens()).toMatchObject([{ canExecute: true }]);
    expect(sizes()).toContain(25);
  });
});

describe('what a pack cannot carry is split, and nothing is lost:', () => {
  const tooBig = 'Runtime error occurred during code invocation: response size is too big';

  test('an answer that VK finds too big', async () => {
    engine = await startEngine({
      behaviour: {
        request: ({ calls }) =>
          calls.length > 6 ? errorResponse({ code: 13, text: tooBig }) : undefined,
      },
    });
    expect(await getAll(50)).toEqual(range(50).map(pageReply));
    expect(Math.max(...sizes().slice(-4))).toBeLessThanOrEqual(7);
  });

  test('an answer that we find too big', async () => {
    engine = await startEngine({
      behaviour: { call: (call) => ({ reply: [echoParams(call).reply, 'y'.repeat(900)] }) },
      config: { responseBytesMax: 5_000 },
    });
    const replies = await getAll(25);
    expect(replies.length).toBe(25);
    expect(sizes()[0]).toBe(25);
  });

  test('heavy replies are learnt once, not found out with every pack', async () => {
    engine = await startEngine({
      behaviour: { call: (call) => ({ reply: [echoParams(call).reply, 'y'.repeat(900)] }) },
      config: { responseBytesMax: 10_000, inFlightMax: 1 },
    });
    await getAll(300);
    // 25 and 13 do not fit, 7 do: from then on packs are as large as fits.
    expect(engine.spent.errors).toBeLessThanOrEqual(3);
    expect(sizes().filter((size) => size >= 9).length).toBeGreaterThan(25);
  });

  test('a request too large for the way (413)', async () => {
    engine = await startEngine({
      behaviour: {
        request: ({ calls }) => (calls.length > 3 ? new Response('', { status: 413 }) : undefined),
      },
    });
    expect(await getAll(25)).toEqual(range(25).map(pageReply));
  });

  test.each([12, 13, 100])('error %d about the script: its calls go singly', async (code) => {
    engine = await startEngine({
      behaviour: { request: ({ method }) => method === 'execute' && errorResponse({ code }) },
    });
    expect(await getAll(25)).toEqual(range(25).map(pageReply));
    expect(sizes()).toEqual([25, ...range(25).map(() => 1)]);
  });

  test('a community whose packs VK steadily breaks', async () => {
    engine = await startEngine({
      behaviour: {
        request: ({ calls }) =>
          calls.length > 1 && calls.some(isPage(13))
            ? new Response('', { status: 500 })
            : undefined,
      },
    });
    expect(await getAll(60)).toEqual(range(60).map(pageReply));
  });

  test('a single answer beyond the cap is the end of that call alone', async () => {
    engine = await startEngine({
      behaviour: {
        call: (call) =>
          isPage(3)(call) ? { reply: 'x'.repeat(6_000) } : { reply: echoParams(call).reply },
      },
      config: { responseBytesMax: 5_000 },
    });
    const settled = await outcomes(10);
    const failed = settled.flatMap((outcome, page) =>
      outcome.status === 'rejected' ? [page] : [],
    );
    expect(failed).toEqual([3]);
    expect(settled[3]).toMatchObject({ reason: { kind: 'vk_unavailable', retryable: false } });
  });
});

describe('the answer of a pack', () => {
  test('gives a failed call its own error and the others their replies', async () => {
    engine = await startEngine({
      behaviour: {
        call: (call) =>
          isPage(3)(call)
            ? { error: { code: 15, text: 'Access denied: wall is disabled' } }
            : isPage(7)(call)
              ? { error: { code: 100 } }
              : echoParams(call),
      },
    });
    const settled = await outcomes(10);
    for (const page of range(10)) {
      const outcome = settled[page];
      if (outcome?.status === 'fulfilled') expect(outcome.value).toEqual(pageReply(page));
      else expect([3, 7]).toContain(page);
    }
    expect(settled[3]).toMatchObject({ reason: { kind: 'wall_disabled', code: 15 } });
    expect(settled[7]).toMatchObject({ reason: { kind: 'rejected_by_vk', scope: 'request' } });
    expect(engine.vk.requests.length).toBe(1);
    expect(engine.spent).toEqual({ calls: 10, requests: 1, errors: 2 });
  });

  test.each([
    ['is null', { response: null }],
    ['is too short', { response: [1, 2] }],
    ['misses an error', { response: range(10).map((index) => index > 0 && {}) }],
    [
      'names the wrong method',
      {
        response: range(10).map((index) => index > 0 && {}),
        execute_errors: [{ method: 'users.get', error_code: 15, error_msg: 'x' }],
      },
    ],
  ])('that %s is not guessed at: what is in doubt is asked again', async (_name, body) => {
    engine = await startEngine({
      behaviour: { request: ({ method }) => method === 'execute' && Response.json(body) },
    });
    const replies = await getAll(10);
    expect(replies[0]).toEqual(pageReply(0));
    expect(engine.vk.requests.some(({ method }) => method === 'wall.get')).toBe(true);
  });
});

test('a call that breaks also alone ends with the reason', async () => {
  engine = await startEngine({
    behaviour: {
      request: ({ calls }) =>
        calls.some(isPage(13)) ? new Response('', { status: 500 }) : undefined,
    },
  });
  const settled = await outcomes(30);
  const failed = settled.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome] : []));
  expect(failed.length).toBe(1);
  const error: unknown = failed[0]?.reason;
  expect(error).toBeInstanceOf(VkError);
  expect(error).toMatchObject({ kind: 'vk_unavailable', retryable: true, scope: 'network' });
});
