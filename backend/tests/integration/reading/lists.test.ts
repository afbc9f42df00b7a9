import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ListDto } from '@stenograf/contracts/api';
import type {
  AuthorDetailsDto,
  AuthorDto,
  CommentDto,
  CommentTreeDto,
  CommunityDetailsDto,
  CommunityDto,
  FoundListDto,
  PostDto,
} from '@stenograf/contracts/reading';
import { connectClient } from '../../../config/database';
import { createCommunityReadRepository } from '../../../src/repositories/communityReadRepository';
import { createReadSelect } from '../../../src/repositories/readSelect';
import { createRecordFinder } from '../../../src/repositories/recordFinder';
import {
  createRecordReadRepository,
  type ReadComment,
} from '../../../src/repositories/recordReadRepository';
import { createCursorService } from '../../../src/services/cursorService';
import {
  createRecordListService,
  type FoundPage,
  type ListPlace,
} from '../../../src/services/reading/recordListService';
import { inventRecords } from '../../support/inventRecords';
import { insertAuthors, unknownAuthor } from '../export/seed';
import { startApi, type TestApi } from '../http/startApi';
import { createReader, type Reader } from './readApi';

const SIZES = { walls: 4, posts: 120, comments: 1_500, authors: 40 };

let api: TestApi;
let reader: Reader;

beforeAll(async () => {
  api = await startApi();
  reader = createReader(api);
  const client = await connectClient(api.databaseUrl);
  await inventRecords(client, SIZES);
  await client.end();
});
afterAll(() => api.stop());

const keyOf = (record: { owner_id: number; id: number }): string =>
  `${record.owner_id}_${record.id}`;

describe('lists of posts and comments', () => {
  test('hold every row once, in their order, over all pages', async () => {
    for (const sort of ['-date', 'date', '-likes'] as const) {
      const comments = await reader.readAll<CommentDto>('/comments', { sort, limit: 400 });
      const expected = await api.query<{ owner_id: number; id: number }>(
        `SELECT owner_id, id FROM comments ${sort === '-likes' ? 'WHERE likes > 0' : ''}
         ORDER BY ${['x', 'owner_id', 'id']
           .map((column) => column.replace('x', sort.replace('-', '')))
           .map((column) => (sort.startsWith('-') ? `${column} DESC` : column))
           .join(', ')}`,
      );
      expect(comments.map(keyOf)).toEqual(expected.map(keyOf));
    }
  });

  test('walked while others write: what was there is met once, in its order, and nothing twice', async () => {
    const before = await api.query<{ owner_id: number; id: number }>(
      'SELECT owner_id, id FROM comments',
    );
    const walk = { isOn: true };
    const writing = (async () => {
      for (let id = 9_000_001; walk.isOn; id++) {
        await api.query(
          `INSERT INTO comments (owner_id, id, post_id, date, text, likes, is_deleted, attachments,
             content_hash, fetched_at)
           SELECT -1, $1::bigint + n * 100000, 4, timestamptz '2024-01-01' + random() * interval '2 years', 'новое',
             0, false, '[]', 1, now() FROM generate_series(1, 5) n`,
          [id],
        );
      }
    })();
    const met = await reader.readAll<CommentDto>('/comments', { limit: 40 });
    walk.isOn = false;
    await writing;
    await api.query('DELETE FROM comments WHERE id > 9000000');
    const keys = met.map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(expect.arrayContaining(before.map(keyOf)));
    const dates = met.map(({ date }) => date);
    expect(dates).toEqual(dates.toSorted().toReversed());
  });

  test('hold 50 items unless told', async () => {
    expect((await reader.posts({})).items).toHaveLength(50);
    expect((await reader.posts({ limit: 500 })).items).toHaveLength(SIZES.posts);
  });

  test('tell who wrote, a person or a community', async () => {
    const { items } = await reader.posts({ limit: 500 });
    const [byPerson, byCommunity] = [1, -1].map((sign) =>
      items.find(({ from_id: id }) => Math.sign(id ?? 0) === sign),
    );
    expect(byPerson?.author?.name).toMatch(/^Анна Фамилия\d+$/);
    expect(byCommunity?.author?.name).toMatch(/^Сообщество \d$/);
  });
});

