import { afterEach, describe, expect, test } from 'bun:test';
import type {
  GroupsGroupFull,
  UsersUserFull,
  WallWallComment,
} from '@vkontakte/api-schema-typescript';
import type { Sandbox } from '../src/createSandbox';
import type { Switches } from '../src/vk/switches';
import type { Post } from '../src/world/model';
import { askVk, callVk, failCode, startSandbox, type Params } from './support/client';

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

interface Comments {
  count: number;
  current_level_count?: number;
  items: WallWallComment[];
  profiles?: UsersUserFull[];
  groups?: GroupsGroupFull[];
  order: string;
  real_offset?: number;
  post_author_id?: number;
}

const start = async (switches: Partial<Switches> = {}): Promise<void> => {
  sandbox = await startSandbox({ world: 'quirks', switches });
};

/** The one post of the quirks whose text begins so. */
const getPost = (beginning: string): Post => {
  const post = sandbox.world.communities
    .get(1)
    ?.wall.posts.find(({ text }) => text.startsWith(beginning));
  if (!post) throw new Error(`no post begins with ${beginning}`);
  return post;
};

const WHOLE = { sort: 'asc', count: 100, preview_length: 0, thread_items_count: 10, need_likes: 1 };

const read = ({ ownerId, id }: Post, params: Params = {}): Promise<Comments> =>
  askVk<Comments>(sandbox, 'wall.getComments', {
    owner_id: ownerId,
    post_id: id,
    ...WHOLE,
    ...params,
  });

const idsOf = (items: readonly { id?: number }[] = []): (number | undefined)[] =>
  items.map(({ id }) => id);

describe('wall.getComments: lists', () => {
  test('pages of one order make up the whole list, whichever the order', async () => {
    await start();
    const post = getPost('Больше ста');
    for (const sort of ['asc', 'desc', 'smart']) {
      const first = await read(post, { sort });
      const second = await read(post, { sort, offset: 100 });
      const ids = idsOf([...first.items, ...second.items]);
      expect(ids).toHaveLength(137);
      expect(new Set(ids)).toEqual(new Set(idsOf(post.roots)));
      expect(first.order).toBe(sort);
    }
    const asc = await read(post, { count: 3 });
    const desc = await read(post, { sort: 'desc', offset: 134 });
    expect(idsOf(desc.items)).toEqual(idsOf(asc.items).toReversed());
  });

  test('left out, every default is the one that VK documents', async () => {
    await start();
    const { ownerId, id, roots } = getPost('Ветки в 0, 1');
    const params = { owner_id: ownerId, post_id: id };
    const reply = await askVk<Comments>(sandbox, 'wall.getComments', params);
    expect(reply.order).toBe('desc');
    expect(idsOf(reply.items)).toEqual(idsOf(roots).toReversed());
    expect(reply.items[0]?.thread).toMatchObject({ count: 101, items: [] });
    expect('likes' in (reply.items[0] ?? {})).toBe(false);
    expect('profiles' in reply).toBe(false);
    const ten = getPost('Ровно сто');
    const page = { owner_id: ten.ownerId, post_id: ten.id };
    expect((await askVk<Comments>(sandbox, 'wall.getComments', page)).items).toHaveLength(10);
  });

  test('texts are cut at 90 characters by default, at no pair of surrogates', async () => {
    await start();
    const post = getPost('Неудобные тексты');
    const cut = await read(post, { preview_length: '' });
    const whole = await read(post);
    expect(cut.items.every(({ text }) => Array.from(text ?? '').length <= 93)).toBe(true);
    expect(whole.items.some(({ text }) => (text?.length ?? 0) > 9_000)).toBe(true);
    const [emoji] = (await read(post, { preview_length: 8 })).items;
    expect(emoji?.text).toBe('Семья: 👩...');
  });

  test('start_comment_id sets where the offset counts from, backwards too', async () => {
    await start();
    const post = getPost('Больше ста');
    const ids = idsOf(post.roots);
    const start_comment_id = ids[50] ?? 0;
    const from = await read(post, { start_comment_id, count: 2 });
    expect(from).toMatchObject({ real_offset: 50 });
    expect(idsOf(from.items)).toEqual(ids.slice(50, 52));
    const before = await read(post, { start_comment_id, offset: -2, count: 2 });
    expect(idsOf(before.items)).toEqual(ids.slice(48, 50));
    const down = await read(post, { start_comment_id, sort: 'desc', count: 2 });
    expect(idsOf(down.items)).toEqual([ids[50], ids[49]]);
    const gone = await read(post, { start_comment_id: 10_000_000, count: 2 });
    expect(gone.items).toEqual([]);
  });

  test('hidden comments keep their place across the end of a page', async () => {
    await start();
    const post = getPost('Больше двухсот');
    const pages = [
      await read(post),
      await read(post, { offset: 100 }),
      await read(post, { offset: 200 }),
    ];
    expect(pages.map(({ items }) => items.length)).toEqual([92, 94, 30]);
    expect(pages[0]).toMatchObject({ count: 230, current_level_count: 230 });
  });
});

