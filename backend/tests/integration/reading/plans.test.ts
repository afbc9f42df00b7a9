import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { COMMENT_SORTS, POST_SORTS } from '@stenograf/contracts/reading';
import type { Sequelize } from 'sequelize';
import { connectClient, createReadDatabase } from '../../../config/database';
import { createAuthorReadRepository } from '../../../src/repositories/authorReadRepository';
import { createCommunityReadRepository } from '../../../src/repositories/communityReadRepository';
import { EVERY_RECORD, type RecordFilter } from '../../../src/repositories/recordFilters';
import { createRecordFinder } from '../../../src/repositories/recordFinder';
import { orderOf, type RecordSort } from '../../../src/repositories/recordOrders';
import { createRecordReadRepository } from '../../../src/repositories/recordReadRepository';
import { createReadSelect } from '../../../src/repositories/readSelect';
import type { Select } from '../../../src/repositories/select';
import { createStatsRepository } from '../../../src/repositories/statsRepository';
import { INVENTED_WORDS, inventRecords } from '../../support/inventRecords';
import { createMigratedDatabase } from '../../support/migratedDatabase';
import type { TestDatabase } from '../../support/testDatabase';
import { readPlan, type PlanNode } from './plans';

/** What one statement may look at, twice over: in a walk the edge is looked for beside the rows. */
const ROWS_MAX = 2 * 20_001;
const LIMIT = 50;

let database: TestDatabase;
let sequelize: Sequelize;
let plain: Select;
const plans: { sql: string; nodes: PlanNode[] }[] = [];

/** Runs a statement as it is, and keeps how PostgreSQL did it. */
const select: Select = async <Row extends object>(sql: string, bind: unknown[]): Promise<Row[]> => {
  plans.push({ sql, nodes: await readPlan(plain, sql, bind) });
  return plain<Row>(sql, bind);
};

beforeAll(async () => {
  database = await createMigratedDatabase();
  const client = await connectClient(database.databaseUrl);
  await inventRecords(client, { walls: 50, posts: 10_000, comments: 100_000, authors: 5_000 });
  await client.query(`INSERT INTO tasks DEFAULT VALUES`);
  await client.query(
    `INSERT INTO targets (task_id, refs, owner_id) SELECT 1, '{x}', -n FROM generate_series(1, 5) n`,
  );
  await client.query(
    `INSERT INTO task_posts SELECT 1, owner_id, id, 'new' FROM posts WHERE owner_id >= -5`,
  );
  await client.query('VACUUM ANALYZE');
  await client.end();
  sequelize = createReadDatabase(database.databaseUrl);
  plain = createReadSelect(sequelize);
}, 120_000);
afterAll(async () => {
  await sequelize.close();
  await database.drop();
});

const stem = (word: string): string => `'${word.replace(/а$/, '')}'`;
const FEW = [1, 2, 3];
const MANY = Array.from({ length: 25 }, (_, index) => index + 1);

const FILTERS: Record<string, Partial<RecordFilter>> = {
  'one community': { communityIds: [7] },
  'some communities': { communityIds: FEW },
  'many communities': { communityIds: MANY },
  'one author': { authorIds: [3] },
  'many authors': { authorIds: MANY },
  dates: { since: new Date('2024-06-01'), until: new Date('2024-06-30') },
  'a word that is frequent': { words: stem(INVENTED_WORDS.frequent) },
  'a word that is rare': { words: stem(INVENTED_WORDS.rare) },
  'a word that was frequent long ago': { words: stem(INVENTED_WORDS.old) },
  'words that never stand together': {
    words: `(${stem(INVENTED_WORDS.frequent)}) & (${stem(INVENTED_WORDS.rare)} <-> 'нет')`,
  },
  'an excluded word': { not: { ...EVERY_RECORD.not, words: stem(INVENTED_WORDS.frequent) } },
  'a piece of text': { parts: ['амонт'] },
  'a frequent attachment': { has: ['photo'] },
  'a rare attachment': { has: ['poll'] },
  'what no record has': { has: ['podcast'] },
  deleted: { is: ['deleted'] },
  'a flag that is no tag': { is: ['owner'] },
  likes: { likesMin: 100 },
  'a task': { taskId: 1 },
};

const find = async (
  kind: 'posts' | 'comments',
  sort: RecordSort,
  filter: Partial<RecordFilter>,
): Promise<PlanNode[]> => {
  plans.length = 0;
  const finder = createRecordFinder({ select, nowMs: () => performance.now() });
  const question = {
    kind,
    order: orderOf(sort),
    filter: { ...EVERY_RECORD, ...filter },
    after: null,
  };
  const { next } = await finder.find(question, LIMIT);
  if (next !== null) await finder.find({ ...question, after: next }, LIMIT);
  return plans.flatMap(({ nodes }) => nodes);
};

/** Whole tables are never read, and nothing is sorted but what a bounded statement has found. */
const expectBounded = (nodes: PlanNode[], rowsMax = ROWS_MAX): void => {
  for (const node of nodes) {
    expect(node.type).not.toBe('Seq Scan');
    expect(node).toMatchObject({ disabled: false });
    if (node.relation !== null || node.type === 'Sort') expect(node.rows).toBeLessThan(rowsMax);
  }
  expect(nodes.length).toBeGreaterThan(0);
};

const CASES = [
  ...POST_SORTS.map((sort) => ['posts', sort] as const),
  ...COMMENT_SORTS.map((sort) => ['comments', sort] as const),
];