test('an age is counted from the first page of a list on, however late the others are asked for', async () => {
  const select = createReadSelect(api.sequelize);
  let now = new Date('2025-06-01T12:00:00Z');
  const { listComments } = createRecordListService({
    recordFilterService: api.recordFilterService,
    recordFinder: createRecordFinder({ select, nowMs: () => performance.now() }),
    recordReadRepository: createRecordReadRepository({ select }),
    communityReadRepository: createCommunityReadRepository({ select }),
    now: () => now,
  });
  const found: number[] = [];
  let place: ListPlace | null = null;
  do {
    const query = { since: '30d', until: '2025-06-30' };
    const page: FoundPage<ReadComment> = await listComments({
      query,
      sort: 'date',
      limit: 5,
      place,
    });
    found.push(...page.items.map(({ record }) => record.id));
    place = page.next;
    now = new Date(now.getTime() + 86_400_000);
  } while (place !== null);
  const stored = await api.query<{ id: number }>(
    `SELECT id FROM comments WHERE date BETWEEN '2025-05-02T12:00:00Z' AND '2025-06-30T23:59:59Z'`,
  );
  expect(found.length).toBe(stored.length);
  expect(new Set(found)).toEqual(new Set(stored.map(({ id }) => id)));
});

describe('a cursor', () => {
  const CURSOR = 'Must be the `next` of a page of this list, with the same filters and order.';
  const nextOf = async (path: string, parameters = {}): Promise<string> =>
    (await reader.read<ListDto<unknown>>(path, { limit: 2, ...parameters })).next ?? '';

  test('is refused by any other list, filter or order, and where a character was changed', async () => {
    const cursor = await nextOf('/posts', { community: [1, 2], q: 'погода' });
    const own = { community: [1, 2], q: 'погода', cursor };
    expect((await reader.posts({ ...own, limit: 3 })).items.length).toBeGreaterThan(0);
    for (const [path, parameters] of [
      ['/comments', own],
      ['/posts', { cursor }],
      ['/posts', { ...own, community: [1] }],
      ['/posts', { ...own, q: 'погоды' }],
      ['/posts', { ...own, sort: 'date' }],
      ['/posts', { ...own, min_likes: 0 }],
      ['/posts', { ...own, cursor: `${cursor}A` }],
      ['/posts', { ...own, cursor: `${cursor.startsWith('A') ? 'B' : 'A'}${cursor.slice(1)}` }],
      ['/posts', { ...own, cursor: cursor.slice(0, -1) }],
      ['/posts', { ...own, cursor: 'x' }],
    ] as const) {
      const { status, errors } = await reader.refuse(path, parameters);
      expect({ status, errors }).toEqual({
        status: 400,
        errors: [{ in: 'query', pointer: '/cursor', detail: CURSOR }],
      });
    }
    const underOne = await nextOf('/posts/-3/2/comments');
    await reader.read('/posts/-3/2/comments', { cursor: underOne });
    expect((await reader.refuse('/posts/-4/3/comments', { cursor: underOne })).status).toBe(400);
  });

  test('is known to every process of the installation, and after a restart', async () => {
    const [one, other] = await Promise.all(
      [1, 2].map(() => createCursorService(api).forList('a list')),
    );
    const place = { after: [1, -2, 3] };
    expect(other?.open(one?.seal(place) ?? '')).toEqual(place);
  });
});

