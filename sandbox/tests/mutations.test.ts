import { afterEach, describe, expect, test } from 'bun:test';
import type { WallWallComment, WallWallpostFull } from '@vkontakte/api-schema-typescript';
import type { Sandbox } from '../src/createSandbox';
import { MUTATIONS } from '../src/world/mutationPlan';
import { askVk, failCode, startSandbox } from './support/client';

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

const readWall = async (): Promise<WallWallpostFull[]> =>
  (await askVk<{ items: WallWallpostFull[] }>(sandbox, 'wall.get', { owner_id: -1, count: 100 }))
    .items;

const readComments = async (post_id: number): Promise<WallWallComment[]> => {
  const params = { owner_id: -1, post_id, count: 100, sort: 'asc', thread_items_count: 10 };
  return (
    await askVk<{ items: WallWallComment[] }>(sandbox, 'wall.getComments', {
      ...params,
      preview_length: 0,
    })
  ).items;
};

/** Keys of what must be there, in the form of `unsettled`. */
const keysSince = (mark: number): Set<string> => {
  const { posts, comments } = sandbox.truth({ since: mark });
  return new Set(
    [...posts, ...comments].map(({ kind, owner_id, id }) => `${kind}:${owner_id}_${id}`),
  );
};

describe('changing the world', () => {
  test('a new post is on top, below the pinned one; a deleted one is gone with its comments', async () => {
    sandbox = await startSandbox();
    const before = await readWall();
    const id = sandbox.mutator.insertPost(-1, { text: 'Новое' });
    const after = await readWall();
    expect(after.map((post) => post.id)).toEqual([
      before[0]?.id,
      id,
      ...before.slice(1).map((post) => post.id),
    ]);
    const second = sandbox.truth().comments.find((row) => row.owner_id === -1);
    sandbox.mutator.deletePost(-1, second?.post_id ?? 0);
    expect(
      sandbox.truth().comments.some((row) => row.id === second?.id && row.owner_id === -1),
    ).toBe(false);
    const params = { owner_id: -1, post_id: second?.post_id ?? 0 };
    expect(await failCode(sandbox, 'wall.getComments', params)).toBe(15);
    const own = { owner_id: -1, comment_id: second?.id ?? 0 };
    expect(await failCode(sandbox, 'wall.getComment', own)).toBe(15);
  });

  test('pinning moves the flag; deleting the pinned post leaves none', async () => {
    sandbox = await startSandbox();
    const mark = sandbox.mark();
    const [old, next] = await readWall();
    sandbox.mutator.pinPost(-1, next?.id ?? 0);
    expect((await readWall())[0]?.id).toBe(next?.id);
    expect(sandbox.truth({ since: mark }).unsettled).toEqual(
      expect.arrayContaining([`post:-1_${old?.id}`, `post:-1_${next?.id}`]),
    );
    const id = sandbox.mutator.insertPost(-1, { isPinned: true });
    sandbox.mutator.deletePost(-1, id);
    expect((await readWall()).some((post) => post.is_pinned)).toBe(false);
  });

  test('an edited post says when, an edited comment does not', async () => {
    sandbox = await startSandbox();
    const id = sandbox.mutator.insertPost(-1);
    const comment = sandbox.mutator.insertComment(-1, id);
    sandbox.mutator.editPost(-1, id, 'Исправлено');
    sandbox.mutator.editComment(-1, comment, 'Тоже');
    const post = (await readWall()).find((entry) => entry.id === id);
    expect(post).toMatchObject({ text: 'Исправлено', edited: expect.any(Number) });
    expect((await readComments(id))[0]).toMatchObject({ text: 'Тоже' });
    expect('edited' in ((await readComments(id))[0] ?? {})).toBe(false);
  });

  test('a deleted root with replies leaves a stub, without replies nothing; replies just go', async () => {
    sandbox = await startSandbox({ switches: { inlineOrder: 'oldest' } });
    const post = sandbox.mutator.insertPost(-1);
    const alone = sandbox.mutator.insertComment(-1, post);
    const root = sandbox.mutator.insertComment(-1, post, { fromId: -7_001 });
    const reply = sandbox.mutator.insertComment(-1, post, { rootId: root, text: 'да' });
    const answer = sandbox.mutator.insertComment(-1, post, { rootId: root, replyTo: reply });
    expect((await readComments(post))[1]?.thread?.items).toMatchObject([
      { id: reply, reply_to_user: -7_001, reply_to_comment: root, text: '[club7001|Вы], да' },
      { id: answer, reply_to_comment: reply },
    ]);
    sandbox.mutator.deleteComment(-1, alone);
    sandbox.mutator.deleteComment(-1, reply);
    sandbox.mutator.deleteComment(-1, root);
    const [stub, ...rest] = await readComments(post);
    expect(rest).toEqual([]);
    expect(stub).toMatchObject({ id: root, thread: { count: 1, items: [{ id: answer }] } });
    expect(Boolean(stub?.deleted)).toBe(true);
    expect((await readWall()).find(({ id }) => id === post)?.comments?.count).toBe(2);
  });

  test('comments can be closed and communities banned under way', async () => {
    sandbox = await startSandbox();
    const post = sandbox.mutator.insertPost(-1);
    sandbox.mutator.setCommentAccess(-1, post, 'closed');
    expect(await failCode(sandbox, 'wall.getComments', { owner_id: -1, post_id: post })).toBe(212);
    sandbox.mutator.setCommunityState(1, 'banned');
    expect(await failCode(sandbox, 'wall.get', { owner_id: -1 })).toBe(15);
    expect(sandbox.truth().failures).toEqual([
      { community_id: 1, kind: 'community_banned', code: 15 },
    ]);
  });

  test('what is not there cannot be changed', async () => {
    sandbox = await startSandbox();
    const { mutator } = sandbox;
    expect(() => mutator.insertPost(-424_242)).toThrow('the world has no community 424242');
    expect(() => mutator.editPost(-1, 999_999)).toThrow('the wall of -1 has no post 999999');
    expect(() => mutator.editComment(-1, 999_999)).toThrow('the wall of -1 has no comment 999999');
  });
});

