import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createWorld } from '@stenograf/sandbox/world/createWorld';
import type { PostPlan } from '@stenograf/sandbox/world/plan';
import { type Collecting, createCollecting } from '../support/collecting';
import { eventually } from '../support/eventually';

/** Each post costs a call: a service key sends them one by one, so that their order shows. */
const HUGE = 600;
const SMALL = 12;
const SMALL_WALLS = Array.from({ length: 10 }, (_, index) => 11 + index);

const commented = (count: number): PostPlan[] =>
  Array.from({ length: count }, () => ({ roots: [{}] }));

let collecting: Collecting;
/** The communities whose comments came, in the order in which they came. */
const order: number[] = [];

beforeAll(async () => {
  const communities = [
    { id: 1, posts: commented(HUGE) },
    { id: 2, posts: commented(HUGE) },
    { id: 3, posts: commented(60) },
    ...SMALL_WALLS.map((id) => ({ id, posts: commented(SMALL) })),
  ];
  collecting = await createCollecting({
    sandbox: {
      world: createWorld({ users: 12, communities }, 7),
      tokens: [{ token: 'sandbox-service-key', kind: 'service', rps: 1_000 }],
    },
    tokens: 'service:sandbox-service-key',
    env: { VK_SERVICE_RPS: '60' },
    onReply: (method, ownerId) => {
      if (method === 'wall.getComments') order.push(-(ownerId ?? 0));
    },
  });
}, 60_000);
afterAll(() => collecting.stop());

/** Creates a task and waits until it asks as fast as it may. */
const createBusy = async (communityId: number, priority: number): Promise<number> => {
  const { taskService } = collecting.container;
  const { id } = await taskService.createTask({ communities: [`club${communityId}`], priority });
  await eventually(() => order.filter((asked) => asked === communityId).length > 20, {
    what: 'a task that is busy',
  });
  return id;
};

/** How many came of the other community between the first and the last of these. */
const countAmong = (communityIds: readonly number[], otherId: number): number => {
  const isOne = (id: number): boolean => communityIds.includes(id);
  const span = order.slice(order.findIndex(isOne), order.findLastIndex(isOne));
  return span.filter((id) => id === otherId).length;
};

test('a task of priority 1 overtakes one of priority 10 that was there before it', async () => {
  const slowId = await createBusy(1, 10);
  const urgent = await collecting.collect({ communities: ['club3'], priority: 1 });
  await collecting.container.taskService.cancelTask(slowId);
  expect(urgent.status).toBe('completed');
  // Requests that were on their way, and slots that came while nothing urgent was waiting.
  expect(countAmong([3], 1)).toBeLessThan(60 / 4);
});

test('a huge community takes turns with ten small ones of the same priority', async () => {
  const hugeId = await createBusy(2, 5);
  const communities = SMALL_WALLS.map((id) => `club${id}`);
  const small = await collecting.collect({ communities });
  await collecting.container.taskService.cancelTask(hugeId);
  expect(small.status).toBe('completed');
  // One turn in eleven; a few more where the small ones begin and end at different times.
  expect(countAmong(SMALL_WALLS, 2)).toBeLessThan((SMALL * SMALL_WALLS.length) / 3);
});