describe('the comments of a post', () => {
  const POST = '/posts/-3/2/comments';
  const idsOf = (comments: { id: number }[]): number[] => comments.map(({ id }) => id);
  const stored = async (condition: string): Promise<number[]> =>
    idsOf(
      await api.query<{ id: number }>(
        `SELECT id FROM comments WHERE owner_id = -3 AND post_id = 2 AND ${condition} ORDER BY id`,
      ),
    );

  beforeAll(async () => {
    const [root] = await stored('thread_root_id IS NULL');
    await api.query(
      `INSERT INTO comments (owner_id, id, post_id, date, text, likes, is_deleted, attachments,
         content_hash, fetched_at, thread_root_id)
       SELECT -3, 8000000 + n, 2, now(), 'ответ', 0, false, '[]', 1, now(), $1::bigint
       FROM generate_series(1, 30) n`,
      [root],
    );
  });

  test('flat are all of them in the order of writing', async () => {
    const all = await reader.readAll<CommentDto>(POST, { view: 'flat', limit: 5 });
    expect(idsOf(all)).toEqual(await stored('true'));
  });

  test('as a tree are its root comments, each with the first 20 replies and their number', async () => {
    const roots = await reader.readAll<CommentTreeDto>(POST, { limit: 3 });
    expect(idsOf(roots)).toEqual(await stored('thread_root_id IS NULL'));
    for (const root of roots) {
      const replies = await stored(`thread_root_id = ${root.id}`);
      expect(root.replies_total).toBe(replies.length);
      expect(idsOf(root.replies)).toEqual(replies.slice(0, 20));
    }
    expect(Math.max(...roots.map((root) => root.replies_total))).toBeGreaterThan(29);
  });

  test('of one thread are listed alone', async () => {
    const [root] = await stored('thread_root_id IS NULL');
    const parameters = { view: 'flat', thread: root ?? 0, limit: 7 };
    const replies = await reader.readAll<CommentDto>(POST, parameters);
    expect(idsOf(replies)).toEqual(await stored(`thread_root_id = ${root}`));
    const refused = await reader.refuse(POST, { thread: root ?? 0 });
    expect(refused.errors?.[0]?.pointer).toBe('/thread');
  });

  test('a post that has none is an empty list, one that is not stored is not found', async () => {
    await api.query('UPDATE comments SET post_id = 77777 WHERE post_id = 3');
    expect((await reader.read<ListDto<CommentDto>>('/posts/-4/3/comments')).items).toEqual([]);
    for (const path of ['/posts/-4/99999/comments', '/posts/-4/99999', '/posts/4/3']) {
      expect(await reader.refuse(path)).toMatchObject({ status: 404, code: 'not_found' });
    }
    expect(await reader.read<PostDto>('/posts/-4/3')).toMatchObject({ owner_id: -4, id: 3 });
  });
});

describe('writers', () => {
  test('are people by id, by the beginnings of their names, and of one task', async () => {
    await insertAuthors(api, [
      { ...unknownAuthor(900), first_name: 'Семён', last_name: 'Ветров', screen_name: 'sveter' },
    ]);
    await api.query(
      `WITH task AS (INSERT INTO tasks DEFAULT VALUES RETURNING id)
       INSERT INTO task_authors SELECT task.id, author FROM task, unnest('{900,7,-1}'::int[]) author`,
    );
    const idsOf = async (parameters: Record<string, string | number>) =>
      (await reader.readAll<AuthorDto>('/authors', { limit: 3, ...parameters })).map(
        ({ id }) => id,
      );
    expect(await idsOf({})).toEqual([...Array.from({ length: 40 }, (_, index) => index + 1), 900]);
    for (const q of ['семен', 'Вет', 'ветр сем', 'svet']) expect(await idsOf({ q })).toEqual([900]);
    expect(await idsOf({ task: 1 })).toEqual([7, 900]);
    expect(await idsOf({ task: 1, q: 'анна' })).toEqual([7]);
    expect((await reader.refuse('/authors', { q: '!' })).errors?.[0]?.pointer).toBe('/q');
    expect((await reader.refuse('/authors', { task: 99 })).status).toBe(404);
  });

  test('are told with what they wrote, also communities, and those of whom VK told nothing', async () => {
    const counts = async (id: number) =>
      (
        await api.query<{ posts: number; comments: number }>(
          `SELECT (SELECT count(*) FROM posts WHERE from_id = $1::bigint) AS posts,
             (SELECT count(*) FROM comments WHERE from_id = $1::bigint) AS comments`,
          [id],
        )
      )[0];
    await api.query('UPDATE comments SET from_id = 777 WHERE id = 1000007');
    for (const id of [1, -2, 777]) {
      const author = await reader.read<AuthorDetailsDto>(`/authors/${id}`);
      expect(author).toMatchObject({ id, ...(await counts(id)) });
      expect(author.comments).toBeGreaterThan(0);
    }
    expect(await reader.read<AuthorDetailsDto>('/authors/-2')).toMatchObject({
      name: 'Сообщество 2',
      url: 'https://vk.com/club2',
    });
    expect((await reader.refuse('/authors/123456')).status).toBe(404);
  });
});

