import { afterEach, describe, expect, test } from 'bun:test';
import type {
  GroupsGroupFull,
  UsersUserFull,
  WallWallpostFull,
} from '@vkontakte/api-schema-typescript';
import type { Sandbox } from '../src/createSandbox';
import { askVk, callVk, failCode, startSandbox } from './support/client';

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

interface Wall {
  count: number;
  items: WallWallpostFull[];
  profiles?: UsersUserFull[];
  groups?: GroupsGroupFull[];
  next_from?: string;
}

const readWall = (params: Record<string, string | number>): Promise<Wall> =>
  askVk<Wall>(sandbox, 'wall.get', { owner_id: -1, count: 100, ...params });

const idsOf = ({ items }: Wall): (number | undefined)[] => items.map(({ id }) => id);

describe('wall.get', () => {
  test('the pinned post comes first and out of order, and it alone has the flag', async () => {
    sandbox = await startSandbox({ world: 'tiny' });
    const { items } = await readWall({});
    const [pinned, ...rest] = items;
    expect(items.map((post) => 'is_pinned' in post)).toEqual(items.map((post) => post === pinned));
    expect(pinned?.date).toBeLessThan(rest.at(-1)?.date ?? 0);
    const dates = rest.map(({ date }) => date ?? 0);
    expect(dates).toEqual(dates.toSorted((one, other) => other - one));
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
  });

  test('a switch shows the pinned post again in its place, counted once', async () => {
    sandbox = await startSandbox({ world: 'tiny', switches: { pinnedRepeated: true } });
    const wall = await readWall({});
    expect(wall.count).toBe(12);
    expect(idsOf(wall)).toHaveLength(13);
    expect(idsOf(wall)[0]).toBe(idsOf(wall)[12]);
  });

  test('20 posts by default, from the offset, with the way to the next page', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const first = await readWall({ count: '' });
    const second = await readWall({ count: 20, offset: 20 });
    const both = await readWall({ count: 40 });
    expect(first).toMatchObject({ next_from: '20', count: both.count });
    expect([...idsOf(first), ...idsOf(second)]).toEqual(idsOf(both));
    expect((await readWall({ offset: both.count })).items).toEqual([]);
    expect('next_from' in (await readWall({ offset: 100 }))).toBe(false);
  });

  test('hidden posts keep their place: the page comes out short though more follow', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const first = await readWall({ owner_id: -5 });
    const second = await readWall({ owner_id: -5, offset: 100 });
    expect(first.items.length).toBeLessThan(100);
    expect(second.items.length).toBeLessThan(100);
    expect(first.count).toBeGreaterThan(200);
  });

  test('filters part the wall into what the community wrote and what others did', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const all = await readWall({ filter: 'all' });
    const owner = await readWall({ filter: 'owner' });
    const others = await readWall({ filter: 'others' });
    expect(owner.count + others.count).toBe(all.count);
    expect(owner.items.every((post) => post.from_id === -1)).toBe(true);
    expect(others.items.every((post) => post.from_id !== -1)).toBe(true);
    expect(
      others.items.filter((post) => (post.from_id ?? 0) > 0).every((post) => !post.views),
    ).toBe(true);
    expect((await readWall({ filter: 'suggests' })).items).toEqual([]);
    expect(await failCode(sandbox, 'wall.get', { owner_id: -1, filter: 'donut' })).toBe(15);
    expect(await failCode(sandbox, 'wall.get', { owner_id: -1, filter: 'mine' })).toBe(100);
  });

  test('a short name stands for the number', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const byName = await askVk<Wall>(sandbox, 'wall.get', { domain: 'KNIGA_I_CHAY' });
    expect(byName.items[0]?.owner_id).toBe(-3);
    expect(await failCode(sandbox, 'wall.get', { domain: 'net_takogo' })).toBe(100);
    expect(await failCode(sandbox, 'wall.get', { domain: 'anna_vetrova' })).toBe(30);
  });

  test('extended names more people and communities than the authors', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const wall = await readWall({ extended: 1, fields: 'members_count,counters' });
    const authors = new Set(wall.items.map((post) => post.from_id));
    const named = [
      ...(wall.profiles ?? []).map(({ id }) => id),
      ...(wall.groups ?? []).map(({ id }) => -(id ?? 0)),
    ];
    expect(named.filter((id) => !authors.has(id)).length).toBeGreaterThan(0);
    expect(wall.groups?.[0]).toMatchObject({ members_count: expect.any(Number), counters: [] });
    expect('profiles' in (await readWall({ fields: 'members_count' }))).toBe(false);
  });

  test('media addresses, hashes and track codes change from call to call, nothing else', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const [one, other] = [await readWall({}), await readWall({})];
    expect(one.items[1]?.hash).not.toBe(other.items[1]?.hash ?? '');
    expect(JSON.stringify(one)).not.toBe(JSON.stringify(other));
    const text = ({ items }: Wall) => items.map((post) => post.text);
    expect(text(one)).toEqual(text(other));
  });

  test('awkward texts arrive as they are, lone surrogates as escapes', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const texts = (await readWall({})).items.map((post) => post.text);
    expect(texts).toContain('до\u0000после нуля');
    expect(texts).toContain('обрубок в конце \ud83d');
    expect(texts).toContain('=1+1');
    expect(texts.some((text) => (text?.length ?? 0) > 9_000)).toBe(true);
    const address = `${sandbox.url}/wall.get?owner_id=-1&count=100&v=5.199&access_token=user-fast`;
    expect(await (await fetch(address)).text()).toContain('обрубок в конце \\ud83d');
  });

  const wrong: [Record<string, string | number>, string][] = [
    [{ count: 101 }, 'count should be less or equal to 100'],
    [{ count: -1 }, 'count not positive'],
    [{ offset: -1 }, 'offset not positive'],
    [{ count: 'много' }, 'count not integer'],
    [{ owner_id: '' }, 'owner_id is undefined'],
  ];
  for (const [params, detail] of wrong) {
    test(`wrong parameters are error 100: ${detail}`, async () => {
      sandbox = await startSandbox();
      const { error } = await callVk(sandbox, 'wall.get', { owner_id: -1, ...params });
      expect(error).toMatchObject({
        error_code: 100,
        error_msg: `One of the parameters specified was missing or invalid: ${detail}`,
      });
    });
  }

  const denied: [number, number, string][] = [
    [-101, 15, 'Access denied: this wall available only for community members'],
    [-102, 15, 'Access denied: group is blocked'],
    [-103, 15, 'Access denied: group is deleted'],
    [-104, 15, 'Access denied: wall is disabled'],
    [-105, 104, 'Not found'],
    [-99_999, 104, 'Not found'],
    [99_999, 18, 'User was deleted or banned'],
  ];
  for (const [ownerId, code, text] of denied) {
    test(`the wall of ${ownerId}: ${text}`, async () => {
      sandbox = await startSandbox({ world: 'quirks' });
      const { error } = await callVk(sandbox, 'wall.get', { owner_id: ownerId });
      expect(error).toMatchObject({ error_code: code, error_msg: text });
    });
  }

  test('an empty wall is a wall', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    expect(await readWall({ owner_id: -6 })).toMatchObject({ count: 0, items: [] });
  });
});

