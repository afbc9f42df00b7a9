import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import { readCsv } from '../../support/exportReaders';
import { startApi, type TestApi } from '../http/startApi';
import {
  comments,
  community,
  deactivated,
  HOSTILE_TEXTS,
  hostileComments,
  insertHostileRecords,
  known,
  posts,
  sameIdElsewhere,
} from './hostileRecords';
import { insertTask, unknownAuthor, unknownCommunity } from './seed';

let api: TestApi;
let taskId: number;

beforeAll(async () => {
  api = await startApi();
  await insertHostileRecords(api);
  taskId = await insertTask(api, [-2, -4], [sameIdElsewhere]);
});
afterAll(() => api.stop());

const get = (path: string, folder = 'exports/') =>
  fetch(`${api.url}/api/v1/${folder}${path}`, {
    headers: { authorization: `Bearer ${api.keys.read}` },
  });

const read = async (path: string): Promise<ExportRecord[]> => {
  const text = await (await get(path)).text();
  if (text === '') return [];
  expect(text.endsWith('\n')).toBe(true);
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line) as ExportRecord);
};

const keysOf = (records: ExportRecord[]): string[] =>
  records.map((record) =>
    'owner_id' in record
      ? `${record.kind} ${record.owner_id}_${record.id}`
      : `${record.kind} ${record.id}`,
  );

describe('an export', () => {
  test('of all equals the database, record for record, field for field, in order', async () => {
    expect(await read('all.ndjson')).toEqual([
      ...posts,
      ...comments,
      known,
      deactivated,
      ...[101, 102, 103, 104, 105, 106, 107, 900].map((id) => unknownAuthor(id)),
      community,
      ...[2, 3, 4].map((id) => unknownCommunity(id)),
    ]);
  });

  test('of one kind holds that kind alone', async () => {
    expect(await read('posts.ndjson')).toEqual(posts);
    expect(await read('comments.ndjson')).toEqual(comments);
  });

  test('names its type and a file', async () => {
    const { headers } = await get(`all.ndjson?task=${taskId}`);
    expect(headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(headers.get('content-disposition')).toMatch(
      new RegExp(`^attachment; filename="stenograf-all-task-${taskId}-\\d{8}T\\d{6}Z\\.ndjson"$`),
    );
  });
});

const OF_RICH_POST = {
  comments: keysOf(hostileComments),
  authors: [...HOSTILE_TEXTS.map((_, index) => `author ${100 + index}`), 'author 900'],
};

describe('a filter chooses posts, and the rest follows them', () => {
  test.each<[string, string[]]>([
    ['task=TASK', ['post -2_5', 'comment -2_10', 'community 2', 'community 3', 'community 4']],
    [
      'community=1',
      ['post -1_5', ...OF_RICH_POST.comments, ...OF_RICH_POST.authors, 'community 1'],
    ],
    [
      'community=club2&since=2026-02-01',
      ['post -2_6', 'comment -2_11', 'author 77', 'community 2'],
    ],
    ['task=TASK&community=-4', ['community 4']],
    ['task=TASK&community=1', []],
    ['until=2026-01-01&community=2', ['post -2_5', 'comment -2_10', 'community 2', 'community 3']],
    [
      'since=2026-01-31T23:59:59Z&until=2026-01-31',
      [
        'post -1_5',
        ...OF_RICH_POST.comments,
        ...OF_RICH_POST.authors,
        'community 1',
        'community 2',
        'community 4',
      ],
    ],
    ['community=1&community=2&since=2027-01-01', ['community 2']],
    ['community=999', []],
  ])('%s', async (query, expected) => {
    const records = await read(`all.ndjson?${query.replace('TASK', String(taskId))}`);
    expect(keysOf(records)).toEqual(expected);
  });

  test('a task that does not exist is not found, not an empty file', async () => {
    const response = await get('all.ndjson?task=999999');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toStartWith('application/problem+json');
    expect(response.headers.get('content-disposition')).toBeNull();
  });
});

describe('an export of one kind takes the filters of its list', () => {
  const listKeys = async (kind: 'posts' | 'comments', query: string): Promise<string[]> => {
    const response = await get(`${kind}?${query}`, '');
    const { items } = (await response.json()) as { items: ExportRecord[] };
    return keysOf(items);
  };

  test.each<['posts' | 'comments', string, number]>([
    ['comments', 'sort=-date', 10],
    ['comments', 'sort=date&since=2026-05-01', 1],
    ['comments', 'sort=-date&author=100&author=101', 2],
    ['comments', 'sort=-date&has=sticker', 1],
    ['comments', 'sort=-date&is=reply&min_likes=9', 1],
    ['comments', 'sort=-date&is=deleted', 1],
    ['comments', 'sort=-date&q=ответы', 1],
    ['comments', "sort=-date&q='single'%20%5Cback", 1],
    ['comments', 'sort=-date&q=вил', 0],
    ['posts', 'sort=-date&is=pinned&community=1', 1],
    ['posts', 'sort=-date&task=TASK', 1],
    ['posts', 'sort=date&has=photo&q=-nothing', 1],
  ])('%s?%s', async (kind, query, count) => {
    const asked = query.replace('TASK', String(taskId));
    const listed = await listKeys(kind, asked);
    expect(listed).toHaveLength(count);
    expect(keysOf(await read(`${kind}.ndjson?${asked}`))).toEqual(listed);
    const csv = Buffer.from(
      await (await get(`${kind}.csv?profile=rfc4180&${asked}`)).arrayBuffer(),
    );
    expect(keysOf(readCsv(kind === 'posts' ? 'post' : 'comment', csv, ','))).toEqual(listed);
  });

  test('and without a sort holds also what a list by a count leaves out', async () => {
    expect(keysOf(await read('comments.ndjson?sort=-likes'))).toHaveLength(comments.length);
  });
});
