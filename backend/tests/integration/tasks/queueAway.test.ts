import { afterAll, beforeAll, expect, test } from 'bun:test';
import { SERVICE_KEY } from '@stenograf/sandbox/limits/tokens';
import { type Collecting, createCollecting } from '../../support/collecting';
import { type PrivateServices, startPrivateServices } from '../../support/services';

let services: PrivateServices;
let collecting: Collecting;

beforeAll(async () => {
  services = await startPrivateServices();
  collecting = await createCollecting({
    services,
    sandbox: { world: 'tiny', tokens: [{ token: SERVICE_KEY, kind: 'service', rps: 1_000 }] },
    tokens: `service:${SERVICE_KEY}`,
    env: { VK_SERVICE_RPS: '60' },
  });
});

afterAll(async () => {
  await collecting.stop();
  await services.stop();
});

test('a task that is created while Redis is down is stored, and collected once Redis is back', async () => {
  const { taskService, models } = collecting.container;
  await services.redis.kill();
  const task = await taskService.createTask({ communities: ['club1', 'club2'] });
  expect(task).toMatchObject({ status: 'queued', targets: { queued: 2 } });
  expect(await models.Walk.count()).toBe(0);
  await services.redis.start();
  const ended = await collecting.waitForEnd(task.id);
  expect(ended.status).toBe('completed');
  const truth = collecting.sandbox.truth({ communities: [1, 2] });
  expect(ended.metrics).toMatchObject({
    posts: truth.posts.length,
    comments: truth.comments.length,
  });
});
