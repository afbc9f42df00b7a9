import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test';
import { createSandbox, type Sandbox } from '@stenograf/sandbox';
import { VkWaitError } from '../../../src/vkApi/errors';
import { forecastQuota } from '../../../src/services/tokens/quotaForecast';
import { range } from '../vkApi/support';
import { createTokenProcesses, type TokenProcess, type TokenProcesses } from './tokenProcesses';

let world: TokenProcesses;
let sandbox: Sandbox;
beforeAll(async () => {
  world = await createTokenProcesses();
});
afterEach(async () => {
  await world.end();
  await sandbox.stop();
});
afterAll(() => world.stop());

/** VK's allowance of wall.get; what is asked of it goes to a sandbox that counts by itself. */
const open = async (quota?: number): Promise<void> => {
  await world.begin();
  const { token } = world;
  const quotas = quota === undefined ? {} : { 'wall.get': quota };
  sandbox = await createSandbox({ tokens: [{ token, kind: 'user', rps: 1_000, quotas }] });
};
const start = (env: Record<string, string>): Promise<TokenProcess> =>
  world.start({ VK_API_URL: sandbox.url, ...env });

const getAll = (processes: TokenProcess[], count: number): Promise<unknown[]> =>
  Promise.all(processes.flatMap(({ get }) => range(count).map((page) => get(page))));
const madeCalls = (): number => sandbox.stats().callsByMethod['wall.get'] ?? 0;
const countRefused = (answers: unknown[]): number =>
  answers.filter((answer) => answer instanceof VkWaitError).length;
const learnedCaps = async (): Promise<(number | null)[]> => {
  const sql = 'SELECT learned_cap FROM vk_token_methods ORDER BY method';
  const rows = await world.query<{ learned_cap: number | null }>(sql);
  return rows.map((row) => row.learned_cap);
};
const endRests = (): Promise<unknown> =>
  world.query('UPDATE vk_token_methods SET rest_until = now()');
const quotaOf = async ({ container: { config, vkQuotaRepository } }: TokenProcess) => {
  const [row] = await vkQuotaRepository.list(['wall.get']);
  return row && forecastQuota(row, config.vk.dailyCaps);
};

test('one process stops at the cap exactly, and says until when', async () => {
  await open();
  const one = await start({ VK_DAILY_CAPS: 'wall.get=40' });
  const answers = await getAll([one], 60);
  expect(madeCalls()).toBe(40);
  expect(countRefused(answers)).toBe(20);
  await one.container.tokenKeeper.sync();
  const answer = await one.get(61);
  expect(answer).toMatchObject({ waitingFor: 'quota', kind: 'quota', code: null });
  // The hour of the calls leaves the window a day after its end.
  const hours = ((answer as VkWaitError).until?.getTime() ?? 0) - Date.now();
  expect(hours / 3_600_000).toBeWithin(23.9, 25.1);
  expect(await quotaOf(one)).toMatchObject({ used: 40, cap: 40, capSource: 'setting', left: 0 });
  expect(await one.get(62, 'wall.getById')).not.toBeInstanceOf(VkWaitError);
});

test('two processes make at most one request each beyond it, and a third one none', async () => {
  await open();
  // At this pace each hears of the other before its own next request.
  const env = { VK_DAILY_CAPS: 'wall.get=100', VK_USER_RPS: '3', VK_JITTER_MS: '20' };
  const processes = [await start(env), await start(env)];
  const answers = await getAll(processes, 150);
  const made = madeCalls();
  expect(made).toBeWithin(100, 100 + 2 * 25 + 1);
  expect(countRefused(answers)).toBe(300 - made);
  for (const { container } of processes) await container.tokenKeeper.sync();
  expect(await quotaOf(processes[0] as TokenProcess)).toMatchObject({ used: made, left: 0 });
  const later = await start(env);
  expect(await later.get(1)).toBeInstanceOf(VkWaitError);
  expect(madeCalls()).toBe(made);
});

test('a cap that is taken away lets calls go on', async () => {
  await open();
  const one = await start({ VK_DAILY_CAPS: 'wall.get=10' });
  await getAll([one], 12);
  await one.stop();
  const other = await start({ VK_DAILY_CAPS: 'wall.get=0' });
  expect(countRefused(await getAll([other], 12))).toBe(0);
  expect(madeCalls()).toBe(22);
});

test("VK's word teaches a lower cap, which then needs no word of VK", async () => {
  await open(30);
  const env = { VK_DAILY_CAPS: 'wall.get=1000' };
  const one = await start(env);
  await getAll([one], 60);
  await one.container.tokenKeeper.sync();
  expect(madeCalls()).toBe(30);
  expect(await learnedCaps()).toEqual([30]);
  expect(await quotaOf(one)).toMatchObject({ used: 30, cap: 30, capSource: 'learned', left: 0 });
  // Another day: the calls are forgotten, VK's as well as ours; what was learned is not.
  await world.query('UPDATE vk_quota SET calls = 0');
  await world.query(`UPDATE vk_token_methods SET rest_until = NULL, rest_level = NULL`);
  sandbox.clock.advance(25 * 3_600_000);
  sandbox.resetStats();
  const other = await start(env);
  const answers = await getAll([other], 40);
  expect(madeCalls()).toBe(30);
  expect(countRefused(answers)).toBe(10);
  expect(answers.at(-1)).toMatchObject({ waitingFor: 'quota', code: 29 });
  expect(sandbox.stats().errorsByCode[29] ?? 0).toBe(0);
});

test('a learned cap is asked about by one call after its rest, and forgotten by a success', async () => {
  await open(30);
  const one = await start({});
  await getAll([one], 40);
  await one.container.tokenKeeper.sync();
  await endRests();
  await one.container.tokenKeeper.sync();
  const refused = sandbox.stats().errorsByCode[29] ?? 0;
  // Still used up: the rest is longer now.
  expect(countRefused(await getAll([one], 20))).toBe(20);
  expect(sandbox.stats().errorsByCode[29]).toBe(refused + 1);
  await one.container.tokenKeeper.sync();
  expect(await world.query('SELECT rest_level FROM vk_token_methods')).toEqual([{ rest_level: 1 }]);
  await endRests();
  await one.container.tokenKeeper.sync();
  sandbox.clock.advance(25 * 3_600_000);
  expect(countRefused(await getAll([one], 20))).toBe(0);
  await one.container.tokenKeeper.sync();
  expect(await learnedCaps()).toEqual([null]);
});

test('calls of a pack count one by one, and a pack that VK refused counts none', async () => {
  await open();
  sandbox.faults.add({ kind: 'vk-error', code: 10, method: 'execute' });
  const one = await start({});
  await getAll([one], 25);
  await one.container.tokenKeeper.sync();
  expect(madeCalls()).toBe(25);
  expect(await quotaOf(one)).toMatchObject({ used: 25 });
});
