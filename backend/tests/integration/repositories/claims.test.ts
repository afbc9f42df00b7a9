import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ClaimedTarget, TargetCounters } from '../../../src/repositories/claimRepository';
import { openRepositories, type Repositories } from './openRepositories';
import { aComment, aPost, claimNewTarget, storeTask } from './rows';

let repositories: Repositories;
/** Walls are shared by all tasks of a database, so that every test takes one of its own. */
let lastOwnerId = -1_000;
const newOwnerId = (): number => --lastOwnerId;

beforeAll(async () => {
  repositories = await openRepositories();
});
afterAll(() => repositories.close());

const LEASE_MS = 60_000;
/** A lease that is over as soon as it is given. */
const OVER_MS = -1_000;

const claim = (targetId: number | undefined, leaseMs = LEASE_MS) =>
  repositories.claimRepository.claim(targetId ?? 0, leaseMs);
const find = async (targetId = 0) =>
  (await repositories.models.Target.findByPk(targetId, { rejectOnEmpty: true })).toJSON();
const fence = (target: ClaimedTarget) =>
  repositories.withTransaction(undefined, (transaction) =>
    repositories.claimRepository.fence(target, transaction),
  );
const dueIds = async () =>
  (await repositories.targetRepository.listDue(1_000)).map(({ targetId }) => targetId);

const COUNTERS: TargetCounters = {
  posts: 1,
  comments: 2,
  authors: 3,
  newRows: 4,
  changedRows: 5,
  deletedRows: 6,
  walksTotal: 7,
  walksDone: 6,
  calls: 8,
  requests: 9,
  errors: 10,
};

describe('a claim', () => {
  test('of one target by eight workers at once is given to one of them', async () => {
    const { targetIds } = await storeTask(repositories, [{ ownerId: newOwnerId() }]);
    const claims = await Promise.all(Array.from({ length: 8 }, () => claim(targetIds[0])));
    const given = claims.filter((target) => target !== null);
    expect(given).toMatchObject([{ id: targetIds[0], epoch: 1 }]);
    expect(await find(targetIds[0])).toMatchObject({ status: 'running', epoch: 1 });
  });

  test('of one wall by targets of two tasks at once is given to one of them', async () => {
    for (let round = 0; round < 5; round++) {
      const ownerId = newOwnerId();
      const tasks = await Promise.all(
        Array.from({ length: 4 }, () => storeTask(repositories, [{ ownerId }])),
      );
      const claims = await Promise.all(tasks.map(({ targetIds }) => claim(targetIds[0])));
      expect(claims.filter((target) => target !== null)).toHaveLength(1);
    }
  });

  test('waits for a wall that is being read, and is given once it is free', async () => {
    const ownerId = newOwnerId();
    const reader = await claimNewTarget(repositories, { ownerId });
    const { targetIds } = await storeTask(repositories, [{ ownerId }]);
    expect(await claim(targetIds[0])).toBeNull();
    expect(await find(targetIds[0])).toMatchObject({ status: 'queued', epoch: 0 });
    await repositories.claimRepository.end(reader, { status: 'completed' });
    expect(await claim(targetIds[0])).toMatchObject({ epoch: 1 });
  });

  test('of another wall does not wait', async () => {
    await claimNewTarget(repositories, { ownerId: newOwnerId() });
    expect(await claimNewTarget(repositories, { ownerId: newOwnerId() })).toMatchObject({
      epoch: 1,
    });
  });

  test('whose lease is over is taken over with a new epoch', async () => {
    const {
      targetIds: [id = 0],
    } = await storeTask(repositories, [{ ownerId: newOwnerId() }]);
    const first = await claim(id);
    expect(await claim(id)).toBeNull();
    expect(await dueIds()).not.toContain(id);
    expect(first).not.toBeNull();
    if (first) expect(await repositories.claimRepository.heartbeat(first, OVER_MS)).toBe(true);
    expect(await dueIds()).toContain(id);
    expect(await claim(id)).toMatchObject({ epoch: 2, barrenClaims: 2 });
  });

  test('is refused for what is done, unknown, or waiting for later', async () => {
    const target = await claimNewTarget(repositories);
    await repositories.claimRepository.end(target, { status: 'completed' });
    expect(await claim(target.id)).toBeNull();
    expect(await claim(2_000_000_000)).toBeNull();
    const waiting = await claimNewTarget(repositories);
    const wait = { status: 'waiting', reason: { kind: 'quota', code: 29 } } as const;
    const waitingUntil = new Date(Date.now() + 3_600_000);
    await repositories.claimRepository.end(waiting, { ...wait, waitingFor: 'quota', waitingUntil });
    expect(await claim(waiting.id)).toBeNull();
    expect(await dueIds()).not.toContain(waiting.id);
    await repositories.models.Target.update(
      { waitingUntil: new Date(Date.now() - 1_000) },
      { where: { id: waiting.id } },
    );
    expect(await dueIds()).toContain(waiting.id);
    expect(await claim(waiting.id)).toMatchObject({ epoch: 2 });
    expect(await find(waiting.id)).toMatchObject({
      waitingFor: null,
      waitingUntil: null,
      reasonKind: null,
      reasonCode: null,
    });
  });
});

