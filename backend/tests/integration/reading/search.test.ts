import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { CommentDto, FoundListDto, SnippetPart } from '@stenograf/contracts/reading';
import fc from 'fast-check';
import {
  insertAuthors,
  insertComments,
  insertCommunities,
  insertPosts,
  insertTask,
  makeComment,
  makePost,
  unknownAuthor,
  unknownCommunity,
} from '../export/seed';
import { startApi, type TestApi } from '../http/startApi';
import { createReader, type Reader } from './readApi';

/** Each text by its comment's id. */
const TEXTS: Record<number, string> = {
  1: 'Кошки ушли в тёмный лес',
  2: 'Видел кошку на Красной площади',
  3: 'Площадь была красная, а стала серая',
  4: 'Программирую на JavaScript и программирую ночами',
  5: 'Велосипед и вёл себя хорошо',
  6: '«Ёжик»—герой…🔥огонь',
  7: 'С праздником! #Москва #новый_год2026 #spb@club',
  8: 'Смотри https://vk.com/wall-1_5 и пиши',
  9: 'не быть или быть',
  10: '<script>alert(1)</script> & <b>лось</b>',
  11: 'Собака и кот. Кот-баюн, COVID-19',
  12: '100% скидка_на_всё \\ "кавычки" \'апостроф\'',
  13: 'Running dogs ran quickly',
};

let api: TestApi;
let reader: Reader;

beforeAll(async () => {
  api = await startApi();
  reader = createReader(api);
  await insertPosts(api, [
    makePost({ owner_id: -1, id: 100, text: 'Слон в посудной лавке', geo: { place: 1 } }),
    makePost({
      owner_id: -2,
      id: 100,
      date: '2026-03-01T00:00:00.000Z',
      is_pinned: true,
      marked_as_ads: true,
      edited_at: '2026-03-02T00:00:00.000Z',
      copy_history: [{ text: 'Чужие слова про слонов' }],
      attachments: [{ type: 'poll' }, { type: 'photo' }],
    }),
    makePost({ owner_id: -2, id: 101, text: 'Пусто', deleted_at: '2026-04-01T00:00:00.000Z' }),
  ]);
  await insertComments(
    api,
    Object.entries(TEXTS).map(([id, text]) =>
      makeComment({
        owner_id: Number(id) > 10 ? -2 : -1,
        post_id: 100,
        id: Number(id),
        text,
        from_id: Number(id) === 3 ? -1 : Number(id),
        date: `2026-01-${id.padStart(2, '0')}T00:00:00.000Z`,
        thread_root_id: Number(id) === 2 ? 1 : null,
        is_deleted: Number(id) === 5,
        likes: Number(id),
        attachments: Number(id) === 4 ? [{ type: 'sticker' }] : [],
      }),
    ),
  );
  await insertTask(api, [-2], [{ owner_id: -2, id: 100 }]);
});
afterAll(() => api.stop());

const idsOf = ({ items }: FoundListDto<CommentDto>): number[] =>
  items.map(({ id }) => id).sort((a, b) => a - b);

const show = (snippet: SnippetPart[] | null): string | null =>
  snippet?.map(({ text, hit }) => (hit ? `[${text}]` : text)).join('') ?? null;

