import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { VkWaitError } from '../../../src/vkApi/errors';
import { eventually } from '../../support/eventually';
import { range } from '../vkApi/support';
import { echoParams, type StandInCall, type StandInError } from '../vkApi/vkStandIn';
import { createTokenProcesses, type TokenProcesses } from './tokenProcesses';

let world: TokenProcesses;
beforeAll(async () => {
  world = await createTokenProcesses();
});
afterEach(() => world.end());
afterAll(() => world.stop());

/** VK answers like this to wall.get with the first token, as long as `vk.isOn`. */
const refusing = (error: StandInError) => {
  const vk = { isOn: true };
  const call = (call: StandInCall) =>
    vk.isOn && call.token === world.token && call.method === 'wall.get'
      ? { error }
      : echoParams(call);
  return { vk, behaviour: { call } };
};

const REPLY = { items: [] };
const GROUP_AUTH = 'Group authorization failed: method is unavailable with group auth.';
/** For processes that find their tokens in the vault alone. */
const IN_VAULT = { VK_TOKENS: '' };
const DEAD = { code: 5, text: 'User authorization failed: invalid access_token (4).' };

describe('what VK says of a token to one process, all keep, also those that start later:', () => {
  test.each([
    ['a used-up quota', { code: 29 }, { waitingFor: 'quota', kind: 'quota', code: 29 }, 1],
    ['a method refused', { code: 27, text: GROUP_AUTH }, { kind: 'no_token', code: 27 }, 1],
    ['a dead token', DEAD, { kind: 'token_invalid', code: 5, until: null }, 2],
    ['a captcha', { code: 14 }, { waitingFor: 'captcha', kind: 'captcha', code: 14 }, 1],
  ])('%s', async (_name, error, wait, requests) => {
    await world.begin(refusing(error).behaviour);
    const [one, other] = [await world.start(IN_VAULT), await world.start(IN_VAULT)];
    await world.putIntoVault(one, world.token);
    await one.container.tokenKeeper.sync();
    expect(await one.get(1)).toMatchObject(wait);
    await one.stop();
    await other.container.tokenKeeper.sync();
    const later = await world.start(IN_VAULT);
    for (const process of [other, later]) {
      const answer = await process.get(2);
      expect(answer).toBeInstanceOf(VkWaitError);
      expect(answer).toMatchObject(wait);
    }
    expect(world.vk.requests.length).toBe(requests);
    // Another method goes on where only the one is meant.
    const isWhole = requests > 1 || error.code === 14;
    const answer = await later.get(3, 'wall.getById');
    expect(answer instanceof VkWaitError).toBe(isWhole);
  });
});

describe('a process that starts to collect tries the tokens of its VK_TOKENS again:', () => {
  test.each([
    // Refused a second time before it is left alone, and at once when it was before.
    ['a dead token', DEAD, { kind: 'token_invalid' }, 3],
    ['a captcha', { code: 14 }, { kind: 'captcha' }, 2],
  ])('%s', async (_name, error, wait, requests) => {
    const { vk, behaviour } = refusing(error);
    await world.begin(behaviour);
    const first = await world.start();
    expect(await first.get(1)).toMatchObject(wait);
    await first.container.tokenKeeper.sync();
    const second = await world.start();
    for (const page of [2, 3]) expect(await second.get(page)).toMatchObject(wait);
    expect(world.vk.requests.length).toBe(requests);
    await second.container.tokenKeeper.sync();
    vk.isOn = false;
    const third = await world.start();
    await first.container.tokenKeeper.sync();
    for (const process of [third, first]) expect(await process.get(4)).toMatchObject(REPLY);
  });
});

test('a rest is longer each time, whoever asked the time before', async () => {
  await world.begin(refusing({ code: 29 }).behaviour);
  const processes = [await world.start(), await world.start(), await world.start()];
  const waits: number[] = [];
  for (const process of processes) {
    await process.container.tokenKeeper.sync();
    const answer = await process.get(1);
    waits.push((answer as VkWaitError).until?.getTime() ?? 0);
    await process.container.tokenKeeper.sync();
    await world.query(`UPDATE vk_token_methods SET rest_since = rest_since - interval '1 day',
      rest_until = now() - interval '1 second'`);
  }
  const minutes = waits.map((until) => Math.round((until - Date.now()) / 60_000));
  expect(minutes).toEqual([1, 15, 60]);
});

test('a rest that two processes met at the same time is one rest', async () => {
  await world.begin(refusing({ code: 29 }).behaviour);
  const processes = await Promise.all([world.start(), world.start()]);
  await Promise.all(processes.map((process) => process.get(1)));
  await Promise.all(processes.map(({ container }) => container.tokenKeeper.sync()));
  expect(await world.query('SELECT rest_level FROM vk_token_methods')).toEqual([{ rest_level: 0 }]);
});

