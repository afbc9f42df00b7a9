import { afterAll, beforeAll, expect, test } from 'bun:test';
import {
  isTaskEnded,
  TARGET_STATUSES,
  TASK_STATUSES,
  type TargetStatus,
  type TaskStatus,
} from '@stenograf/contracts/statuses';
import fc from 'fast-check';
import { taskStatusAfter } from '../../../src/repositories/taskStatus';
import { expectFields } from '../../support/expectFields';
import { openRepositories, type Repositories } from './openRepositories';
import { storeTask } from './rows';

let repositories: Repositories;

beforeAll(async () => {
  repositories = await openRepositories();
});
afterAll(() => repositories.close());

const refresh = (taskId: number) =>
  repositories.withTransaction(undefined, (transaction) =>
    repositories.taskRepository.refreshStatus(taskId, transaction),
  );
const setTargets = async (taskId: number, statuses: TargetStatus[]): Promise<void> => {
  const targets = await repositories.models.Target.findAll({ where: { taskId }, order: ['id'] });
  for (const [index, target] of targets.entries()) {
    await target.update({ status: statuses[index] ?? 'completed' });
  }
};

const targetStatuses = fc.array(fc.constantFrom(...TARGET_STATUSES), {
  minLength: 1,
  maxLength: 5,
});

test('the status of a task is what its targets say, whatever they are and it was', async () => {
  await fc.assert(
    fc.asyncProperty(
      targetStatuses,
      fc.constantFrom(...TASK_STATUSES),
      async (statuses, before: TaskStatus) => {
        const { taskId } = await storeTask(
          repositories,
          statuses.map((_, index) => ({ refs: [`club${index + 1}`] })),
        );
        await setTargets(taskId, statuses);
        await repositories.models.Task.update({ status: before }, { where: { id: taskId } });
        await refresh(taskId);
        const counts: Partial<Record<TargetStatus, number>> = {};
        for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
        const task = await repositories.taskService.getTask(taskId);
        const expected = taskStatusAfter(before, counts);
        expect(task.status).toBe(expected.status);
        expect(task.targets).toMatchObject(counts);
        expect(task.finishedAt !== null).toBe(isTaskEnded(task.status));
        expect(task.startedAt !== null).toBe(task.status !== 'queued');
        // A task that was cancelled did not get further by it.
        const isRead = isTaskEnded(task.status) && task.status !== 'cancelled';
        if (isRead) expect(task.progress).toBe(1);
        const { items } = await repositories.taskService.listEvents(taskId, { limit: 10 });
        const moves = expected.status === before ? [] : [{ from: before, to: expected.status }];
        expect(items.map(({ data }) => data)).toMatchObject(moves);
      },
    ),
    { numRuns: 60 },
  );
});

test('what a task waits for, why and until when is told of one and the same target', async () => {
  const { taskId, targetIds } = await storeTask(repositories, [{}, {}, {}]);
  const until = (minutes: number): Date => new Date(Date.UTC(2030, 0, 1, 0, minutes));
  const waits = [
    { waitingFor: 'quota', waitingUntil: until(30), reasonKind: 'quota' },
    { waitingFor: 'captcha', waitingUntil: until(60), reasonKind: 'captcha' },
    { waitingFor: 'token', waitingUntil: null, reasonKind: 'token_invalid' },
  ] as const;
  for (const [index, wait] of waits.entries()) {
    await repositories.models.Target.update(
      { status: 'waiting', ...wait },
      { where: { id: targetIds[index] } },
    );
  }
  await refresh(taskId);
  const task = await repositories.taskService.getTask(taskId);
  expectFields(task, { status: 'waiting', ...waits[1] });
});

test('of many targets that end at once the last one ends the task, with one event', async () => {
  const { taskId, targetIds } = await storeTask(
    repositories,
    Array.from({ length: 8 }, (_, index) => ({ refs: [`club${index}`] })),
  );
  await Promise.all(
    targetIds.map(async (id) => {
      const target = await repositories.claimRepository.claim(id, 60_000);
      if (target) await repositories.claimRepository.end(target, { status: 'completed' });
    }),
  );
  expect(await repositories.taskService.getTask(taskId)).toMatchObject({ status: 'completed' });
  const { items } = await repositories.taskService.listEvents(taskId, { limit: 100 });
  const ends = items.filter(({ type, data }) => type === 'task.status' && data.to === 'completed');
  expect(ends).toHaveLength(1);
});

test('the progress of a task never falls and is 1 only at its end', async () => {
  const counters = fc.record({
    posts: fc.integer({ min: 0, max: 50 }),
    postsExpected: fc.option(fc.integer({ min: 0, max: 50 })),
    walksTotal: fc.integer({ min: 0, max: 50 }),
    walksDone: fc.integer({ min: 0, max: 60 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(counters, { minLength: 1, maxLength: 6 }), async (steps) => {
      const { taskId, targetIds } = await storeTask(repositories, [{}, { refs: ['club2'] }]);
      await repositories.models.Target.update(
        { status: 'completed' },
        { where: { id: targetIds[1] ?? 0 } },
      );
      let before = 0;
      for (const step of steps) {
        await repositories.models.Target.update(step, { where: { id: targetIds[0] ?? 0 } });
        const progress = await repositories.withTransaction(undefined, (transaction) =>
          repositories.taskRepository.raiseProgress(taskId, transaction),
        );
        expect(progress).toBeGreaterThanOrEqual(before);
        expect(progress).toBeLessThan(1);
        before = progress;
      }
    }),
    { numRuns: 40 },
  );
});
