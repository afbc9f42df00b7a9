import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { CreateTaskBody } from '@stenograf/contracts/api';
import { createCollecting, type Collecting } from '../../support/collecting';

let collecting: Collecting;
let communities: string[];

beforeAll(async () => {
  collecting = await createCollecting({
    sandbox: { world: 'demo', tokens: [{ token: 'sandbox-user-token', kind: 'user', rps: 100 }] },
    tokens: 'sandbox-user-token',
    env: { VK_USER_RPS: '100' },
  });
  communities = [...collecting.sandbox.world.communities.values()]
    .filter(({ isBystander }) => !isBystander)
    .map(({ id }) => `club${id}`);
});
afterAll(() => collecting.stop());

const plan = (body: CreateTaskBody) =>
  collecting.container.planService.plan(body, new AbortController().signal);

const sumOf = (calls: Record<string, number>): number =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);

const NEAR = 0.1;

// From wide to narrow: what an earlier task stored must not count for a later one that wants less.
const SCOPES: [string, Omit<CreateTaskBody, 'communities'>][] = [
  ['everything', {}],
  ['the newest 50 posts', { posts: { limit: 50 } }],
  ['posts alone', { comments: { collect: false } }],
];

test.each(SCOPES)(
  'a plan for %s is near what the task then takes',
  async (_what, scope) => {
    const body = { communities, ...scope };
    const planned = await plan(body);
    const task = await collecting.collect(body);
    const error = {
      posts: planned.posts / task.metrics.posts - 1,
      comments: (planned.comments + 1) / (task.metrics.comments + 1) - 1,
      calls: sumOf(planned.calls) / task.metrics.calls - 1,
    };
    for (const part of ['posts', 'comments', 'calls'] as const) {
      // A few calls of a small task weigh more than their share: names, lists that end early.
      const slack = part === 'calls' ? 20 / task.metrics.calls : 0;
      expect({ part, error: Math.abs(error[part]) < NEAR + slack }).toEqual({ part, error: true });
    }
  },
  60_000,
);

test('a plan names the lines that will fail, with their reasons, and stores nothing', async () => {
  const { container } = collecting;
  const tasks = await container.taskService.listTasks({ limit: 500 });
  const planned = await plan({
    communities: [...communities, 'nobody_has_this_name', 'id5', communities[0] ?? ''],
  });
  expect(Object.fromEntries(planned.unusable.map(({ ref, reason }) => [ref, reason.kind]))).toEqual(
    {
      club101: 'community_closed',
      club102: 'community_banned',
      id5: 'a_person',
      nobody_has_this_name: 'not_found',
    },
  );
  expect(planned.communities).toEqual({ usable: 6, sampled: 6 });
  expect((await container.taskService.listTasks({ limit: 500 })).items).toHaveLength(
    tasks.items.length,
  );
});

test("a plan tells its time at the tokens' pace and its share of what is left today", async () => {
  const { cost, calls } = await plan({ communities });
  const all = sumOf(calls);
  // A hundred requests a second and a tenth of a second's room; 23 calls in each.
  expect(cost.seconds).toBeCloseTo(all / 23 / (100_000 / 1_100), 1);
  expect(cost.requests).toBeCloseTo(all / 23, 0);
  const [wall, ...others] = cost.quota;
  expect(others).toEqual([]);
  expect(wall?.method).toBe('wall.get');
  expect(wall?.left).toBeLessThan(5_000);
  expect(wall?.share).toBeCloseTo((wall?.calls ?? 0) / (wall?.left ?? 1), 5);
});