describe('a worker that lost its claim', () => {
  const loseClaim = async (): Promise<{ stale: ClaimedTarget; holder: ClaimedTarget }> => {
    const stale = await claimNewTarget(repositories, { ownerId: newOwnerId() });
    await repositories.claimRepository.heartbeat(stale, OVER_MS);
    const holder = await claim(stale.id);
    if (!holder) throw new Error('The lease is over.');
    return { stale, holder };
  };

  test('can neither commit nor keep the lease nor end the target', async () => {
    const { stale, holder } = await loseClaim();
    const before = await find(stale.id);
    expect(await fence(stale)).toBe(false);
    expect(await repositories.claimRepository.heartbeat(stale, LEASE_MS)).toBe(false);
    expect(await repositories.claimRepository.end(stale, { status: 'completed' })).toBe(false);
    expect(await find(stale.id)).toEqual(before);
    expect(await fence(holder)).toBe(true);
    expect(await repositories.claimRepository.heartbeat(holder, LEASE_MS)).toBe(true);
  });

  test('cannot take up again a lease that ran out, though nobody has claimed the target yet', async () => {
    const ownerId = newOwnerId();
    const late = await claimNewTarget(repositories, { ownerId });
    await repositories.claimRepository.heartbeat(late, OVER_MS);
    expect(await repositories.claimRepository.heartbeat(late, LEASE_MS)).toBe(false);
    expect(await fence(late)).toBe(false);
    // The wall is free for another task meanwhile, and held by one target at a time.
    const other = await claimNewTarget(repositories, { ownerId });
    expect(await claim(late.id)).toBeNull();
    await repositories.claimRepository.end(other, { status: 'completed' });
    expect(await claim(late.id)).toMatchObject({ id: late.id, epoch: 2 });
  });

  test('waits with its commit for the claim that takes over, and then matches nothing', async () => {
    const stale = await claimNewTarget(repositories, { ownerId: newOwnerId() });
    await repositories.claimRepository.heartbeat(stale, OVER_MS);
    const [takenOver, fenced] = await Promise.all([claim(stale.id), fence(stale)]);
    expect(takenOver).toMatchObject({ epoch: 2 });
    // Whichever was first, the stale worker never commits behind the new claim.
    expect(fenced && (await fence(stale))).toBe(false);
  });

  test('cannot end a target that was ended, not even with its own epoch', async () => {
    const target = await claimNewTarget(repositories);
    expect(await repositories.claimRepository.end(target, { status: 'completed' })).toBe(true);
    const failed = { status: 'failed', reason: { kind: 'internal', code: null } } as const;
    expect(await repositories.claimRepository.end(target, failed)).toBe(false);
    expect(await fence(target)).toBe(false);
    expect((await find(target.id)).status).toBe('completed');
  });
});