describe('wall.getById', () => {
  test('shows what is there and leaves out the rest without a word', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const [pinned, newest] = (await readWall({ count: 2 })).items;
    sandbox.mutator.deletePost(-1, newest?.id ?? 0);
    const posts = [`-1_${pinned?.id}`, `-1_${newest?.id}_hash`, '-101_1', '-1_999999', '-77_1'];
    const found = await askVk<Wall>(sandbox, 'wall.getById', { posts: posts.join(',') });
    expect(idsOf(found)).toEqual([pinned?.id]);
    expect('profiles' in found).toBe(false);
    const extended = await askVk<Wall>(sandbox, 'wall.getById', {
      posts: posts[0] ?? '',
      extended: 1,
    });
    expect(extended.groups?.map(({ id }) => id)).toEqual([1]);
  });

  test('copy_history_depth cuts the chain of reposts', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const repost = (await readWall({})).items.find((post) => post.copy_history && post.text === '');
    const read = async (depth: number) =>
      (
        await askVk<Wall>(sandbox, 'wall.getById', {
          posts: `-1_${repost?.id}`,
          copy_history_depth: depth,
        })
      ).items[0];
    expect((await read(1))?.copy_history?.[0]?.text).toBeTruthy();
    expect('copy_history' in ((await read(0)) ?? {})).toBe(false);
  });

  test('no posts, too many posts and no post at all are error 100', async () => {
    sandbox = await startSandbox();
    const many = Array.from({ length: 101 }, (_, index) => `-1_${index}`).join(',');
    for (const posts of ['', many, 'wall-1_2']) {
      expect(await failCode(sandbox, 'wall.getById', { posts })).toBe(100);
    }
  });
});
