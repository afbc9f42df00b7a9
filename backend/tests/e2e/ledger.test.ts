import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createWorld } from '@stenograf/sandbox/world/createWorld';
import type { PostPlan } from '@stenograf/sandbox/world/plan';
import { type Collecting, createCollecting } from '../support/collecting';

/** What each community shows of VK's counters, with their posts oldest first. */
const WALLS = {
  exact: [{ roots: [{ replies: 12 }, { isStub: true, replies: 1 }, {}] }, {}],
  hidden: [{ roots: [{}, { isHidden: true }, {}] }, { isHidden: true }, {}],
  drifting: [{ roots: [{}, {}, {}], levelDrift: 2, totalDrift: 2 }],
  uncounted: [{ roots: [{}, {}], levelDrift: null }],
  closed: [{ roots: [{}], commentAccess: 'closed' as const }],
  shrinking: [{ roots: Array.from({ length: 250 }, () => ({})) }],
} satisfies Record<string, PostPlan[]>;

const NAMES = Object.keys(WALLS) as (keyof typeof WALLS)[];

let collecting: Collecting;
/** Called after each page of comments. */
let onComments = (): void => undefined;

beforeAll(async () => {
  const communities = NAMES.map((name, index) => ({ id: index + 1, posts: WALLS[name] }));
  collecting = await createCollecting({
    sandbox: {
      world: createWorld({ users: 12, communities }, 7),
      tokens: [{ token: 'sandbox-user-token', kind: 'user', rps: 1_000 }],
    },
    tokens: 'user:sandbox-user-token',
    env: { VK_USER_RPS: '40' },
    onReply: (method) => {
      if (method === 'wall.getComments') onComments();
    },
  });
}, 60_000);
afterAll(() => collecting.stop());

const collect = async (name: keyof typeof WALLS) => {
  const { taskService } = collecting.container;
  const communityId = NAMES.indexOf(name) + 1;
  const task = await collecting.collect({ communities: [`club${communityId}`] });
  expect(task.status).toBe('completed');
  const { items: walks } = await taskService.listWalks(task.id, { limit: 100 });
  const [target] = (await taskService.listTargets(task.id, { limit: 2 })).items;
  expect(target?.ledger).toEqual(task.ledger);
  const ledgerOf = (kind: string) => {
    const walk = walks.find((candidate) => candidate.kind === kind && candidate.stored > 0);
    const { vkCount, stored, stubs, vanished, unlisted } = walk ?? {};
    return { vkCount, stored, stubs, vanished, unlisted };
  };
  return { communityId, ledger: task.ledger, ledgerOf, walks };
};

test('a list that VK counts right has nothing unlisted, and its stubs are counted', async () => {
  const { ledger, ledgerOf } = await collect('exact');
  const nothing = { vanished: 0, unlisted: 0 };
  expect(ledgerOf('wall')).toEqual({ vkCount: 2, stored: 2, stubs: 0, ...nothing });
  expect(ledgerOf('comments')).toEqual({ vkCount: 3, stored: 3, stubs: 1, ...nothing });
  expect(ledgerOf('thread')).toEqual({ vkCount: 12, stored: 12, stubs: 0, ...nothing });
  // Summed over the walks that reached the end of a list that VK was asked for.
  expect(ledger).toEqual({
    walks: 3,
    vk_count: 17,
    stored: 17,
    stubs: 1,
    vanished: 0,
    unlisted: 0,
  });
});

test('what VK counts and does not show is unlisted, and no failure', async () => {
  const { ledger, ledgerOf } = await collect('hidden');
  expect(ledgerOf('wall')).toMatchObject({ vkCount: 3, stored: 2, unlisted: 1 });
  expect(ledgerOf('comments')).toMatchObject({ vkCount: 3, stored: 2, unlisted: 1 });
  expect(ledger).toMatchObject({ vk_count: 6, stored: 4, unlisted: 2 });
});

test('a counter above its list is looked behind twice, then shown as unlisted', async () => {
  collecting.sandbox.resetStats();
  const { ledgerOf } = await collect('drifting');
  expect(ledgerOf('comments')).toMatchObject({ vkCount: 5, stored: 3, unlisted: 2 });
  expect(collecting.sandbox.stats().callsByMethod['wall.getComments']).toBe(3);
});

test('a list without a count of its own is measured by what it must hold at least', async () => {
  const { ledgerOf } = await collect('uncounted');
  expect(ledgerOf('comments')).toMatchObject({ vkCount: 2, stored: 2, unlisted: 0 });
});

test('comments that are closed are no list: they have a reason and no part in the sums', async () => {
  const { ledger, walks } = await collect('closed');
  expect(walks.find(({ kind }) => kind === 'comments')).toMatchObject({
    state: 'done',
    reasonKind: 'comments_closed',
    vkCount: null,
    unlisted: null,
  });
  expect(ledger).toMatchObject({ walks: 1, vk_count: 1, stored: 1 });
});

test('what leaves a list while it is read has vanished, and is not unlisted', async () => {
  const ownerId = -(NAMES.indexOf('shrinking') + 1);
  onComments = () => {
    onComments = () => undefined;
    const [post] = collecting.sandbox.world.communities.get(-ownerId)?.wall.posts ?? [];
    for (const { id } of post?.roots.slice(0, 4) ?? []) {
      collecting.sandbox.mutator.deleteComment(ownerId, id);
    }
  };
  const { ledgerOf } = await collect('shrinking');
  expect(ledgerOf('comments')).toMatchObject({
    vkCount: 246,
    stored: 250,
    vanished: 4,
    unlisted: 0,
  });
});
