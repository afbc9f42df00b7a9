import { afterEach, describe, expect, test } from 'bun:test';
import type { WallWallComment, WallWallpostFull } from '@vkontakte/api-schema-typescript';
import type { Sandbox } from '../src/createSandbox';
import { SWITCHES, type Switches } from '../src/vk/switches';
import { askVk, callVk, failCode, startSandbox } from './support/client';
import { readPlainly } from './support/plainReader';

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

const start = async (switches: Partial<Switches>): Promise<void> => {
  sandbox = await startSandbox({ world: 'quirks', switches });
};

interface Wall {
  count: number;
  items: WallWallpostFull[];
}
const readWall = (params: Record<string, string | number> = {}): Promise<Wall> =>
  askVk<Wall>(sandbox, 'wall.get', { owner_id: -1, count: 100, ...params });

const readComments = async (post_id: number): Promise<WallWallComment[]> => {
  const params = { owner_id: -1, post_id, count: 100, sort: 'asc', thread_items_count: 10 };
  return (await askVk<{ items: WallWallComment[] }>(sandbox, 'wall.getComments', params)).items;
};

/** Each row once: a reader stores what is shown twice under one key. */
const rowsOf = (rows: readonly object[]): string[] =>
  [...new Set(rows.map((row) => JSON.stringify(row)))].toSorted();

describe('a careful reading finds the truth of its world', () => {
  const others = Object.entries(SWITCHES).flatMap(([name, [, ...values]]) =>
    values.map((value): [string, unknown] => [name, value]),
  );
  for (const [name, value] of [['defaultLang', 'ru'], ...others]) {
    test(`with ${name} = ${String(value)}`, async () => {
      await start({ [name]: value });
      const readable = [1, 2, 3, 4, 5, 6];
      const reading = await readPlainly(sandbox, readable, 'user-fast');
      const truth = sandbox.truth({ communities: readable });
      expect(rowsOf(reading.posts)).toEqual(rowsOf(truth.posts));
      expect(rowsOf(reading.comments)).toEqual(rowsOf(truth.comments));
    });
  }
});

describe('walls', () => {
  test('shortPages: no place is empty, or every seventh is', async () => {
    await start({ shortPages: 'never' });
    const full = await readWall({ owner_id: -5 });
    expect(full.items).toHaveLength(100);
    await sandbox.stop();
    await start({ shortPages: 'often' });
    const gaps = await readWall({ owner_id: -4 });
    expect([gaps.count, gaps.items.length]).toEqual([16, 14]);
    expect(sandbox.truth({ communities: [4] }).posts).toHaveLength(14);
  });

  test('defaultWallCount and wallOffsetMax: how much, and how deep', async () => {
    await start({ defaultWallCount: 100, wallOffsetMax: 10_000 });
    expect((await readWall({ count: '' })).items.length).toBeGreaterThan(20);
    expect((await readWall({ offset: 10_001 })).items).toEqual([]);
  });

  test('deletedPost: a stub in the place of what was deleted', async () => {
    await start({ deletedPost: 'stub' });
    const { items } = await readWall({ count: 2 });
    sandbox.mutator.deletePost(-1, items[1]?.id ?? 0);
    const posts = items.map(({ id }) => `-1_${id}`).join(',');
    const { items: found } = await askVk<Wall>(sandbox, 'wall.getById', { posts });
    expect(found.map((post) => Boolean(post.is_deleted))).toEqual([false, true]);
    expect(found[1]).not.toHaveProperty('text');
  });

  test('controlCharacters and textLengthMax: what becomes of texts, in replies and truth', async () => {
    await start({ controlCharacters: 'removed', textLengthMax: 4_096 });
    const texts = (await readWall()).items.map(({ text }) => text ?? '');
    expect(texts).toContain('допосле нуля');
    expect(Math.max(...texts.map((text) => Array.from(text).length))).toBe(4_096);
    const { posts } = sandbox.truth({ communities: [1] });
    expect(Math.max(...posts.map(({ text }) => Array.from(text).length))).toBe(4_096);
  });
});

describe('comments', () => {
  test('deletedLeaf: a comment that nobody answered leaves a stub', async () => {
    await start({ deletedLeaf: 'stub', deletedStub: 'bare' });
    const post = sandbox.mutator.insertPost(-1);
    const root = sandbox.mutator.insertComment(-1, post);
    const reply = sandbox.mutator.insertComment(-1, post, { rootId: root });
    const alone = sandbox.mutator.insertComment(-1, post);
    sandbox.mutator.deleteComment(-1, reply);
    sandbox.mutator.deleteComment(-1, alone);
    const [first, second] = await readComments(post);
    expect(second).not.toHaveProperty('from_id');
    expect(second?.id).toBe(alone);
    const [stub] = first?.thread?.items ?? [];
    expect(stub).toMatchObject({ id: reply, parents_stack: [root] });
    expect(stub).not.toHaveProperty('thread');
    const row = sandbox
      .truth()
      .comments.find(({ id, post_id }) => id === reply && post_id === post);
    expect(row).toMatchObject({ is_deleted: true, reply_to_comment_id: null });
  });

  test('parentsStack: the whole way down to a reply', async () => {
    await start({ parentsStack: 'chain', inlineOrder: 'oldest' });
    const post = sandbox.mutator.insertPost(-1);
    const root = sandbox.mutator.insertComment(-1, post);
    const reply = sandbox.mutator.insertComment(-1, post, { rootId: root });
    const answer = sandbox.mutator.insertComment(-1, post, { rootId: root, replyTo: reply });
    sandbox.mutator.insertComment(-1, post, { rootId: root, replyTo: answer });
    const [comment] = await readComments(post);
    expect(comment?.thread?.items?.map((item) => item.parents_stack)).toEqual([
      [root],
      [root, reply],
      [root, reply, answer],
    ]);
  });
});

describe('references', () => {
  test('unknownGroup: a number that nobody has comes as a deleted community', async () => {
    await start({ unknownGroup: 'deactivated' });
    const { groups } = await askVk<{ groups: object[] }>(sandbox, 'groups.getById', {
      group_ids: '1,424242,105',
    });
    expect(groups).toMatchObject([
      { id: 1 },
      { id: 424_242, deactivated: 'deleted' },
      { id: 105, deactivated: 'deleted' },
    ]);
  });

  test('unknownUsers: nobody at all is an error', async () => {
    await start({ unknownUsers: '113' });
    expect(await failCode(sandbox, 'users.get', { user_ids: '5,6' })).toBe(113);
    expect(await failCode(sandbox, 'users.get', { user_ids: '5,1000001' })).toBeUndefined();
  });

  test('objectsSince: versions below it answer with bare lists', async () => {
    const isBare = async (v: string): Promise<boolean> =>
      Array.isArray((await callVk(sandbox, 'groups.getById', { group_ids: 1, v })).response);
    await start({});
    expect([await isBare('5.131'), await isBare('5.139'), await isBare('5.199')]).toEqual([
      true,
      false,
      false,
    ]);
    await sandbox.stop();
    await start({ objectsSince: '5.194' });
    expect([await isBare('5.193'), await isBare('5.194')]).toEqual([true, false]);
    const code = 'return [API.groups.getById({"group_ids":1})];';
    const { response } = await callVk<unknown[]>(sandbox, 'execute', { code, v: '5.131' });
    expect(Array.isArray(response[0])).toBe(true);
  });
});