test('communities are listed by id, and told with what is stored of their walls', async () => {
  await api.query(`INSERT INTO communities (id, name, screen_name, content_hash, fetched_at)
    VALUES (50, 'Ёлочный базар', 'elki', 1, now())`);
  const idsOf = async (parameters: Record<string, string | number>) =>
    (await reader.readAll<CommunityDto>('/communities', { limit: 2, ...parameters })).map(
      ({ id }) => id,
    );
  expect(await idsOf({})).toEqual([1, 2, 3, 4, 50]);
  expect(await idsOf({ collected: 'true' })).toEqual([1, 2, 3, 4]);
  expect(await idsOf({ collected: 'false' })).toEqual([50]);
  expect(await idsOf({ q: 'елоч' })).toEqual([50]);
  const community = await reader.read<CommunityDetailsDto>('/communities/2');
  expect(community).toMatchObject({
    id: 2,
    posts: 30,
    collected: true,
    url: 'https://vk.com/club2',
  });
  expect((await reader.refuse('/communities/51')).status).toBe(404);
});

describe('what a list does not know is refused, and named', () => {
  test.each<[string, string, Record<string, string>]>([
    ['/posts', 'sort', { sort: 'likes' }],
    ['/comments', 'sort', { sort: '-views' }],
    ['/posts', 'is', { is: 'reply' }],
    ['/comments', 'is', { is: 'pinned' }],
    ['/posts', 'has', { has: 'кот' }],
    ['/posts', 'community', { community: 'apiclub' }],
    ['/posts', 'author', { author: '0' }],
    ['/posts', 'min_likes', { min_likes: '-1' }],
    ['/posts', 'since', { since: 'yesterday' }],
    ['/posts', 'q', { q: 'я'.repeat(1_001) }],
    ['/posts', 'page', { page: '2' }],
    ['/comments', 'limit', { limit: '501' }],
    ['/posts/0/1', 'owner_id', {}],
    ['/posts/-1/-1', 'id', {}],
    ['/authors/x', 'id', {}],
    ['/authors', 'community', { community: 'x' }],
    ['/authors', 'since', { since: '2025-01-02', until: '2025-01-01' }],
    ['/communities', 'collected', { collected: 'yes' }],
  ])('%s: %s', async (path, name, parameters) => {
    const { status, code, errors } = await reader.refuse(path, parameters);
    expect({ status, code, pointers: errors?.map((error) => error.pointer) }).toEqual({
      status: 400,
      code: 'validation_failed',
      pointers: [`/${name}`],
    });
  });

  test('a task that does not exist is not found', async () => {
    for (const path of ['/posts', '/comments', '/communities']) {
      expect((await reader.refuse(path, { task: 999 })).status).toBe(404);
    }
    const page = await reader.read<FoundListDto<PostDto>>('/posts', { task: 1 });
    expect(page.items).toEqual([]);
  });
});