describe('a search finds', () => {
  test.each<[string, string, number[]]>([
    ['words in any form', 'кошка', [1, 2]],
    ['all of several words, in any order', 'площадь красной', [2, 3]],
    ['a phrase', '"красная площадь"', [2]],
    ['ё as е', 'темный', [1]],
    ['е as ё', 'ёжик', [6]],
    ['capitals', 'ПЛОЩАДЬ', [2, 3]],
    ['Latin words in any form', 'dog running', [13]],
    ['words beside quotation marks, dashes and emoji', 'герой огонь', [6]],
    ['without what is excluded', 'площадь -кошка', [3]],
    ['without an excluded phrase', 'площадь −"красная площадь"', [3]],
    ['either of two', 'ёжик OR собаки лес OR огонь', [6]],
    ['the beginning of a word', 'площ*', [2, 3]],
    ['a beginning that cuts into an ending', 'программиру*', [4]],
    ['a beginning, not what only has its stem', 'вело*', [5]],
    ['a hashtag as itself', '#москва', [7]],
    ['a hashtag of several parts', '#Новый_Год2026', [7]],
    ['the beginning of a hashtag', '#нов*', [7]],
    ['a hashtag of a community', '#spb', [7]],
    ['the words of a hashtag', 'москва', [7]],
    ['an address, and its site', 'vk.com', [8]],
    ['a word with a hyphen, and its parts', 'кот-баюн', [11]],
    ['a word with a number', 'covid-19', [11]],
    ['a sign that is no word', '🔥', [6]],
    ['a piece of a word on demand', '*рограмми*', [4]],
    ['signs of the pattern language as they are', '*00%*', [12]],
    ['and only so', '*0_%*', []],
  ])('%s: %s', async (_what, q, ids) => {
    expect(idsOf(await reader.comments({ q }))).toEqual(ids);
  });

  test.each<[string, number[]]>([
    ['author:4', [4]],
    ['author:4 author:6', [4, 6]],
    ['author:-1', [3]],
    ['community:2', [11, 12, 13]],
    ['since:2026-01-12', [12, 13]],
    ['until:2026-01-02', [1, 2]],
    ['since:2026-01-02 until:2026-01-03', [2, 3]],
    ['has:sticker', [4]],
    ['has:links', [8]],
    ['has:attachments', [4]],
    ['is:reply', [2]],
    ['is:deleted', [5]],
    ['is:owner', [3]],
    ['кошка -is:reply', [1]],
    ['community:2 -author:11 -author:12', [13]],
    ['площадь is:reply', [2]],
  ])('%s', async (q, ids) => {
    expect(idsOf(await reader.comments({ q }))).toEqual(ids);
  });

  test('posts by what they repeat, and by their flags', async () => {
    const idsOfPosts = async (q: string) =>
      (await reader.posts({ q })).items.map((post) => `${post.owner_id}_${post.id}`);
    expect(await idsOfPosts('слон')).toEqual(['-2_100', '-1_100']);
    for (const q of ['is:pinned', 'is:ad', 'is:repost', 'is:edited', 'has:poll has:photo']) {
      expect(await idsOfPosts(q)).toEqual(['-2_100']);
    }
    expect(await idsOfPosts('is:deleted')).toEqual(['-2_101']);
    expect(await idsOfPosts('has:geo')).toEqual(['-1_100']);
    expect(await idsOfPosts('-is:repost -is:deleted')).toEqual(['-1_100']);
  });
});

test('parameters and filters within the query narrow each other', async () => {
  expect(idsOf(await reader.comments({ q: 'community:2', community: [1, 2], author: 11 }))).toEqual(
    [11],
  );
  expect(idsOf(await reader.comments({ q: 'community:2', community: 1 }))).toEqual([]);
  expect(idsOf(await reader.comments({ q: 'кошка', since: '2026-01-02' }))).toEqual([2]);
  expect(idsOf(await reader.comments({ q: 'is:owner', min_likes: 4 }))).toEqual([]);
  expect(idsOf(await reader.comments({ task: 1 }))).toEqual([11, 12, 13]);
  expect(idsOf(await reader.comments({ task: 1, community: 1 }))).toEqual([]);
});

describe('those who wrote and those they wrote to are found by name', () => {
  beforeAll(async () => {
    const person = (id: number, first_name: string, last_name: string, screen_name?: string) => ({
      ...unknownAuthor(id),
      first_name,
      last_name,
      screen_name: screen_name ?? null,
    });
    await insertAuthors(api, [
      person(1, 'Анна', 'Ветрова', 'anna_vetrova'),
      person(2, 'Пётр', 'Ветров'),
      person(4, 'Anna', 'Kuznetsova', 'anna'),
      person(6, 'Анна', 'Лосева'),
      ...Array.from({ length: 501 }, (_, index) => person(1_000 + index, 'Тёзка', `Номер${index}`)),
    ]);
    await insertCommunities(api, [
      { ...unknownCommunity(1), name: 'Ночной театр', screen_name: 'noch.teatra' },
      { ...unknownCommunity(2), name: 'Велосевер', screen_name: 'velosever' },
    ]);
  });

  test.each<[string, number[]]>([
    ['author:ANNA_vetrova', [1]],
    ['author:Анна', [1, 6]],
    ['author:"петр ветров"', [2]],
    ['author:anna', [4]],
    ['author:анна author:5', [1, 5, 6]],
    ['author:noch.teatra', [3]],
    ['кошка -author:анна', [2]],
    ['community:noch.teatra кошка', [1, 2]],
    ['community:"ночной театр" кошка', [1, 2]],
    ['community:Велосевер собака', [11]],
    ['-community:noch.teatra собака', [11]],
  ])('%s', async (q, ids) => {
    const page = await reader.comments({ q });
    expect(idsOf(page)).toEqual(ids);
    expect(page.notes).toEqual([]);
  });

  test('of an unknown one there is nothing, and this is said', async () => {
    for (const q of ['author:durov', 'кошка community:apiclub', 'community:anna_vetrova']) {
      const { items, notes } = await reader.comments({ q });
      expect([q, items.length, notes[0]?.code]).toEqual([q, 0, 'name_unknown']);
    }
  });

  test('a name that too many bear is left out, and this is said', async () => {
    const page = await reader.comments({ q: 'кошка author:тезка' });
    expect(idsOf(page)).toEqual([1, 2]);
    expect(page.notes.map(({ code, part }) => [code, part])).toEqual([
      ['name_too_common', 'author:тезка'],
    ]);
    expect(idsOf(await reader.comments({ q: 'author:"тёзка номер7"' }))).toEqual([]);
  });
});