describe('the counters of a target', () => {
  const addCounters = (target: ClaimedTarget, postsExpected: number | null) =>
    repositories.withTransaction(undefined, (transaction) =>
      repositories.claimRepository.addCounters(
        target,
        COUNTERS,
        postsExpected,
        LEASE_MS,
        transaction,
      ),
    );

  test('grow with each commit, which also proves that the target is no poison', async () => {
    const target = await claimNewTarget(repositories);
    await addCounters(target, 20);
    await addCounters(target, null);
    const doubled = Object.entries(COUNTERS).map(([name, count]) => [name, count * 2]);
    expect(await find(target.id)).toMatchObject({
      ...Object.fromEntries(doubled),
      postsExpected: 20,
      barrenClaims: 0,
    });
  });

  test('are taken once more from the rows when the target ends', async () => {
    const ownerId = newOwnerId();
    const target = await claimNewTarget(repositories, { ownerId });
    await addCounters(target, null);
    await repositories.withTransaction(undefined, async (transaction) => {
      const posts = [1, 2, 3].map((id) => aPost({ ownerId, id }));
      const seen = await repositories.postRepository.upsertMany(posts, transaction);
      // The third post belongs to the wall, not to the task.
      await repositories.taskLinksRepository.linkPosts(
        target.taskId,
        seen.slice(0, 2),
        transaction,
      );
      const comments = [1, 2, 2, 3].map((postId, index) =>
        aComment({ ownerId, postId, id: index + 1 }),
      );
      await repositories.commentRepository.upsertMany(comments, transaction);
    });
    await repositories.claimRepository.end(target, { status: 'completed' });
    expect(await find(target.id)).toMatchObject({ posts: 2, comments: 3, calls: COUNTERS.calls });
  });
});

describe('a poison target', () => {
  test('is failed after so many claims in a row without a commit', async () => {
    const { barrenClaimsMax } = repositories.config.worker;
    const { targetIds, taskId } = await storeTask(repositories);
    for (let attempt = 0; attempt < barrenClaimsMax; attempt++) {
      expect(await claim(targetIds[0], OVER_MS)).not.toBeNull();
    }
    await repositories.vkService.collectTarget(targetIds[0] ?? 0, new AbortController().signal);
    expect(await find(targetIds[0])).toMatchObject({ status: 'failed', reasonKind: 'internal' });
    const task = await repositories.taskService.getTask(taskId);
    expect(task.status).toBe('failed');
  });
});

describe('targets that are due', () => {
  test('are listed by the priority of their task, then in order, and not beyond the limit', async () => {
    const slow = await storeTask(repositories, [{}, {}]);
    const urgent = await storeTask(repositories, [{}]);
    await repositories.models.Task.update({ priority: 1 }, { where: { id: urgent.taskId } });
    const due = await dueIds();
    const wanted = [...urgent.targetIds, ...slow.targetIds];
    expect(due.filter((id) => wanted.includes(id))).toEqual(wanted);
    expect(await repositories.targetRepository.listDue(1)).toMatchObject([
      { targetId: urgent.targetIds[0], epoch: 0, priority: 1 },
    ]);
  });
});

describe('targets that wait for a token, its quota or a person', () => {
  test('are queued when some token can do more, by however many processes at once', async () => {
    const { claimRepository, targetRepository } = repositories;
    const { taskId, targetIds } = await storeTask(repositories, [{}, {}, {}]);
    const reasons = [
      { waitingFor: 'token', waitingUntil: null, reason: { kind: 'no_token', code: null } },
      { waitingFor: 'captcha', waitingUntil: new Date(), reason: { kind: 'captcha', code: 14 } },
      {
        waitingFor: 'quota',
        waitingUntil: new Date(Date.now() + 3_600_000),
        reason: { kind: 'quota', code: 29 },
      },
    ] as const;
    for (const [index, reason] of reasons.entries()) {
      const target = await claim(targetIds[index]);
      if (target) await claimRepository.end(target, { status: 'waiting', ...reason });
    }
    expect(await repositories.taskService.getTask(taskId)).toMatchObject({ status: 'waiting' });
    await Promise.all([
      targetRepository.requeueWaitingForTokens(),
      targetRepository.requeueWaitingForTokens(),
    ]);
    for (const target of await Promise.all(targetIds.map((id) => find(id)))) {
      const queued = { status: 'queued', waitingFor: null, waitingUntil: null, reasonKind: null };
      expect(target).toMatchObject({ ...queued, reasonCode: null });
    }
    expect(await repositories.taskService.getTask(taskId)).toMatchObject({
      status: 'running',
      waitingFor: null,
    });
  });
});
