import { afterAll, beforeAll, expect, test } from 'bun:test';
import { USER_TOKEN } from '@stenograf/sandbox/limits/tokens';
import { type Collecting, createCollecting } from '../../support/collecting';
import { eventually } from '../../support/eventually';

let collecting: Collecting;

beforeAll(async () => {
  collecting = await createCollecting({
    sandbox: { world: 'tiny', tokens: [{ token: USER_TOKEN, kind: 'user', rps: 1_000 }] },
    tokens: `user:${USER_TOKEN}`,
    // Slow enough for a second task to find the wall being read.
    env: { VK_USER_RPS: '5' },
  });
});
afterAll(() => collecting.stop());

test('the calls of a task that finds its wall being read are charged to it all the same', async () => {
  const { container, sandbox, waitForEnd } = collecting;
  const { models, taskService } = container;
  const reader = await taskService.createTask({ communities: ['club1'] });
  await eventually(async () => (await models.Walk.count()) > 0, { what: 'the wall to be read' });
  const second = await taskService.createTask({ communities: ['vetrogorod'] });
  const ended = [await waitForEnd(reader.id), await waitForEnd(second.id)];
  expect(ended.map(({ status }) => status)).toEqual(['completed', 'completed']);
  const stats = sandbox.stats();
  expect({
    calls: ended.reduce((sum, { metrics }) => sum + metrics.calls, 0),
    requests: ended.reduce((sum, { metrics }) => sum + metrics.requests, 0),
  }).toEqual({ calls: stats.calls, requests: stats.requests });
});
