import { afterAll, beforeAll, expect, test } from 'bun:test';
import { USER_TOKEN } from '@stenograf/sandbox/limits/tokens';
import { type Collecting, createCollecting } from '../../support/collecting';

let collecting: Collecting;

beforeAll(async () => {
  collecting = await createCollecting({
    sandbox: { world: 'tiny', tokens: [{ token: USER_TOKEN, kind: 'user', rps: 1_000 }] },
    tokens: `user:${USER_TOKEN}`,
    env: { VK_USER_RPS: '40' },
  });
});
afterAll(() => collecting.stop());

test('every call is charged to a task: of targets that merge, and of those that wait for a wall', async () => {
  const { container, sandbox, waitForEnd } = collecting;
  const lines = [['vetrogorod', 'club1'], ['club1'], ['-1', 'kniga_i_chay'], ['club3'], ['club2']];
  const tasks = await Promise.all(
    lines.map((communities) => container.taskService.createTask({ communities })),
  );
  const ended = await Promise.all(tasks.map(({ id }) => waitForEnd(id)));
  expect(ended.map(({ status }) => status)).toEqual(lines.map(() => 'completed'));
  const sum = (read: (task: (typeof ended)[number]) => number): number =>
    ended.reduce((total, task) => total + read(task), 0);
  const stats = sandbox.stats();
  expect({
    calls: sum(({ metrics }) => metrics.calls),
    requests: sum(({ metrics }) => metrics.requests),
  }).toEqual({ calls: stats.calls, requests: stats.requests });
});
