import { afterAll, beforeAll, expect, test } from 'bun:test';
import { openRepositories, type Repositories } from './openRepositories';
import { claimNewTarget, storeTask } from './rows';

let repositories: Repositories;

beforeAll(async () => {
  repositories = await openRepositories();
});
afterAll(() => repositories.close());

const LEASE_MS = 60_000;

const claimAll = async (targetIds: number[]) => {
  const claims = await Promise.all(
    targetIds.map((id) => repositories.claimRepository.claim(id, LEASE_MS)),
  );
  return claims.flatMap((target) => target ?? []);
};
const settle = (
  ...[target, ownerId]: Parameters<Repositories['wallOwnerRepository']['settleOwner']>
) => repositories.wallOwnerRepository.settleOwner(target, ownerId);
const find = async (targetId: number) => repositories.models.Target.findByPk(targetId);

test('a wall that nobody reads is settled, and stays so when it is asked again', async () => {
  const target = await claimNewTarget(repositories);
  expect(await settle(target, -10)).toBe('settled');
  expect(await settle(target, -10)).toBe('settled');
  expect(await find(target.id)).toMatchObject({ ownerId: -10, status: 'running' });
});

test('references of one task that mean one wall end up as one target with all of them', async () => {
  const { taskId, targetIds } = await storeTask(repositories, [
    { refs: ['club20', '-20'] },
    { refs: ['vetrogorod'] },
    { refs: ['https://vk.com/vetrogorod_old'] },
  ]);
  const targets = await claimAll(targetIds);
  await repositories.models.Target.update(
    { calls: 2, requests: 1, errors: 1 },
    { where: { id: targetIds } },
  );
  const outcomes = await Promise.all(targets.map((target) => settle(target, -20)));
  expect(outcomes.sort()).toEqual(['merged', 'merged', 'settled']);
  const left = await repositories.models.Target.findAll({ where: { taskId } });
  expect(left).toHaveLength(1);
  expect(left[0]).toMatchObject({ calls: 6, requests: 3, errors: 3 });
  expect([...(left[0]?.refs ?? [])].sort()).toEqual([
    '-20',
    'club20',
    'https://vk.com/vetrogorod_old',
    'vetrogorod',
  ]);
});

test('links of one task to one post end up as one target, beside the one of the whole wall', async () => {
  const { taskId, targetIds } = await storeTask(repositories, [
    { refs: ['club30'] },
    { refs: ['wall-30_5'], postId: 5 },
    { refs: ['vk.com/club30?w=wall-30_5'], postId: 5 },
    { refs: ['wall-30_6'], postId: 6 },
  ]);
  const outcomes: string[] = [];
  for (const id of targetIds) {
    const [target] = await claimAll([id]);
    if (!target) continue;
    outcomes.push(await settle(target, -30));
    await repositories.claimRepository.end(target, { status: 'completed' });
  }
  expect(outcomes).toEqual(['settled', 'settled', 'merged', 'settled']);
  const left = await repositories.models.Target.findAll({ where: { taskId }, order: ['id'] });
  expect(left.map(({ postId, refs }) => ({ postId, refs }))).toEqual([
    { postId: null, refs: ['club30'] },
    { postId: 5, refs: ['wall-30_5', 'vk.com/club30?w=wall-30_5'] },
    { postId: 6, refs: ['wall-30_6'] },
  ]);
});

test('a wall that another task reads sends the target back into the queue, not into failure', async () => {
  const reader = await claimNewTarget(repositories);
  expect(await settle(reader, -40)).toBe('settled');
  const second = await claimNewTarget(repositories);
  expect(await settle(second, -40)).toBe('busy');
  expect(await find(second.id)).toMatchObject({ ownerId: -40, status: 'queued', leaseUntil: null });
  expect(await repositories.claimRepository.claim(second.id, LEASE_MS)).toBeNull();
  await repositories.claimRepository.end(reader, { status: 'completed' });
  const again = await repositories.claimRepository.claim(second.id, LEASE_MS);
  expect(again).toMatchObject({ ownerId: -40, epoch: 2 });
  if (again) expect(await settle(again, -40)).toBe('settled');
});

test('of four tasks that settle on one wall at once one reads and the others wait', async () => {
  const tasks = await Promise.all(Array.from({ length: 4 }, () => storeTask(repositories)));
  const targets = await claimAll(tasks.flatMap(({ targetIds }) => targetIds));
  const outcomes = await Promise.all(targets.map((target) => settle(target, -50)));
  expect(outcomes.sort()).toEqual(['busy', 'busy', 'busy', 'settled']);
});

test('a worker that lost its claim settles nothing', async () => {
  const stale = await claimNewTarget(repositories);
  await repositories.claimRepository.heartbeat(stale, -1_000);
  expect(await claimAll([stale.id])).toMatchObject([{ epoch: 2 }]);
  expect(await settle(stale, -60)).toBe('lost');
  expect(await find(stale.id)).toMatchObject({ ownerId: null, status: 'running', epoch: 2 });
});