describe('what existed all the while', () => {
  test('leaves out what is new and what is gone, and says what looks different now', async () => {
    sandbox = await startSandbox();
    const whole = keysSince(sandbox.mark());
    const mark = sandbox.mark();
    expect(sandbox.truth({ since: mark }).unsettled).toEqual([]);
    const rows = sandbox.truth().comments.filter((row) => row.owner_id === -1);
    const leaf = rows.find((row) => row.thread_root_id !== null);
    const post = sandbox.mutator.insertPost(-1);
    sandbox.mutator.insertComment(-1, rows[0]?.post_id ?? 0);
    sandbox.mutator.editComment(-1, rows[1]?.id ?? 0);
    sandbox.mutator.deleteComment(-1, leaf?.id ?? 0);
    const gone = `comment:-1_${leaf?.id}`;
    expect(keysSince(mark)).toEqual(new Set([...whole].filter((key) => key !== gone)));
    expect(new Set(sandbox.truth({ since: mark }).unsettled)).toEqual(
      new Set([
        `post:-1_${rows[0]?.post_id}`,
        `comment:-1_${rows[1]?.id}`,
        `post:-1_${leaf?.post_id}`,
      ]),
    );
    expect(sandbox.truth().posts.some(({ id }) => id === post)).toBe(true);
  });
});

describe('a world that changes by itself', () => {
  test('mutates after every k-th request, the same way for the same seed', async () => {
    const run = async (): Promise<string> => {
      sandbox = await startSandbox({ mutate: { every: 2, seed: 3 } });
      for (let request = 0; request < 80; request += 1) await readWall();
      expect(sandbox.mark()).toBeGreaterThan(30);
      return JSON.stringify(sandbox.truth());
    };
    const first = await run();
    await sandbox.stop();
    expect(await run()).toBe(first);
  });

  for (const kind of MUTATIONS) {
    test(`can be held to ${kind}, and to a number of them`, async () => {
      sandbox = await startSandbox({ mutate: { every: 1, kinds: [kind], max: 3 } });
      const before = sandbox.truth();
      for (let request = 0; request < 12; request += 1) await readWall();
      expect(sandbox.mark()).toBeGreaterThan(0);
      expect(sandbox.mark()).toBeLessThanOrEqual(3);
      expect(JSON.stringify(sandbox.truth())).not.toBe(JSON.stringify(before));
    });
  }

  test('goes on when nothing is left to change', async () => {
    sandbox = await startSandbox({ mutate: { every: 1, kinds: ['deletePost'] } });
    for (let request = 0; request < 200; request += 1) await readWall();
    expect(sandbox.truth().posts).toEqual([]);
  });
});
