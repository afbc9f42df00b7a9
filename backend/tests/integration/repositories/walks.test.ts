import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { NewWalk, Walk, WalkMove } from '../../../src/repositories/walkRepository';
import { unmoved } from '../../../src/services/collecting/pageCommit';
import { openRepositories, type Repositories } from './openRepositories';
import { claimNewTarget } from './rows';

let repositories: Repositories;

beforeAll(async () => {
  repositories = await openRepositories();
});
afterAll(() => repositories.close());

const aWalk = (overrides: Partial<NewWalk> = {}): NewWalk => ({
  kind: 'comments',
  ownerId: -1,
  postId: 1,
  rootId: 0,
  ...overrides,
});

const insert = (targetId: number, walks: NewWalk[]): Promise<Walk[]> =>
  repositories.withTransaction(undefined, (transaction) =>
    repositories.walkRepository.insertMany(targetId, walks, transaction),
  );
const move = (moves: WalkMove[]): Promise<Set<number>> =>
  repositories.withTransaction(undefined, (transaction) =>
    repositories.walkRepository.moveMany(moves, transaction),
  );
const openWalks = async (count = 1): Promise<Walk[]> => {
  const { id } = await claimNewTarget(repositories);
  const walks = Array.from({ length: count }, (_, index) => aWalk({ postId: index + 1 }));
  return insert(id, walks);
};
const firstOf = (walks: Walk[]): Walk => {
  const [walk] = walks;
  if (!walk) throw new Error('There is a walk.');
  return walk;
};

describe('a walk', () => {
  test('moves from the version that was read, once, whoever else tries at the same time', async () => {
    const walk = firstOf(await openWalks());
    const tries = await Promise.all(
      Array.from({ length: 6 }, (_, index) => move([{ ...unmoved(walk), position: index + 1 }])),
    );
    expect(tries.filter(({ size }) => size === 1)).toHaveLength(1);
    const [stored] = await repositories.walkRepository.listOpen(walk.targetId);
    expect(stored).toMatchObject({ version: 1, position: tries.findIndex(({ size }) => size) + 1 });
  });

  test('keeps all that its proof needs, anchors and memory included', async () => {
    const { targetId } = firstOf(await openWalks(2));
    const [first, second] = await repositories.walkRepository.listOpen(targetId);
    if (!first || !second) throw new Error('There are two walks.');
    const state = {
      position: 190,
      anchors: [Number.MAX_SAFE_INTEGER, 5, -3],
      memory: { anchorOffset: 90, stepBacks: 0, scope: { taken: 3, pinned: null } },
      passes: 1,
      stored: 191,
      inlineStored: 12,
      stubs: 4,
      vanished: 2,
    };
    const moved = await move([
      { ...unmoved(second), ...state },
      { ...unmoved(first), anchors: [] },
    ]);
    expect(moved).toEqual(new Set([first.id, second.id]));
    expect(await repositories.walkRepository.listOpen(targetId)).toEqual([
      { ...first, version: 1 },
      { ...second, ...state, version: 1 },
    ]);
  });

  test('that is over is open no more and moves no more', async () => {
    const walk = firstOf(await openWalks());
    const end: WalkMove = {
      ...unmoved(walk),
      state: 'done',
      vkCount: 3,
      vkCountAll: 5,
      unlisted: 0,
    };
    expect((await move([end])).size).toBe(1);
    expect(await repositories.walkRepository.listOpen(walk.targetId)).toEqual([]);
    expect((await move([{ ...end, version: 1, state: 'open' }])).size).toBe(0);
    const row = await repositories.models.Walk.findByPk(walk.id, { rejectOnEmpty: true });
    expect(row).toMatchObject({ state: 'done', vkCount: 3, vkCountAll: 5, unlisted: 0 });
    expect(row.finishedAt).toBeInstanceOf(Date);
  });

  test('is begun once, also if it is asked for by two pages or again', async () => {
    const { id } = await claimNewTarget(repositories);
    expect(await repositories.walkRepository.hasAny(id)).toBe(false);
    expect(await insert(id, [])).toEqual([]);
    const twice = [aWalk(), aWalk(), aWalk({ kind: 'thread', rootId: 7 })];
    expect((await insert(id, twice)).map(({ kind }) => kind)).toEqual(['comments', 'thread']);
    expect(await insert(id, twice)).toEqual([]);
    expect(await repositories.walkRepository.hasAny(id)).toBe(true);
    const other = await claimNewTarget(repositories);
    expect(await insert(other.id, [aWalk()])).toHaveLength(1);
  });

  test('of a list that is believed empty is done from the start', async () => {
    const { id } = await claimNewTarget(repositories);
    expect(await insert(id, [aWalk({ reasonKind: 'counted_zero' })])).toEqual([]);
    const row = await repositories.models.Walk.findOne({ where: { targetId: id } });
    expect(row).toMatchObject({ state: 'done', reasonKind: 'counted_zero' });
    expect(row?.finishedAt).toBeInstanceOf(Date);
  });
});

