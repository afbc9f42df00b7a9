import { afterEach, expect, test } from 'bun:test';
import type { SandboxToken } from '@stenograf/sandbox/limits/tokens';
import { startWorker, type RunningWorker } from '../../../src/worker';
import { type Collecting, createCollecting } from '../../support/collecting';
import { eventually } from '../../support/eventually';
import { createManyWalls } from '../../support/manyWalls';
import { byKey } from '../../support/records';
import { truthOf } from '../../support/truthOf';

let collecting: Collecting;
let worker: RunningWorker;
afterEach(async () => {
  await worker.stop();
  await collecting.stop();
});

const FIRST: SandboxToken = { token: 'first-token', kind: 'user', rps: 1_000 };
const SECOND: SandboxToken = { token: 'second-token', kind: 'user', rps: 1_000 };

/** @param first properties of the first token, which is in the environment unless `tokens` says else */
const open = async (first: Partial<SandboxToken>, tokens: string = FIRST.token): Promise<void> => {
  collecting = await createCollecting({
    sandbox: { world: createManyWalls(1), tokens: [{ ...FIRST, ...first }, SECOND] },
    tokens,
    env: { VK_USER_RPS: '60', STENOGRAF_SECRET: 'a secret of these tests, and of nothing else' },
    withWorker: false,
  });
  worker = await startWorker(collecting.config);
};

const expectCompleted = async (taskId: number): Promise<void> => {
  const isCompleted = async (): Promise<boolean> =>
    (await collecting.container.taskService.getTask(taskId)).status === 'completed';
  await eventually(isCompleted, { what: 'the end of the task' });
  expect(byKey(await collecting.exportAll())).toEqual(truthOf(collecting.sandbox));
};

const addSecond = (): Promise<unknown> =>
  collecting.container.vkTokenService.addToken({ token: SECOND.token, kind: 'user', name: null });

test('a task that waits for any token goes on when one is added', async () => {
  await open({}, '');
  const task = await collecting.collect({ communities: ['club1'] });
  expect(task).toMatchObject({ status: 'waiting', waitingFor: 'token', reasonKind: 'no_token' });
  await addSecond();
  await expectCompleted(task.id);
});

test("a task that waits for one token's quota goes on with another one", async () => {
  await open({ quotas: { 'wall.getComments': 1 } });
  const task = await collecting.collect({ communities: ['club1'] });
  expect(task).toMatchObject({ status: 'waiting', waitingFor: 'quota', reasonKind: 'quota' });
  await addSecond();
  await expectCompleted(task.id);
});

test('a quarantine in the vault outlasts a restart, and the task goes on when a check ends it', async () => {
  await open({ needsValidation: true }, '');
  const { taskService, vkTokenService } = collecting.container;
  const { token, kind } = FIRST;
  const { id } = await vkTokenService.addToken({ token, kind, name: null });
  const task = await collecting.collect({ communities: ['club1'] });
  // The worker may hear of the token a second later.
  const isRefused = async (): Promise<boolean> =>
    (await taskService.getTask(task.id)).reasonKind === 'token_confirmation';
  await eventually(isRefused, { what: 'the refusal' });
  await worker.stop();
  const { requests } = collecting.sandbox.stats();
  worker = await startWorker(collecting.config);
  expect((await taskService.getTask(task.id)).status).toBe('waiting');
  expect(collecting.sandbox.stats().requests).toBe(requests);
  collecting.sandbox.tokens.change(token, { needsValidation: false });
  await vkTokenService.checkToken(id);
  await expectCompleted(task.id);
});

test('a task that waits for a token of VK_TOKENS goes on with a restart', async () => {
  await open({ needsValidation: true });
  const task = await collecting.collect({ communities: ['club1'] });
  expect(task).toMatchObject({ status: 'waiting', reasonKind: 'token_confirmation' });
  await worker.stop();
  collecting.sandbox.tokens.change(FIRST.token, { needsValidation: false });
  worker = await startWorker(collecting.config);
  await expectCompleted(task.id);
});