describe('wall.getComments: threads', () => {
  for (const inlineOrder of ['oldest', 'newest'] as const) {
    test(`at most ten replies come inline, ${inlineOrder} first; comment_id pages them all`, async () => {
      await start({ inlineOrder });
      const post = getPost('Ветки в 0, 1');
      const { items, count, current_level_count: level } = await read(post, { extended: 1 });
      expect({ count, level }).toEqual({ count: 5 + 123, level: 5 });
      expect(items.map(({ thread }) => thread?.count)).toEqual([0, 1, 10, 11, 101]);
      expect(items.map(({ thread }) => thread?.items?.length)).toEqual([0, 1, 10, 10, 10]);
      const root = post.roots[4];
      const ids = idsOf(root?.replies);
      expect(idsOf(items[4]?.thread?.items)).toEqual(
        inlineOrder === 'oldest' ? ids.slice(0, 10) : ids.slice(-10).toReversed(),
      );
      const first = await read(post, { comment_id: root?.id ?? 0 });
      const second = await read(post, { comment_id: root?.id ?? 0, offset: 100 });
      expect(idsOf([...first.items, ...second.items])).toEqual(ids);
      expect(first).toMatchObject({ count: 101, current_level_count: 101 });
    });
  }

  test('a reply names its root, and whom and what it answers: a root, a reply, a community', async () => {
    await start();
    const post = getPost('Ветки в 0, 1');
    const root = post.roots[4];
    const { items } = await read(post, { comment_id: root?.id ?? 0 });
    expect(items.every((reply) => reply.parents_stack?.[0] === root?.id)).toBe(true);
    expect(items.every((reply) => !('thread' in reply))).toBe(true);
    const answered = new Set(items.map((reply) => reply.reply_to_comment));
    expect(answered.has(root?.id)).toBe(true);
    expect([...answered].some((id) => idsOf(items).includes(id))).toBe(true);
    const toCommunity = sandbox.truth().comments.filter((row) => (row.reply_to_user_id ?? 0) < 0);
    expect(toCommunity.length).toBeGreaterThan(0);
  });

  test('deleted comments with replies are stubs without author, in both known forms', async () => {
    await start();
    const { items } = await read(getPost('Заглушки'));
    const stubs = items.filter(({ deleted }) => deleted);
    expect(stubs).toHaveLength(4);
    expect(stubs.map(({ thread }) => thread?.count)).toEqual([1, 12, 2, 1]);
    expect(stubs.every((stub) => !('post_id' in stub) && !('likes' in stub))).toBe(true);
    expect(new Set(stubs.map(({ from_id }) => from_id))).toEqual(new Set([0, undefined]));
  });

  test('a switch settles the form of the stub', async () => {
    await start({ deletedStub: 'bare' });
    const { items } = await read(getPost('Заглушки'));
    expect(items.filter(({ deleted }) => deleted).every((stub) => !('from_id' in stub))).toBe(true);
  });

  test('counters of threads drift, but never hide that there is more than ten', async () => {
    await start();
    const { items } = await read(getPost('Счётчики веток'));
    expect(items.map(({ thread }) => [thread?.count, thread?.items?.length])).toEqual([
      [6, 4],
      [12, 10],
      [12, expect.any(Number)],
      [1, 0],
    ]);
    expect(items[2]?.thread?.items?.length).toBeLessThan(10);
  });
});

