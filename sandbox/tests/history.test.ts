import { afterEach, describe, expect, test } from 'bun:test';
import type { WallWallComment, WallWallpostFull } from '@vkontakte/api-schema-typescript';
import type { Sandbox } from '../src/createSandbox';
import type { SandboxTruth } from '../src/server/control';
import { askVk, failCode, rejection, startSandbox } from './support/client';

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

const readWall = async (): Promise<WallWallpostFull[]> =>
  (await askVk<{ items: WallWallpostFull[] }>(sandbox, 'wall.get', { owner_id: -1, count: 100 }))
    .items;

const wallIds = async (): Promise<(number | undefined)[]> => (await readWall()).map(({ id }) => id);

const readComments = async (post_id: number): Promise<WallWallComment[]> => {
  const params = { owner_id: -1, post_id, count: 100, sort: 'asc', thread_items_count: 10 };
  return (await askVk<{ items: WallWallComment[] }>(sandbox, 'wall.getComments', params)).items;
};

/** Keys of what could be read from a mark on. */
const keysOf = (options: { since?: number; at?: number }): Set<string> => {
  const { posts, comments } = sandbox.truth(options);
  return new Set(
    [...posts, ...comments].map(({ kind, owner_id, id }) => `${kind}:${owner_id}_${id}`),
  );
};

describe('what comes back', () => {
  test('a restored post has its old place and its comments, but counts from then on only', async () => {
    sandbox = await startSandbox();
    const before = await readWall();
    const ids = before.map(({ id }) => id);
    const post = before[3];
    const comments = await readComments(post?.id ?? 0);
    const mark = sandbox.mark();
    sandbox.mutator.deletePost(-1, post?.id ?? 0);
    expect(await wallIds()).toEqual(ids.filter((id) => id !== post?.id));
    sandbox.mutator.restorePost(-1, post?.id ?? 0);
    expect(await wallIds()).toEqual(ids);
    expect((await readComments(post?.id ?? 0)).map(({ id }) => id)).toEqual(
      comments.map(({ id }) => id),
    );
    const key = `post:-1_${post?.id}`;
    expect([keysOf({}).has(key), keysOf({ since: mark }).has(key)]).toEqual([true, false]);
  });

  test('an archived post is gone for readers, until it is restored', async () => {
    sandbox = await startSandbox({ switches: { deletedPost: 'stub' } });
    const ids = await wallIds();
    sandbox.mutator.archivePost(-1, ids[2] ?? 0);
    const { items } = await askVk<{ items: unknown[] }>(sandbox, 'wall.getById', {
      posts: `-1_${ids[2]}`,
    });
    expect(items).toEqual([]);
    expect(
      await failCode(sandbox, 'wall.getComments', { owner_id: -1, post_id: ids[2] ?? 0 }),
    ).toBe(15);
    sandbox.mutator.restorePost(-1, ids[2] ?? 0);
    expect(await wallIds()).toEqual(ids);
  });

  test('a thread is deleted with its replies, and comes back with them', async () => {
    sandbox = await startSandbox();
    const post = sandbox.mutator.insertPost(-1);
    const [first, second, third] = [1, 2, 3].map(() => sandbox.mutator.insertComment(-1, post));
    const root = second ?? 0;
    const reply = sandbox.mutator.insertComment(-1, post, { rootId: root });
    const mark = sandbox.mark();
    sandbox.mutator.deleteThread(-1, root);
    expect((await readComments(post)).map(({ id }) => id)).toEqual([first, third]);
    expect((await readWall()).find(({ id }) => id === post)?.comments?.count).toBe(2);
    sandbox.mutator.restoreComment(-1, root);
    expect((await readComments(post)).map(({ id }) => id)).toEqual([first, root, third]);
    expect((await readComments(post))[1]?.thread?.items).toMatchObject([{ id: reply }]);
    expect(keysOf({ since: mark }).has(`comment:-1_${reply}`)).toBe(false);
  });

  test('a stub gets its words back, and a reply its place', async () => {
    sandbox = await startSandbox();
    const post = sandbox.mutator.insertPost(-1);
    const root = sandbox.mutator.insertComment(-1, post, { text: 'Слово' });
    const replies = [1, 2].map(() => sandbox.mutator.insertComment(-1, post, { rootId: root }));
    sandbox.mutator.deleteComment(-1, replies[0] ?? 0);
    sandbox.mutator.deleteComment(-1, root);
    sandbox.mutator.restoreComment(-1, root);
    sandbox.mutator.restoreComment(-1, replies[0] ?? 0);
    const [comment] = await readComments(post);
    expect(comment).toMatchObject({ id: root, text: 'Слово' });
    expect(new Set(comment?.thread?.items?.map(({ id }) => id))).toEqual(new Set(replies));
  });

  test('comments and communities that reopen count from then on', async () => {
    sandbox = await startSandbox();
    const post = sandbox.mutator.insertPost(-1);
    const comment = sandbox.mutator.insertComment(-1, post);
    const mark = sandbox.mark();
    sandbox.mutator.setCommentAccess(-1, post, 'closed');
    sandbox.mutator.setCommentAccess(-1, post, 'open');
    const keys = keysOf({ since: mark });
    expect([keys.has(`post:-1_${post}`), keys.has(`comment:-1_${comment}`)]).toEqual([true, false]);
    sandbox.mutator.setCommunityState(1, 'closed');
    sandbox.mutator.setCommunityState(1, 'open');
    expect([...keysOf({ since: mark })].some((key) => key.includes(':-1_'))).toBe(false);
    expect(keysOf({}).has(`comment:-1_${comment}`)).toBe(true);
  });

  test('what was never lost cannot come back', async () => {
    sandbox = await startSandbox();
    const mark = sandbox.mark();
    const { mutator } = sandbox;
    expect(() => mutator.restorePost(-1, 999_999)).toThrow('has lost no post 999999');
    expect(() => mutator.restoreComment(-1, 999_999)).toThrow('has lost no comment 999999');
    const reply = sandbox.truth().comments.find((row) => row.thread_root_id !== null);
    expect(() => mutator.deleteThread(reply?.owner_id ?? 0, reply?.id ?? 0)).toThrow(/is a reply/);
    // A change that fails is none.
    expect(sandbox.mark()).toBe(mark);
  });
});