describe('what was found', () => {
  test.each<[string, string]>([
    ['кошка лес', '[Кошки] ушли в тёмный [лес]'],
    ['ежик герой', '«[Ёжик]»—[герой]…🔥огонь'],
    ['🔥', '«Ёжик»—герой…[🔥]огонь'],
    ['площ* видел', '[Видел] кошку на Красной [площади]'],
    ['#новый_год2026', 'С праздником! #Москва #[новый]_[год2026] #spb@club'],
    ['лось', '<script>alert(1)</script> & <b>[лось]</b>'],
  ])('%s is marked in its text, which stays as it is', async (q, snippet) => {
    const { items } = await reader.comments({ q });
    expect(show(items[0]?.snippet ?? null)).toBe(snippet);
  });

  test('has no snippet where no word was searched for', async () => {
    expect((await reader.comments({ q: 'has:sticker' })).items[0]?.snippet).toBeNull();
    expect((await reader.comments({ author: 4 })).items[0]?.snippet).toBeNull();
  });
});

describe('a query tells what was done with it', () => {
  const notesOf = async (q: string) =>
    (await reader.comments({ q })).notes.map(({ code, part }) => [code, part]);

  test('words that are in every text are left out, and named', async () => {
    const { items, notes } = await reader.comments({ q: 'кошка и на' });
    expect(idsOf({ items, notes, next: null })).toEqual([1, 2]);
    expect(notes.map(({ code, part }) => [code, part])).toEqual([
      ['common_words', 'и'],
      ['common_words', 'на'],
    ]);
  });

  test('words that are all so are looked for as they stand', async () => {
    const page = await reader.comments({ q: '"быть или"' });
    expect(idsOf(page)).toEqual([9]);
    expect(show(page.items[0]?.snippet ?? null)).toBe('не [быть или] быть');
    expect(page.notes.map(({ code }) => code)).toEqual(['common_words', 'searched_parts']);
  });

  test('words that stand nowhere are looked for as pieces of text, page after page', async () => {
    const page = await reader.comments({ q: 'рограмми' });
    expect(idsOf(page)).toEqual([4]);
    expect(page.notes.map(({ code }) => code)).toEqual(['searched_parts']);
    expect(await notesOf('лощад -серая')).toEqual([['searched_parts', null]]);
    const all = await reader.readAll<CommentDto>('/comments', { q: 'лощад', limit: 1 });
    expect(all.map(({ id }) => id)).toEqual([3, 2]);
  });

  test.each<[string, [string, string | null][]]>([
    ['', [['nothing_to_search', null]]],
    [
      '()',
      [
        ['operator_ignored', '()'],
        ['nothing_to_search', null],
      ],
    ],
    ['-кошка', [['only_exclusions', null]]],
    ['кошка since:вчера', [['filter_unreadable', 'since:вчера']]],
    ['is:pinned', [['flag_of_other_list', 'is:pinned']]],
    ['кошка OR', [['operator_ignored', 'OR']]],
  ])('%s', async (q, notes) => {
    expect(await notesOf(q)).toEqual(notes);
  });

  test('in the language of the reader', async () => {
    const { notes } = await reader.read<FoundListDto<CommentDto>>('/comments', { q: 'и' }, 'ru');
    expect(notes.map(({ text }) => text).join(' ')).toMatch(/^[а-яё,;. ]+$/i);
  });
});

test('no text is a wrong query', async () => {
  const signs = `' " \\ & | ! ( ) : * < > - − # % _ « » 😀 ё и кот OR has: author: \0 \u0301 \uD800`;
  const pieces = fc.oneof(fc.constantFrom(...signs.split(' ')), fc.string({ unit: 'binary' }));
  const queries = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('').slice(0, 900));
  await fc.assert(
    fc.asyncProperty(queries, fc.constantFrom('/comments', '/posts'), async (q, path) => {
      await reader.read(path, { q, limit: 1 });
    }),
    { numRuns: 150 },
  );
});
