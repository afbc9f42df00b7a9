import { afterAll, beforeAll, expect, test } from 'bun:test';
import fc from 'fast-check';
import { connectClient, createReadDatabase } from '../../../config/database';
import {
  buildConditions,
  createBinder,
  EVERY_RECORD,
  type RecordFilter,
  type RecordKind,
} from '../../../src/repositories/recordFilters';
import { createRecordFinder } from '../../../src/repositories/recordFinder';
import {
  orderBy,
  orderOf,
  selectValue,
  type RecordKey,
  type RecordSort,
} from '../../../src/repositories/recordOrders';
import { createReadSelect } from '../../../src/repositories/readSelect';
import type { Select } from '../../../src/repositories/select';
import { inventRecords } from '../../support/inventRecords';
import { createMigratedDatabase } from '../../support/migratedDatabase';

let select: Select;
let close: () => Promise<void>;

beforeAll(async () => {
  const database = await createMigratedDatabase();
  const client = await connectClient(database.databaseUrl);
  await inventRecords(client, { walls: 5, posts: 300, comments: 3_000, authors: 60 });
  await client.query('INSERT INTO tasks DEFAULT VALUES');
  await client.query(
    `INSERT INTO task_posts SELECT 1, owner_id, id, 'new' FROM posts WHERE id < 99`,
  );
  await client.end();
  const sequelize = createReadDatabase(database.databaseUrl);
  select = createReadSelect(sequelize);
  close = async () => {
    await sequelize.close();
    await database.drop();
  };
});
afterAll(() => close());

const MANY = Array.from({ length: 40 }, (_, index) => index);

/** Each leaves something; of three at once, often nothing is left. */
const FILTERS: Partial<RecordFilter>[] = [
  { taskId: 1 },
  { communityIds: [2] },
  { communityIds: [1, 3, 5] },
  { communityIds: [9] },
  { communityIds: [] },
  { communityIds: MANY },
  { authorIds: [1] },
  { authorIds: [1, 2, -3] },
  { authorIds: MANY },
  { since: new Date('2024-09-01') },
  { until: new Date('2025-06-01') },
  { words: `'погод'` },
  { words: `'мамонт'` },
  { words: `'перфокарт' | 'погод'` },
  { words: `'карор':* | 'погод' <-> 'мамонт'` },
  { parts: ['ого'] },
  { parts: ['кар', 'пог'] },
  { parts: ['100%_\\'] },
  { has: ['photo'] },
  { has: ['attachments', 'poll'] },
  { is: ['deleted'] },
  { is: ['owner'] },
  { is: ['reply'] },
  { is: ['ad'] },
  { likesMin: 1 },
  { not: { ...EVERY_RECORD.not, communityIds: [1], authorIds: [1, -2] } },
  { not: { ...EVERY_RECORD.not, words: `'погод'`, has: ['photo'], is: ['deleted', 'owner'] } },
];
const CHOSEN = fc
  .subarray(FILTERS, { maxLength: 2 })
  .map((chosen): RecordFilter => Object.assign({}, EVERY_RECORD, ...chosen) as RecordFilter);
const LISTS = fc.constantFrom<[RecordKind, RecordSort]>(
  ['posts', '-date'],
  ['posts', 'date'],
  ['posts', '-likes'],
  ['posts', '-views'],
  ['comments', '-date'],
  ['comments', 'date'],
  ['comments', '-likes'],
);

/** All keys of the list in one statement that knows nothing of indexes and pages. */
const readAll = async (
  kind: RecordKind,
  sort: RecordSort,
  filter: RecordFilter,
): Promise<RecordKey[]> => {
  const order = orderOf(sort);
  const { values, bind } = createBinder();
  const conditions = buildConditions(kind, 'r', filter, bind);
  if (order.column !== 'date') conditions.push(`r.${order.column} > 0`);
  const rows = await select<{ value: number; owner_id: number; id: number }>(
    `SELECT ${selectValue(order, 'r')} AS value, r.owner_id, r.id FROM ${kind} r
     WHERE ${['true', ...conditions].join(' AND ')} ORDER BY ${orderBy(order, 'r')}`,
    values,
  );
  return rows.map(({ value, owner_id: ownerId, id }) => [value, ownerId, id]);
};

test('the pages of a list are, one after another, the whole list, by whatever way each was found', async () => {
  // So small that every way is taken: first look, few candidates, many, more looks, each shorter by
  // what the clock went on, pages cut short.
  const bounds = { first: 40, most: 150, candidates: 100, timeMs: 9 };
  let ticks = 0;
  const finder = createRecordFinder({ select, nowMs: () => ticks++, bounds });
  const limits = fc.constantFrom(1, 7, 100);
  const property = fc.asyncProperty(LISTS, CHOSEN, limits, async ([kind, sort], filter, limit) => {
    const expected = await readAll(kind, sort, filter);
    const found: RecordKey[] = [];
    let after: RecordKey | null = null;
    // Lists of thousands, one by one, tell no more than their beginning.
    for (let pages = 0; pages < 60; pages++) {
      const question = { kind, order: orderOf(sort), filter, after };
      const { keys, next } = await finder.find(question, limit);
      expect(keys.length).toBeLessThanOrEqual(limit);
      found.push(...keys);
      after = next;
      if (next === null) break;
    }
    expect(found).toEqual(after === null ? expected : expected.slice(0, found.length));
  });
  await fc.assert(property, { numRuns: 150 });
}, 60_000);

test('a statement whose time is up is a problem of its own', async () => {
  const database = await createMigratedDatabase();
  const impatient = createReadDatabase(database.databaseUrl, 50);
  try {
    const refusal = await createReadSelect(impatient)('SELECT pg_sleep(20)', []).catch(
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ code: 'query_too_slow' });
  } finally {
    await impatient.close();
    await database.drop();
  }
});

test('reading cannot write', async () => {
  const sql = 'INSERT INTO settings (key, value) VALUES ($1, $2)';
  const refusal = await select(sql, ['x', '1']).catch((error: unknown) => String(error));
  expect(refusal).toContain('read-only transaction');
});
