import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { CreateTaskBody } from '@stenograf/contracts/api';
import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import { createWorld } from '@stenograf/sandbox/world/createWorld';
import type { PostPlan } from '@stenograf/sandbox/world/plan';
import type { CommentRecord, PostRecord } from '@stenograf/sandbox/world/records';
import { type Collecting, createCollecting } from '../support/collecting';
import { keyOf } from '../support/records';

/** Posts of each wall, two pages of them. */
const POSTS = 130;

/** From the newest post on: far down its wall, deep within it, and nearly on top of it. */
const PINNED_AT = [120, 70, 2];

const wall = (pinnedAt: number): PostPlan[] =>
  Array.from({ length: POSTS }, (_, index): PostPlan => {
    const fromTop = POSTS - 1 - index;
    return {
      by: index % 5 === 0 ? 'user' : 'community',
      isPinned: fromTop === pinnedAt,
      roots: index % 10 === 3 ? [{ replies: 12 }, { replies: 2 }, {}] : [],
    };
  });

/** What a task asks for, and which posts and comments of a wall that is. */
interface ScopeCase {
  name: string;
  /** @param newestFirst all posts of the wall by their dates */
  scope: (newestFirst: PostRecord[]) => Omit<CreateTaskBody, 'communities'>;
  posts: (newestFirst: PostRecord[]) => PostRecord[];
  comments?: (comment: CommentRecord) => boolean;
}

const dateOf = (post: PostRecord | undefined): string => post?.date ?? '';

const CASES: ScopeCase[] = [
  { name: 'all', scope: () => ({}), posts: (all) => all },
  {
    name: 'the newest 7',
    scope: () => ({ posts: { limit: 7 } }),
    posts: (all) => all.slice(0, 7),
  },
  {
    name: 'the newest 125, more than a page',
    scope: () => ({ posts: { limit: 125 } }),
    posts: (all) => all.slice(0, 125),
  },
  {
    name: 'more than there are',
    scope: () => ({ posts: { limit: 1_000 } }),
    posts: (all) => all,
  },
  {
    name: 'since a post',
    scope: (all) => ({ posts: { since: dateOf(all[90]) } }),
    posts: (all) => all.slice(0, 91),
  },
  {
    name: 'until a post',
    scope: (all) => ({ posts: { until: dateOf(all[40]) } }),
    posts: (all) => all.slice(40),
  },
  {
    name: 'from one post to another, both included',
    scope: (all) => ({ posts: { since: dateOf(all[80]), until: dateOf(all[60]) } }),
    posts: (all) => all.slice(60, 81),
  },
  {
    name: 'the newest 5 until a post',
    scope: (all) => ({ posts: { until: dateOf(all[68]), limit: 5 } }),
    posts: (all) => all.slice(68, 73),
  },
  {
    name: 'a time without posts',
    scope: () => ({ posts: { until: '2001-01-01' } }),
    posts: () => [],
  },
  {
    name: 'posts of the community',
    scope: () => ({ posts: { filter: 'owner' } }),
    posts: (all) => all.filter((post) => post.from_id === post.owner_id),
  },
  {
    name: 'posts of others',
    scope: () => ({ posts: { filter: 'others' } }),
    posts: (all) => all.filter((post) => post.from_id !== post.owner_id),
  },
  {
    name: 'no comments',
    scope: () => ({ comments: { collect: false } }),
    posts: (all) => all,
    comments: () => false,
  },
  {
    name: 'no threads',
    scope: () => ({ comments: { threads: false } }),
    posts: (all) => all,
    comments: (comment) => comment.thread_root_id === null,
  },
];

let collecting: Collecting;
/** Each case has communities of its own: what one has collected, no other one sees. */
let lastId = 0;

beforeAll(async () => {
  const communities = Array.from({ length: (CASES.length + 1) * PINNED_AT.length }, (_, index) => ({
    id: index + 1,
    posts: wall(PINNED_AT[index % PINNED_AT.length] ?? 0),
  }));
  collecting = await createCollecting({
    sandbox: {
      world: createWorld({ users: 12, communities }, 7),
      tokens: [{ token: 'sandbox-user-token', kind: 'user', rps: 1_000 }],
    },
    tokens: 'user:sandbox-user-token',
    env: { VK_USER_RPS: '60' },
  });
}, 60_000);
afterAll(() => collecting.stop());

const truthOfWall = (communityId: number) => {
  const { posts, comments } = collecting.sandbox.truth({ communities: [communityId] });
  return { newestFirst: posts.toSorted((a, b) => (a.date < b.date ? 1 : -1)), comments };
};

const keysOf = (posts: readonly PostRecord[], comments: readonly CommentRecord[]): string[] =>
  ([...posts, ...comments] as ExportRecord[]).map((record) => keyOf(record)).sort();

/** Keys of the posts and comments that a task has brought. */
const exportKeys = async (taskId: number): Promise<string[]> =>
  (await collecting.exportAll(taskId))
    .filter(({ kind }) => kind === 'post' || kind === 'comment')
    .map((record) => keyOf(record))
    .sort();

describe('a task collects what it asks for, and no more:', () => {
  const cases = CASES.flatMap((scopeCase) =>
    PINNED_AT.map((pinnedAt) => ({ ...scopeCase, pinnedAt })),
  );
  test.each(cases)('$name, the pinned post standing at $pinnedAt', async (scopeCase) => {
    lastId += 1;
    const { newestFirst, comments } = truthOfWall(lastId);
    const task = await collecting.collect({
      communities: [`club${lastId}`],
      ...scopeCase.scope(newestFirst),
    });
    const posts = scopeCase.posts(newestFirst);
    const ids = new Set(posts.map(({ id }) => id));
    const theirs = comments.filter(({ post_id: postId }) => ids.has(postId));
    const asked = theirs.filter(scopeCase.comments ?? (() => true));
    expect(task.status).toBe('completed');
    expect(await exportKeys(task.id)).toEqual(keysOf(posts, asked));
    expect(task.metrics).toMatchObject({ posts: posts.length, comments: asked.length });
  });
});

describe('a link to one post', () => {
  test('brings that post with its comments alone', async () => {
    lastId += 1;
    const { newestFirst, comments } = truthOfWall(lastId);
    const [post] = newestFirst.filter((candidate) => candidate.comments > 0);
    if (!post) throw new Error('Some posts have comments.');
    const link = `https://vk.com/wall${post.owner_id}_${post.id}?reply=1`;
    const task = await collecting.collect({ communities: [link] });
    const theirs = comments.filter(({ post_id: postId }) => postId === post.id);
    expect(task.status).toBe('completed');
    expect(await exportKeys(task.id)).toEqual(keysOf([post], theirs));
    expect(task.metrics).toMatchObject({ posts: 1, comments: theirs.length });
  });

  test('fails with a sentence when there is no such post', async () => {
    lastId += 1;
    const task = await collecting.collect({ communities: [`wall-${lastId}_999999`] });
    const { items } = await collecting.container.taskService.listTargets(task.id, { limit: 2 });
    expect(task.status).toBe('failed');
    expect(items).toMatchObject([{ status: 'failed', reasonKind: 'post_gone', reasonCode: null }]);
    expect(await exportKeys(task.id)).toEqual([]);
  });
});
