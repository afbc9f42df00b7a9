import { afterEach, describe, expect, test } from 'bun:test';
import type {
  GroupsGroupFull,
  UsersUserFull,
  WallWallpostFull,
} from '@vkontakte/api-schema-typescript';
import type { Sandbox } from '../src/createSandbox';
import { askVk, failCode, startSandbox, type Params } from './support/client';

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

interface Found {
  count: number;
  items: WallWallpostFull[];
  groups?: GroupsGroupFull[];
  profiles?: UsersUserFull[];
}
const search = (params: Params): Promise<Found> =>
  askVk<Found>(sandbox, 'wall.search', { owner_id: -1, count: 100, ...params });

describe('wall.search', () => {
  test('finds posts by the beginnings of their words, whatever the letters', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const { items } = await search({ query: 'ежик СЪЕЛ' });
    expect(items.map(({ text }) => text)).toEqual(['Ёжик ещё съел ёлку, а ежик — нет']);
    expect((await search({ query: 'такого-нет' })).items).toEqual([]);
  });

  test('finds everything for no words, newest first, the pinned post in its place', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const all = await search({ query: '' });
    const dates = all.items.map(({ date }) => date ?? 0);
    expect(dates).toEqual(dates.toSorted((one, other) => other - one));
    expect(all.items).toHaveLength(100);
    expect(all.items.slice(20, 25).map(({ id }) => id)).toEqual(
      (await search({ query: '', offset: 20, count: 5 })).items.map(({ id }) => id),
    );
    expect((await search({ query: '', count: '' })).items).toHaveLength(20);
  });

  test('finds what the community itself wrote, and names people with extended', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const own = await search({ query: '', owners_only: 1 });
    expect(own.items.every((post) => post.from_id === -1)).toBe(true);
    expect(own.count).toBeLessThan((await search({ query: '' })).count);
    const extended = await search({ query: 'город', extended: 1, fields: 'members_count' });
    expect(extended.groups?.[0]).toMatchObject({ members_count: expect.any(Number) });
    expect(extended.profiles?.length).toBeGreaterThan(0);
  });

  test('takes a short name, a number or club<id> for the domain, and no community key', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    for (const domain of ['vetrogorod', '-1', 'club1']) {
      const params = { owner_id: '', domain, query: 'закреплено' };
      expect((await search(params)).items[0]?.text).toBe('Закреплено с самого начала');
    }
    const refused = { owner_id: -1, query: 'я', access_token: 'community-fast' };
    expect(await failCode(sandbox, 'wall.search', refused)).toBe(27);
    expect(await failCode(sandbox, 'wall.search', { owner_id: -102, query: 'я' })).toBe(15);
    expect(await failCode(sandbox, 'wall.search', { domain: 'net_takogo', query: 'я' })).toBe(100);
  });
});

describe('names', () => {
  test('of people and communities are transliterated where the language is not Cyrillic', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const read = async (lang: string): Promise<string[]> => {
      const { groups, profiles } = await search({ query: '', extended: 1, lang });
      return [
        ...(groups ?? []).map(({ name }) => name ?? ''),
        ...(profiles ?? []).map((user) => user.first_name ?? ''),
      ];
    };
    expect((await read('ru'))[0]).toBe('Ветрогород');
    expect((await read('en'))[0]).toBe('Vetrogorod');
    expect((await read('3')).some((name) => /[а-яё]/i.test(name))).toBe(false);
  });

  test('of people are declined as name_case says, and by fields', async () => {
    sandbox = await startSandbox();
    const user_ids = '1000001';
    const read = async (params: Params): Promise<Record<string, unknown>> =>
      (await askVk<Record<string, unknown>[]>(sandbox, 'users.get', { user_ids, ...params }))[0] ??
      {};
    const plain = await read({ fields: 'first_name_gen,last_name_gen' });
    const genitive = await read({ name_case: 'gen' });
    expect([genitive['first_name'], genitive['last_name']]).toEqual([
      plain['first_name_gen'],
      plain['last_name_gen'],
    ]);
    expect(genitive['first_name']).not.toBe(plain['first_name']);
    expect(await failCode(sandbox, 'users.get', { user_ids, name_case: 'voc' })).toBe(100);
  });
});