describe.each(CASES)('%s in the order of %s', (kind, sort) => {
  test('read by every filter no more than a bounded number of rows, by an index', async () => {
    expectBounded(await find(kind, sort, {}), LIMIT + 2);
    for (const filter of Object.values(FILTERS)) expectBounded(await find(kind, sort, filter));
  }, 60_000);
});

test('any two filters together are as bounded', async () => {
  const filters = Object.values(FILTERS);
  for (const [index, first] of filters.entries()) {
    // Each with the two after it: all combinations would take a minute.
    for (const second of filters.slice(index + 1, index + 3)) {
      expectBounded(
        await find('comments', index % 2 === 0 ? '-date' : '-likes', { ...first, ...second }),
      );
    }
  }
}, 60_000);

test('walls, authors and dates by date are read from their own place on, whatever else there is', async () => {
  const served = ['one community', 'some communities', 'one author', 'dates'];
  for (const name of served) {
    // Of several walls, one row each is looked at beyond the page, and some to put equals in order.
    const nodes = await find('comments', '-date', FILTERS[name] ?? {});
    expectBounded(nodes, 2 * LIMIT);
    expect(nodes.map(({ index }) => index)).toContain(
      { 'one author': 'comments_by_author', dates: 'comments_by_date' }[name] ?? 'comments_by_wall',
    );
  }
});

test('a frequent word fills a page from a first look, a rare one from the index of words', async () => {
  await find('comments', '-date', FILTERS['a word that is frequent'] ?? {});
  expect(plans.slice(0, 1).flatMap(({ nodes }) => nodes.map(({ index }) => index))).toContain(
    'comments_by_date',
  );
  await find('comments', '-date', FILTERS['a word that is rare'] ?? {});
  expect(plans.flatMap(({ nodes }) => nodes.map(({ index }) => index))).toContain(
    'comments_search',
  );
});

test('what a page shows of its rows, and all else, is read by indexes', async () => {
  plans.length = 0;
  const records = createRecordReadRepository({ select });
  const finder = createRecordFinder({ select, nowMs: () => performance.now() });
  const ask = (kind: 'posts' | 'comments') =>
    finder.find({ kind, order: orderOf('-date'), filter: EVERY_RECORD, after: null }, LIMIT);
  await records.loadPosts((await ask('posts')).keys, `'x'`);
  await records.loadComments((await ask('comments')).keys, `'x'`);
  const post = { ownerId: -4, postId: 3 };
  for (const thread of [null, 'roots', 1_000_003] as const) {
    await records.listUnderPost(post, { thread, after: 1_000_001, limit: LIMIT });
  }
  plans.length = 0;
  await records.loadThreads(-4, [1_000_002, 1_000_003], 20);
  expect(plans.flatMap(({ nodes }) => nodes.map(({ index }) => index))).toContain(
    'comments_by_thread',
  );
  const authors = createAuthorReadRepository({ select, nowMs: () => performance.now() });
  await authors.list({ name: null, taskId: null, written: null }, 5, LIMIT);
  await authors.list({ name: 'анна фамилия12', taskId: 1, written: null }, null, LIMIT);
  await authors.list({ name: null, taskId: 1, written: null }, 5, LIMIT);
  await authors.find(5);
  await authors.count(1);
  const communities = createCommunityReadRepository({ select });
  await communities.list({ name: null, taskId: null, isCollected: true }, 5, LIMIT);
  await communities.list({ name: 'сообщ', taskId: 1, isCollected: null }, 5, LIMIT);
  await communities.find(5);
  await communities.count(5);
  expectBounded(plans.flatMap(({ nodes }) => nodes));
});

test.each(['one community', 'many communities', 'dates', 'nowhere'])(
  'who wrote is asked of each person by the index over authors: %s',
  async (place) => {
    plans.length = 0;
    const authors = createAuthorReadRepository({ select, nowMs: () => performance.now() });
    const nowhere = { communityIds: [999], since: new Date('2025-11-01') };
    const written = { ...EVERY_RECORD, ...(FILTERS[place] ?? nowhere) };
    await authors.list({ name: null, taskId: null, written }, null, LIMIT);
    await authors.list({ name: 'анна фамилия12', taskId: 1, written }, null, LIMIT);
    const nodes = plans.flatMap(({ nodes: of }) => of);
    expectBounded(nodes);
    const used = nodes
      .filter(({ relation }) => relation === 'comments' || relation === 'posts')
      .map(({ index }) => index);
    expect(new Set(used)).toEqual(new Set(['comments_by_author', 'posts_by_author']));
  },
);

test('statistics of everything are read from indexes alone', async () => {
  plans.length = 0;
  const stats = createStatsRepository({ select });
  const records = { posts: EVERY_RECORD, comments: EVERY_RECORD };
  const dated = { ...EVERY_RECORD, since: new Date('2024-06-01'), communityIds: FEW };
  const within = { posts: dated, comments: dated };
  for (const counted of [records, within]) {
    await stats.timeline(counted, { unit: 'day', zone: 'Europe/Moscow', bucketsMax: 1_000 });
    await stats.heatmap(counted, 'Europe/Moscow');
    await stats.topAuthors(counted, { kind: 'comments', limit: 20 });
  }
  const nodes = plans.flatMap(({ nodes: of }) => of);
  const scans = nodes.filter(({ relation }) => relation === 'comments');
  expect(scans.length).toBeGreaterThan(0);
  expect(new Set(scans.map(({ type }) => type))).toEqual(new Set(['Index Only Scan']));
  expect(nodes.map(({ type }) => type)).not.toContain('Seq Scan');
});
