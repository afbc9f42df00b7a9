import { afterAll, beforeAll, beforeEach, expect, test } from 'bun:test';
import type { SpentCalls } from '../../../src/repositories/vkQuotaRepository';
import { usedOf } from '../../../src/services/tokens/quotaWindow';
import { openRepositories, type Repositories } from '../repositories/openRepositories';

let repositories: Repositories;

beforeAll(async () => {
  repositories = await openRepositories();
});
afterAll(() => repositories.close());
beforeEach(async () => {
  await repositories.query('TRUNCATE vk_tokens, vk_token_methods, vk_quota');
  await repositories.query(
    `INSERT INTO vk_tokens (fingerprint, kind, last4, source)
     VALUES ('a', 'user', 'aaaa', 'environment'), ('c', 'community', 'cccc', 'environment')`,
  );
});

const add = (...spent: SpentCalls[]) =>
  repositories.sequelize.transaction((transaction) =>
    repositories.vkQuotaRepository.add(spent, transaction),
  );
const spent = (calls: number, method = 'wall.get', fingerprint = 'a'): SpentCalls => ({
  fingerprint,
  method,
  calls,
});
const usedByMethod = async (...methods: string[]): Promise<Record<string, number>> => {
  const rows = await repositories.vkQuotaRepository.list(methods);
  return Object.fromEntries(
    rows.map(({ last4, method, buckets }) => [`${last4} ${method}`, usedOf(buckets)]),
  );
};

test('calls of several processes add up, and those taken back are taken off', async () => {
  await Promise.all(Array.from({ length: 8 }, () => add(spent(5), spent(2, 'users.get'))));
  await add(spent(-3));
  expect(await usedByMethod()).toEqual({ 'aaaa users.get': 16, 'aaaa wall.get': 37 });
  await add(spent(-100), spent(-1, 'groups.getById'));
  expect(await usedByMethod()).toEqual({ 'aaaa users.get': 16 });
});

test('named methods are listed uncalled, but for walls, which no community token reads', async () => {
  expect(await usedByMethod('wall.get', 'newsfeed.search')).toEqual({
    'aaaa newsfeed.search': 0,
    'aaaa wall.get': 0,
    'cccc newsfeed.search': 0,
  });
});

test('an hour counts until all of it is a day old, and is forgotten after a week', async () => {
  await repositories.query(
    `INSERT INTO vk_quota (fingerprint, method, hour, calls)
     SELECT 'a', 'wall.get', date_trunc('hour', now()) - make_interval(hours => ago), 1
     FROM unnest('{0,1,24,25,26,167,169}'::int[]) AS ago`,
  );
  const [row] = await repositories.vkQuotaRepository.list([]);
  const hours = row?.buckets.map(({ leavesInMs }) => Math.ceil(leavesInMs / 3_600_000));
  expect(hours?.sort((a, b) => a - b)).toEqual([1, 24, 25]);
  await repositories.vkQuotaRepository.deleteOld();
  const kept = await repositories.query('SELECT FROM vk_quota');
  expect(kept.length).toBe(6);
});

test('a rest and a learned cap are told beside the calls', async () => {
  await repositories.query(
    `INSERT INTO vk_token_methods (fingerprint, method, rest_until, learned_cap)
     VALUES ('a', 'wall.get', now() + interval '1 minute', 40),
            ('a', 'users.get', now() - interval '1 minute', NULL),
            ('a', '*', now() + interval '1 minute', NULL)`,
  );
  const rows = await repositories.vkQuotaRepository.list([]);
  expect(rows).toMatchObject([
    { method: 'wall.get', learnedCap: 40, tokenKind: 'user', last4: 'aaaa', buckets: [] },
  ]);
  expect(rows[0]?.restLeftMs).toBeWithin(55_000, 60_001);
  expect(rows[0]?.now).toBeInstanceOf(Date);
});
