import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createWorld } from '@stenograf/sandbox/world/createWorld';
import type { PostPlan } from '@stenograf/sandbox/world/plan';
import type { CreateTaskBody } from '@stenograf/contracts/api';
import { type Collecting, createCollecting } from '../support/collecting';

/** Pages of a list: one of a hundred, and one for each ninety after that. */
const pagesOf = (items: number): number => 1 + Math.ceil((items - 99) / 90);

const ROOTS = 2_500;
const REPLIES = 2_500;
const POSTS = 2_500;

const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);

const WALLS: PostPlan[][] = [
  [{ roots: times(ROOTS, {}) }],
  [{ roots: [{ replies: REPLIES }] }],
  times(POSTS, {}),
];

let collecting: Collecting;

beforeAll(async () => {
  const communities = WALLS.map((posts, index) => ({ id: index + 1, posts }));
  collecting = await createCollecting({
    sandbox: {
      world: createWorld({ users: 12, communities }, 7),
      tokens: [{ token: 'sandbox-user-token', kind: 'user', rps: 1_000 }],
    },
    tokens: 'user:sandbox-user-token',
    env: { VK_USER_RPS: '40' },
  });
}, 60_000);
afterAll(() => collecting.stop());

const collectCounted = async (body: CreateTaskBody) => {
  collecting.sandbox.resetStats();
  const task = await collecting.collect(body);
  const { requests, callsByMethod } = collecting.sandbox.stats();
  expect(task.status).toBe('completed');
  return { task, requests, callsByMethod };
};

/** A page before the total is known, and one pack for each 25 pages; the rest is around the list. */
const REQUESTS_AROUND = 5;

const CASES = [
  { name: 'comments of one post', id: 1, items: ROOTS, method: 'wall.getComments', around: 0 },
  // Its root is read before it.
  { name: 'replies of one thread', id: 2, items: REPLIES, method: 'wall.getComments', around: 1 },
  // At its end the top is looked at once more.
  { name: 'posts without comments', id: 3, items: POSTS, method: 'wall.get', around: 1 },
];

test.each(CASES)('pages of a single list share requests: $items $name', async (longCase) => {
  const { items, method, around } = longCase;
  const { task, requests, callsByMethod } = await collectCounted({
    communities: [`club${longCase.id}`],
  });
  const pages = pagesOf(items);
  expect(task.metrics.posts + task.metrics.comments).toBeGreaterThanOrEqual(items);
  expect(callsByMethod[method]).toBe(pages + around);
  console.log(`  ${pages} pages of ${items} ${longCase.name} in ${requests} requests`);
  expect(requests).toBeLessThanOrEqual(REQUESTS_AROUND + Math.ceil(pages / 25));
});

test('the newest 250 posts are asked for in three pages, and not one more is asked for', async () => {
  const { task, callsByMethod } = await collectCounted({
    communities: ['club3'],
    posts: { limit: 250 },
  });
  expect(task.metrics.posts).toBe(250);
  expect(callsByMethod['wall.get']).toBe(3);
});
