import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { AuthorRecord } from '@stenograf/contracts/exportRecords';
import type { AuthorDto } from '@stenograf/contracts/reading';
import { connectClient } from '../../../config/database';
import { createAuthorReadRepository } from '../../../src/repositories/authorReadRepository';
import { createCommunityReadRepository } from '../../../src/repositories/communityReadRepository';
import { createReadSelect } from '../../../src/repositories/readSelect';
import { createRecordReadRepository } from '../../../src/repositories/recordReadRepository';
import type { Page } from '../../../src/repositories/snapshots';
import {
  createReadService,
  type AuthorPage,
  type AuthorPlace,
} from '../../../src/services/reading/readService';
import { inventRecords } from '../../support/inventRecords';
import { startApi, type TestApi } from '../http/startApi';
import { createReader, type Parameters, type Reader } from './readApi';

let api: TestApi;
let reader: Reader;

beforeAll(async () => {
  api = await startApi();
  reader = createReader(api);
  const client = await connectClient(api.databaseUrl);
  await inventRecords(client, { walls: 4, posts: 120, comments: 1_500, authors: 40 });
  await client.query(
    `WITH task AS (INSERT INTO tasks DEFAULT VALUES RETURNING id)
     INSERT INTO task_authors SELECT task.id, author FROM task, unnest('{9,7,-1}'::int[]) author`,
  );
  // Each is found by a single post, or a single comment.
  await client.query(
    `UPDATE comments SET from_id = NULL WHERE from_id IN (30, 31);
     UPDATE posts SET from_id = NULL WHERE from_id IN (30, 31);
     UPDATE posts SET from_id = 30 WHERE id = 3;
     UPDATE comments SET from_id = 31 WHERE id = 1000007`,
  );
  await client.end();
});
afterAll(() => api.stop());

test('people are those who wrote a post or comment there and then, over all pages', async () => {
  const cases: { query: Parameters; condition: string }[] = [
    { query: { community: 2 }, condition: 'r.owner_id = -2' },
    { query: { community: ['club1', 3] }, condition: 'r.owner_id IN (-1, -3)' },
    { query: { community: 99 }, condition: 'false' },
    { query: { since: '2025-12-25' }, condition: `r.date >= '2025-12-25Z'` },
    { query: { until: '2024-01-03' }, condition: `r.date < '2024-01-04Z'` },
    {
      query: { community: 1, since: '2024-03-01', until: '2024-04-30' },
      condition: `r.owner_id = -1 AND r.date >= '2024-03-01Z' AND r.date < '2024-05-01Z'`,
    },
    {
      query: { community: [1, 2], q: 'фамилия1', until: '2024-06-30' },
      condition: `r.owner_id IN (-1, -2) AND r.date < '2024-07-01Z'
        AND n.last_name LIKE 'Фамилия1%'`,
    },
    {
      query: { community: 2, task: 1 },
      condition: `r.owner_id = -2
        AND EXISTS (SELECT FROM task_authors t WHERE t.task_id = 1 AND t.author_id = n.id)`,
    },
  ];
  for (const { query, condition } of cases) {
    const listed = await reader.readAll<AuthorDto>('/authors', { limit: 3, ...query });
    const stored = await api.query<{ id: number }>(
      `SELECT DISTINCT n.id FROM authors n JOIN (SELECT from_id, owner_id, date FROM posts
         UNION ALL SELECT from_id, owner_id, date FROM comments) r ON r.from_id = n.id
       WHERE ${condition} ORDER BY n.id`,
    );
    expect({ query, ids: listed.map(({ id }) => id) }).toEqual({
      query,
      ids: stored.map(({ id }) => id),
    });
  }
});

test('people are all met when a page ends before it is full, since its time is over', async () => {
  const written = { communityIds: [2], since: null, until: new Date('2024-03-01') };
  const filter = { name: null, taskId: null, written };
  const list = async (first: number) => {
    const authors = createAuthorReadRepository({
      select: createReadSelect(api.sequelize),
      nowMs: () => performance.now(),
      bounds: { first, most: first, timeMs: 0 },
    });
    const ids: number[] = [];
    let pages = 0;
    let after: number | null = null;
    do {
      const page: Page<AuthorRecord> = await authors.list(filter, after, 10);
      ids.push(...page.items.map(({ id }) => id));
      after = page.next;
      pages += 1;
    } while (after !== null);
    return { ids, pages };
  };
  const [whole, narrow] = [await list(1_000), await list(1)];
  expect(narrow.ids).toEqual(whole.ids);
  expect(whole.ids.length).toBeGreaterThan(1);
  expect(narrow.pages).toBeGreaterThan(narrow.ids.length);
});

test('people are found by an age that is counted from the first page of their list on', async () => {
  const select = createReadSelect(api.sequelize);
  let now = new Date('2025-12-31T12:00:00Z');
  const { listAuthors } = createReadService({
    recordFilterService: api.recordFilterService,
    recordReadRepository: createRecordReadRepository({ select }),
    authorReadRepository: createAuthorReadRepository({ select, nowMs: () => performance.now() }),
    communityReadRepository: createCommunityReadRepository({ select }),
    now: () => now,
  });
  const found: number[] = [];
  let place: AuthorPlace | null = null;
  do {
    const request = { name: null, taskId: null, written: { since: '10d' }, limit: 2, place };
    const page: AuthorPage = await listAuthors(request);
    found.push(...page.items.map(({ id }) => id));
    place = page.next;
    now = new Date(now.getTime() + 5 * 86_400_000);
  } while (place !== null);
  const since = '2025-12-21T12:00:00Z';
  const all = await reader.readAll<AuthorDto>('/authors', { since });
  expect(found).toEqual(all.map(({ id }) => id));
  expect(found.length).toBeGreaterThan(4);
});