describe('wall.getComments: counters and refusals', () => {
  const drifts: [string, Partial<Comments>][] = [
    ['Счётчик больше', { count: 10, current_level_count: 7 }],
    ['Счётчик меньше', { count: 4, current_level_count: 6 }],
    ['Счётчик уровня', { count: 101, current_level_count: 101 }],
    ['Считается один', { count: 1, items: [] }],
    ['Все комментарии скрыты', { count: 4, items: [] }],
  ];
  for (const [beginning, expected] of drifts) {
    test(`${beginning}: the counters are not the list`, async () => {
      await start();
      expect(await read(getPost(beginning))).toMatchObject(expected);
    });
  }

  test('the counter of the level may be missing', async () => {
    await start();
    const reply = await read(getPost('Без счётчика'));
    expect('current_level_count' in reply).toBe(false);
    expect(reply.count).toBe(17);
  });

  test('closed comments are error 212, or an empty list by a switch', async () => {
    await start();
    const post = getPost('Комментарии закрыты');
    const params = { owner_id: -1, post_id: post.id };
    const { error } = await callVk(sandbox, 'wall.getComments', params);
    expect(error).toMatchObject({ error_code: 212, error_msg: 'Access to post comments denied' });
    await sandbox.stop();
    await start({ closedComments: 'empty' });
    expect(await read(post)).toMatchObject({ count: 0, items: [] });
  });

  test('comments of a post that is gone, hidden or unknown are error 15', async () => {
    await start();
    const { posts } = sandbox.world.communities.get(1)?.wall ?? { posts: [] };
    const hidden = posts.find(({ isHidden }) => isHidden);
    for (const id of [getPost('Запись есть').id, hidden?.id ?? 0, 999_999]) {
      const { error } = await callVk(sandbox, 'wall.getComments', { owner_id: -1, post_id: id });
      expect(error?.error_msg).toBe('Access denied: post was not found check post_id param');
    }
  });

  test('the thread of an unknown comment is error 15', async () => {
    await start();
    const params = { owner_id: -1, post_id: getPost('Заглушки').id, comment_id: 999_999 };
    const { error } = await callVk(sandbox, 'wall.getComments', params);
    expect(error?.error_msg).toBe('Access denied: post or comment deleted');
  });

  test('wrong parameters are error 100', async () => {
    await start();
    const params = { owner_id: -1, post_id: getPost('Заглушки').id };
    for (const wrong of [
      { count: 101 },
      { thread_items_count: 11 },
      { sort: 'best' },
      { post_id: '' },
    ]) {
      expect(await failCode(sandbox, 'wall.getComments', { ...params, ...wrong })).toBe(100);
    }
  });
});

describe('who comments', () => {
  test('extended names everybody but the one whom VK leaves out; users.get knows that one', async () => {
    await start();
    const post = getPost('Кто только не пишет');
    const reply = await read(post, { extended: 1, fields: 'screen_name' });
    const named = new Set([
      ...(reply.profiles ?? []).map(({ id }) => id),
      ...(reply.groups ?? []).map(({ id }) => -(id ?? 0)),
    ]);
    const missing = reply.items.map(({ from_id }) => from_id).filter((id) => id && !named.has(id));
    expect(missing).toHaveLength(1);
    const users = await askVk<UsersUserFull[]>(sandbox, 'users.get', {
      user_ids: missing.join(','),
    });
    expect(users.map(({ id }) => id)).toEqual(missing as number[]);
    const gone = reply.profiles?.find(({ deactivated }) => deactivated === 'deleted');
    if (gone) expect(gone).toMatchObject({ first_name: 'DELETED', last_name: '' });
    expect(reply.profiles?.some((user) => user.deactivated && 'screen_name' in user)).toBe(false);
    expect(reply.post_author_id).toBe(post.fromId);
  });

  test('names are transliterated unless the language is Cyrillic', async () => {
    await start();
    const nameIn = async (lang: string) => {
      const params = { user_ids: 'anna_vetrova', lang };
      return (await askVk<UsersUserFull[]>(sandbox, 'users.get', params))[0]?.last_name;
    };
    expect(await nameIn('ru')).toMatch(/^[а-яё]+$/iu);
    expect(await nameIn('0')).toBe((await nameIn('ru')) ?? '');
    expect(await nameIn('en')).toMatch(/^[a-z]+$/i);
    expect(await nameIn('')).toMatch(/^[a-z]+$/i);
  });
});

describe('wall.getComment', () => {
  test('shows one comment whole', async () => {
    await start();
    const root = getPost('Ветки в 0, 1').roots[1];
    const reply = await askVk<Comments>(sandbox, 'wall.getComment', {
      owner_id: -1,
      comment_id: root?.id ?? 0,
      extended: 1,
    });
    expect(reply.items[0]).toMatchObject({ id: root?.id, text: root?.text, thread: { count: 1 } });
    expect(reply.groups).toHaveLength(1);
  });

  test('unknown and closed ones are errors', async () => {
    await start();
    const closed = getPost('Комментарии закрыты').roots[0];
    const codeOf = (comment_id: number) =>
      failCode(sandbox, 'wall.getComment', { owner_id: -1, comment_id });
    expect(await codeOf(999_999)).toBe(15);
    expect(await codeOf(closed?.id ?? 0)).toBe(212);
  });
});