describe('the truth of an earlier moment', () => {
  test('is what it was then, field for field', async () => {
    sandbox = await startSandbox({ mutate: { every: 1, seed: 5 }, world: 'tiny' });
    const seen: { mark: number; truth: SandboxTruth }[] = [];
    for (let round = 0; round < 6; round += 1) {
      const mark = sandbox.mark();
      seen.push({ mark, truth: sandbox.truth() });
      await readWall();
      await readWall();
    }
    sandbox.mutator.deleteThread(
      -1,
      sandbox.mutator.insertComment(-1, sandbox.mutator.insertPost(-1)),
    );
    for (const { mark, truth } of seen) expect(sandbox.truth({ at: mark })).toEqual(truth);
    expect(sandbox.truth({ at: sandbox.mark() })).toEqual(sandbox.truth());
  });

  test('can be asked for together with a mark, and from another process', async () => {
    sandbox = await startSandbox();
    const post = sandbox.mutator.insertPost(-1);
    const mark = sandbox.mark();
    sandbox.mutator.insertPost(-1);
    sandbox.mutator.deletePost(-1, post);
    expect(keysOf({ since: mark, at: mark }).has(`post:-1_${post}`)).toBe(true);
    expect(keysOf({ since: mark }).has(`post:-1_${post}`)).toBe(false);
    const address = sandbox.url.replace('/method', `/sandbox/truth?at=${mark}`);
    expect(await (await fetch(address)).json()).toEqual(sandbox.truth({ at: mark }));
    expect(() => sandbox.truth({ at: mark + 3 })).toThrow('the world has had 3 steps, not 4');
    expect((await fetch(address.replace(/\d+$/, '99'))).status).toBe(400);
  });

  test('holds what the sandbox saw of requests above the limit', async () => {
    sandbox = await startSandbox({ tokens: [{ token: 'user-fast', kind: 'user', rps: 1 }] });
    await readWall();
    expect(await rejection(readWall())).toBeInstanceOf(Error);
    expect(sandbox.truth().violations).toMatchObject([{ token: 'fast', countInWindow: 2 }]);
  });
});

describe('a scripted history', () => {
  test('happens after so many requests, in the order of the script', async () => {
    sandbox = await startSandbox({
      history: [
        { afterRequests: 2, op: 'insertPost', args: [-1, { text: 'Второе' }] },
        { afterRequests: 1, op: 'insertPost', args: [-1, { text: 'Первое' }] },
        { afterRequests: 2, op: 'deletePost', args: [-1, 999_999] },
        { op: 'setCommunityState', args: [2, 'banned'] },
      ],
    });
    expect(sandbox.world.communities.get(2)?.state).toBe('banned');
    const counts: number[] = [];
    for (let request = 0; request < 3; request += 1) counts.push((await readWall()).length);
    expect(counts).toEqual([12, 13, 14]);
    expect(sandbox.history.log().map(({ op, step }) => `${step} ${op}`)).toEqual([
      '1 setCommunityState',
      '2 insertPost',
      '3 insertPost',
    ]);
    expect(sandbox.history.missed()).toMatchObject([
      { event: { op: 'deletePost' }, reason: 'the wall of -1 has no post 999999' },
    ]);
  });

  test('happens when the clock says so, at once when a test turns it', async () => {
    sandbox = await startSandbox({
      history: [
        { afterMs: 60_000, op: 'setCommunityState', args: [1, 'closed'] },
        { afterMs: 120_000, op: 'setCommunityState', args: [1, 'open'] },
      ],
    });
    sandbox.clock.advance(60_000);
    expect(await failCode(sandbox, 'wall.get', { owner_id: -1 })).toBe(15);
    sandbox.clock.advance(60_000);
    expect(await wallIds()).toHaveLength(12);
    expect(sandbox.history.pending()).toBe(0);
  });

  test('is written and read by another process', async () => {
    sandbox = await startSandbox();
    const address = sandbox.url.replace('/method', '/sandbox/history');
    const send = (body: unknown): Promise<Response> =>
      fetch(address, { method: 'POST', body: JSON.stringify(body) });
    const later = { afterRequests: 5, op: 'insertPost', args: [-1] };
    expect(await (await send([{ op: 'pinPost', args: [-1, null] }, later])).json()).toEqual({
      pending: 1,
    });
    expect(await (await fetch(address)).json()).toMatchObject({
      log: [{ op: 'pinPost', args: [-1, null], step: 1, at: expect.any(String) }],
      pending: 1,
      missed: [],
    });
    for (const wrong of [
      { op: 'explode', args: [] },
      { op: 'pinPost' },
      { ...later, afterMs: -1 },
    ]) {
      expect((await send(wrong)).status).toBe(400);
    }
  });
});