describe('what came of the walks of a target', () => {
  const outcomes = () => repositories.walkOutcomeRepository;
  const reopenFailed = (targetId: number) =>
    repositories.withTransaction(undefined, (transaction) =>
      outcomes().reopenFailed(targetId, ['vk_unavailable'], transaction),
    );
  const fail = (walk: Walk, reasonKind: 'vk_unavailable' | 'access_denied') =>
    move([{ ...unmoved(walk), state: 'failed', reasonKind, reasonCode: 10, position: 40 }]);

  test('a failure that may have passed is tried once more from the start, and only once', async () => {
    const walk = firstOf(await openWalks());
    await fail(walk, 'vk_unavailable');
    expect(await reopenFailed(walk.targetId)).toBe(1);
    const [again] = await repositories.walkRepository.listOpen(walk.targetId);
    expect(again).toMatchObject({ position: 0, anchors: [], memory: {}, passes: 1, version: 1 });
    await fail(again ?? walk, 'vk_unavailable');
    await reopenFailed(walk.targetId);
    const [last] = await repositories.walkRepository.listOpen(walk.targetId);
    if (last) await fail(last, 'vk_unavailable');
    expect(await reopenFailed(walk.targetId)).toBe(0);
    expect(await outcomes().findFailed(walk.targetId)).toMatchObject({
      reasonKind: 'vk_unavailable',
      reasonCode: 10,
    });
  });

  test('a refusal stays, and the wall is named before the lists under it', async () => {
    const { id } = await claimNewTarget(repositories);
    const wall = { kind: 'wall' as const, postId: 0 };
    const walks = await insert(id, [aWalk(), aWalk(wall), aWalk({ postId: 2 })]);
    expect(await outcomes().findFailed(id)).toBeNull();
    for (const walk of walks) await fail(walk, 'access_denied');
    expect(await reopenFailed(id)).toBe(0);
    expect(await outcomes().findFailed(id)).toMatchObject({ kind: 'wall' });
    expect(await outcomes().countDone(id)).toBe(0);
  });

  test('lists that were believed empty are read once VK was caught counting too few', async () => {
    const { id } = await claimNewTarget(repositories);
    const [read] = await insert(id, [aWalk(), aWalk({ postId: 2, reasonKind: 'counted_zero' })]);
    const reopen = () =>
      repositories.withTransaction(undefined, (transaction) =>
        outcomes().reopenCountedZero(id, transaction),
      );
    if (!read) throw new Error('One list is open.');
    expect(await reopen()).toBe(0);
    await move([{ ...unmoved(read), state: 'done', memory: { undercounted: true } }]);
    expect(await reopen()).toBe(1);
    expect(await repositories.walkRepository.listOpen(id)).toMatchObject([{ postId: 2 }]);
    expect(await reopen()).toBe(0);
  });
});
