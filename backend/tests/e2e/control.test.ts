import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { TaskStatus } from '@stenograf/contracts/statuses';
import { type Collecting, createCollecting } from '../support/collecting';
import { eventually } from '../support/eventually';
import { byKey } from '../support/records';
import { rowVersions } from '../support/rowVersions';
import { truthOf } from '../support/truthOf';

/** Slow enough to be stopped in the middle, fast enough to end soon. */
const PACE = { VK_USER_RPS: '12' };
const COMMUNITIES = ['club1', 'club2', 'club3'];

let collecting: Collecting;

beforeAll(async () => {
  collecting = await createCollecting({
    sandbox: {
      world: 'quirks',
      tokens: [{ token: 'sandbox-user-token', kind: 'user', rps: 1_000 }],
    },
    tokens: 'user:sandbox-user-token',
    env: PACE,
  });
});

afterAll(() => collecting.stop());

const startTask = async (): Promise<number> => {
  const { taskService } = collecting.container;
  const { id } = await taskService.createTask({ communities: COMMUNITIES });
  await eventually(async () => (await taskService.getTask(id)).metrics.posts > 0, {
    what: 'the first posts',
  });
  return id;
};

const movesOf = async (taskId: number): Promise<unknown[]> => {
  const { items } = await collecting.container.taskService.listEvents(taskId, { limit: 500 });
  return items.filter((event) => event.type === 'task.status').map((event) => event.data['to']);
};

/** Two requests' time: what was on its way has come back. */
const settle = async (): Promise<void> => {
  const { sandbox } = collecting;
  let before = -1;
  await eventually(
    async () => {
      const { requests } = sandbox.stats();
      const isQuiet = requests === before;
      before = requests;
      await Bun.sleep(400);
      return isQuiet;
    },
    { what: 'silence on the line to VK' },
  );
};

test('a pause is in effect when it returns, and a resumed task ends complete', async () => {
  const { taskService, sequelize } = collecting.container;
  const taskId = await startTask();
  expect((await taskService.pauseTask(taskId)).status).toBe('paused');
  const rows = await rowVersions(sequelize);
  await settle();
  expect(await rowVersions(sequelize)).toEqual(rows);
  const calls = collecting.sandbox.stats().calls;
  await settle();
  expect(collecting.sandbox.stats().calls).toBe(calls);

  await taskService.resumeTask(taskId);
  expect((await collecting.waitForEnd(taskId)).status).toBe('completed');
  const exported = byKey(await collecting.exportAll(taskId));
  const expected = truthOf(collecting.sandbox, [1, 2, 3]);
  expect(Object.keys(exported).sort()).toEqual(Object.keys(expected).sort());
  expect(await movesOf(taskId)).toContain('paused');
}, 30_000);

test('a cancelled task keeps what it has read and asks VK for nothing more', async () => {
  const { taskService } = collecting.container;
  const taskId = await startTask();
  const cancelled = await taskService.cancelTask(taskId);
  expect(cancelled.status).toBe('cancelled');
  expect(cancelled.targets.cancelled).toBeGreaterThan(0);
  await settle();
  const { calls } = collecting.sandbox.stats();
  await settle();
  expect(collecting.sandbox.stats().calls).toBe(calls);
  expect((await collecting.exportAll(taskId)).length).toBeGreaterThan(0);
}, 30_000);

test('a retry takes up what failed and nothing else', async () => {
  const { taskService } = collecting.container;
  const { sandbox } = collecting;
  sandbox.mutator.setCommunityState(3, 'closed');
  const task = await collecting.collect({ communities: COMMUNITIES });
  expect(task.status).toBe('partial');
  const before = await taskService.listTargets(task.id, { limit: 10 });
  sandbox.mutator.setCommunityState(3, 'open');
  await taskService.retryTask(task.id);
  expect((await collecting.waitForEnd(task.id)).status).toBe('completed');
  const after = await taskService.listTargets(task.id, { limit: 10 });
  for (const [index, target] of before.items.entries()) {
    const calls = after.items[index]?.metrics.calls ?? 0;
    if (target.status === 'completed') expect(calls).toBe(target.metrics.calls);
    else expect(calls).toBeGreaterThan(target.metrics.calls);
  }
}, 30_000);

test('a move that the status does not allow is refused and changes nothing', async () => {
  const { taskService } = collecting.container;
  const { id } = await collecting.collect({ communities: ['club2'] });
  const moves = ['pauseTask', 'resumeTask', 'cancelTask', 'retryTask'] as const;
  for (const move of moves) {
    expect(await taskService[move](id).catch((error: unknown) => error)).toMatchObject({
      code: 'conflict',
    });
    expect(await taskService[move](999_999).catch((error: unknown) => error)).toMatchObject({
      code: 'not_found',
    });
  }
  const status: TaskStatus = (await taskService.getTask(id)).status;
  expect(status).toBe('completed');
}, 20_000);

test('a deleted task leaves the posts it has read, and one at work cannot be deleted', async () => {
  const { taskService } = collecting.container;
  const taskId = await startTask();
  expect(await taskService.deleteTask(taskId).catch((error: unknown) => error)).toMatchObject({
    code: 'conflict',
  });
  await taskService.cancelTask(taskId);
  const before = (await collecting.exportAll()).length;
  await taskService.deleteTask(taskId);
  expect(await taskService.getTask(taskId).catch((error: unknown) => error)).toMatchObject({
    code: 'not_found',
  });
  expect((await collecting.exportAll()).length).toBe(before);
}, 20_000);
