import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createWorld } from '@stenograf/sandbox/world/createWorld';
import { QueryTypes } from 'sequelize';
import { type Collecting, createCollecting } from '../support/collecting';
import { byKey } from '../support/records';
import { rowVersions } from '../support/rowVersions';
import { truthOf } from '../support/truthOf';

/** Alike, with a wall of two pages and a thread of its own; each test takes its own. */
const COMMUNITIES = 8;

let collecting: Collecting;

beforeAll(async () => {
  const posts = Array.from({ length: 120 }, (_, index) =>
    index % 12 === 0 ? { roots: [{ replies: 12 }, {}] } : {},
  );
  const communities = Array.from({ length: COMMUNITIES }, (_, index) => ({
    id: index + 1,
    screenName: `zerkalo_${index + 1}`,
    posts,
  }));
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

const createTask = async (communities: string[]) => {
  const { taskService } = collecting.container;
  const task = await taskService.createTask({ communities });
  const { items } = await taskService.listTargets(task.id, { limit: 10 });
  return { id: task.id, targetIds: items.map((target) => target.id) };
};

const expectExact = async (taskId: number, communityId: number): Promise<void> => {
  const { status, metrics } = await collecting.waitForEnd(taskId);
  const { posts, comments } = collecting.sandbox.truth({ communities: [communityId] });
  expect(status).toBe('completed');
  expect(metrics).toMatchObject({ posts: posts.length, comments: comments.length });
  expect(byKey(await collecting.exportAll(taskId))).toEqual(
    truthOf(collecting.sandbox, [communityId]),
  );
};

const countClaims = async (taskId: number): Promise<number> => {
  const [row] = await collecting.container.sequelize.query<{ claims: number }>(
    'SELECT sum(epoch)::int AS claims FROM targets WHERE task_id = $1',
    { bind: [taskId], type: QueryTypes.SELECT },
  );
  return row?.claims ?? -1;
};

test('a target that is delivered fifty times is read once', async () => {
  const { targetQueue } = collecting.container;
  const { id, targetIds } = await createTask(['club1']);
  const [targetId = 0] = targetIds;
  const hints = Array.from({ length: 50 }, (_, epoch) => ({ targetId, epoch, priority: 5 }));
  await targetQueue.addHints(hints);
  await expectExact(id, 1);
  expect(await countClaims(id)).toBe(1);

  const versions = await rowVersions(collecting.container.sequelize);
  await targetQueue.addHints(hints);
  await collecting.container.vkService.collectTarget(targetId, new AbortController().signal);
  expect(await rowVersions(collecting.container.sequelize)).toEqual(versions);
  expect(await countClaims(id)).toBe(1);
}, 60_000);

test('a target that twenty callers collect at the same time is read by one of them', async () => {
  const { vkService } = collecting.container;
  const { id, targetIds } = await createTask(['club2']);
  const [targetId = 0] = targetIds;
  const { signal } = new AbortController();
  await Promise.all(Array.from({ length: 20 }, () => vkService.collectTarget(targetId, signal)));
  await expectExact(id, 2);
  expect(await countClaims(id)).toBe(1);
}, 60_000);

test('tasks that want one wall at the same time both get all of it, and no row comes twice', async () => {
  const tasks = await Promise.all([1, 2, 3].map(() => createTask(['club3'])));
  for (const { id } of tasks) await expectExact(id, 3);
  const { posts, comments } = collecting.sandbox.truth({ communities: [3] });
  const ended = await Promise.all(tasks.map(({ id }) => collecting.waitForEnd(id)));
  const inserted = ended.map(({ metrics }) => metrics.new);
  expect(inserted.reduce((sum, rows) => sum + rows, 0)).toBe(posts.length + comments.length);
  expect(ended.map(({ metrics }) => metrics.changed)).toEqual([0, 0, 0]);
}, 60_000);

test('references of one task that turn out to mean one community share a target', async () => {
  const refs = ['club4', 'zerkalo_4', 'https://vk.com/public4', '@zerkalo_4 (Зеркало)'];
  const { id } = await createTask(refs);
  await expectExact(id, 4);
  const { items } = await collecting.container.taskService.listTargets(id, { limit: 10 });
  expect(items.length).toBe(1);
  expect(items[0]?.refs.toSorted()).toEqual(refs.toSorted());
}, 60_000);

test('a wall and a post of it in one task are two targets, and the post is counted in both', async () => {
  const [post] = collecting.sandbox
    .truth({ communities: [5] })
    .posts.filter(({ comments }) => comments > 0);
  const { id } = await createTask(['club5', `wall-5_${post?.id}`]);
  await collecting.waitForEnd(id);
  const { items } = await collecting.container.taskService.listTargets(id, { limit: 10 });
  expect(items.map(({ status, metrics }) => [status, metrics.posts])).toEqual([
    ['completed', 120],
    ['completed', 1],
  ]);
  expect(byKey(await collecting.exportAll(id))).toEqual(truthOf(collecting.sandbox, [5]));
}, 60_000);