test('a success ends the rest for all, and the next one is short again', async () => {
  const { vk, behaviour } = refusing({ code: 29 });
  await world.begin(behaviour);
  const [one, other] = [await world.start(), await world.start()];
  await one.get(1);
  await one.container.tokenKeeper.sync();
  vk.isOn = false;
  await world.query(`UPDATE vk_token_methods SET rest_until = now() - interval '1 second',
    rest_since = now() - interval '1 minute'`);
  await other.container.tokenKeeper.sync();
  expect(await other.get(2)).toMatchObject(REPLY);
  await other.container.tokenKeeper.sync();
  const rows = await world.query('SELECT rest_until, rest_level FROM vk_token_methods');
  expect(rows).toEqual([{ rest_until: null, rest_level: null }]);
  await one.container.tokenKeeper.sync();
  expect(await one.get(3)).toMatchObject(REPLY);
});

test('calls wait for a rest that a success elsewhere ends before its time', async () => {
  const { vk, behaviour } = refusing({ code: 9 });
  await world.begin(behaviour);
  const one = await world.start();
  const waiting = one.get(1);
  await eventually(() => world.vk.requests.length === 1, { what: 'the first answer' });
  await one.container.tokenKeeper.sync();
  vk.isOn = false;
  await world.query('UPDATE vk_token_methods SET rest_since = NULL, rest_until = NULL');
  const sentMs = performance.now();
  await one.container.tokenKeeper.sync();
  expect(await waiting).toMatchObject(REPLY);
  expect((world.vk.requests.at(-1)?.atMs ?? 0) - sentMs).toBeLessThan(1_500);
});

test('a token goes on in all processes once it is cleared', async () => {
  const { vk, behaviour } = refusing(DEAD);
  await world.begin(behaviour);
  const [one, other] = [await world.start(), await world.start()];
  await one.get(1);
  await one.container.tokenKeeper.sync();
  await other.container.tokenKeeper.sync();
  vk.isOn = false;
  await world.query('UPDATE vk_tokens SET quarantined_at = NULL, reason_kind = NULL');
  await world.query('DELETE FROM vk_token_methods');
  for (const process of [one, other]) {
    await process.container.tokenKeeper.sync();
    expect(await process.get(1)).toMatchObject(REPLY);
  }
});

test('a token without execute is known as such to all', async () => {
  await world.begin({
    request: ({ method }) =>
      method === 'execute'
        ? Response.json({ error: { error_code: 28, error_msg: 'method is unavailable' } })
        : undefined,
  });
  const [one, other] = [await world.start(), await world.start()];
  await Promise.all(range(5).map((page) => one.get(page)));
  await one.container.tokenKeeper.sync();
  await other.container.tokenKeeper.sync();
  world.vk.requests.length = 0;
  await Promise.all(range(5).map((page) => other.get(page)));
  expect(world.vk.requests.map(({ method }) => method)).not.toContain('execute');
});

describe('the list of tokens', () => {
  test('grows while calls go on, and each process opens what the vault holds', async () => {
    await world.begin();
    const [one, bare] = [await world.start(), await world.start({ VK_TOKENS: '' })];
    expect(await bare.get(1)).toMatchObject({ kind: 'no_token' });
    const token = await world.makeToken();
    await world.putIntoVault(one, token);
    await bare.container.tokenKeeper.sync();
    expect(await bare.get(2)).toMatchObject(REPLY);
    expect(world.callsOf(token).length).toBe(1);
    expect(bare.container.vkApi.tokens().length).toBe(1);
  });

  test('shrinks: what is on its way ends, and nothing more is asked with a removed token', async () => {
    const release = Promise.withResolvers<void>();
    await world.begin({
      request: async ({ token }) => {
        if (token !== world.token) await release.promise;
        return undefined;
      },
    });
    const one = await world.start();
    const token = await world.makeToken();
    await world.putIntoVault(one, token);
    await one.container.tokenKeeper.sync();
    // Enough for both tokens to be busy with.
    const answers = Promise.all(range(300).map((page) => one.get(page)));
    await eventually(() => world.callsOf(token).length > 0, { what: 'a call with the new token' });
    await world.query(`DELETE FROM vk_tokens WHERE source = 'vault'`);
    await one.container.tokenKeeper.sync();
    const sent = world.callsOf(token).length;
    release.resolve();
    for (const answer of await answers) expect(answer).toMatchObject(REPLY);
    expect(world.callsOf(token).length).toBe(sent);
  });

  test('holds a token of environment and vault once', async () => {
    await world.begin();
    const bare = await world.start({ VK_TOKENS: '' });
    const { token } = world;
    await world.putIntoVault(bare, token);
    const one = await world.start();
    expect(one.container.vkApi.tokens().length).toBe(1);
    expect(await world.query('SELECT source FROM vk_tokens')).toEqual([{ source: 'vault' }]);
  });
});
