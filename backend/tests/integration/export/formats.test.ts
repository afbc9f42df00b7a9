import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { CommentRecord, ExportRecord } from '@stenograf/contracts/exportRecords';
import { readCsv, readParquet, readXlsx } from '../../support/exportReaders';
import { startApi, type TestApi } from '../http/startApi';
import { comments, insertHostileRecords, posts } from './hostileRecords';
import { insertComments, insertPosts, makeComment, makePost } from './seed';

/** What a spreadsheet would calculate, or may. */
const FORMULAS = [
  '=1+1',
  '+7 900 123-45-67',
  '-5',
  '@SUM(A1)',
  '\tвкладка',
  '\rвозврат',
  '\n=1+1',
  '  =1+1',
  '\u00a0=1+1',
  '\u200b\ufeff=1+1',
  '＝1+1',
  '＋1',
  '−1',
  '\u0001@x',
];
const HARMLESS = ['1-1=0', 'a=b', '', ' ', '«=»', '_x0041_ & <b>&amp;</b>', '00123', '1e5'];
/** 16 384 characters that Excel counts twice: one more than a cell takes. */
const EMOJI = '😀'.repeat(16_384);
const LONG_JSON = [{ type: 'photo', text: 'щ'.repeat(40_000) }];

const ownTexts = [...FORMULAS, ...HARMLESS, EMOJI].map((text, index) =>
  makeComment({ owner_id: -7, post_id: 1, id: 100 + index, text }),
);
const longJson = makeComment({ owner_id: -8, post_id: 1, id: 1, attachments: LONG_JSON });
const allComments = [longJson, ...ownTexts, ...comments];
const ownPosts = [
  makePost({ owner_id: -8, id: 1, comments_stored: 1 }),
  makePost({ owner_id: -7, id: 1, comments_stored: ownTexts.length }),
];
const allPosts = [...ownPosts, ...posts];

let api: TestApi;

beforeAll(async () => {
  api = await startApi();
  await insertHostileRecords(api);
  await insertPosts(api, ownPosts);
  await insertComments(api, [longJson, ...ownTexts]);
});
afterAll(() => api.stop());

const fetchExport = (path: string) => api.send(`/exports/${path}`);
const fetchBytes = async (path: string): Promise<Buffer> =>
  Buffer.from(await (await fetchExport(path)).arrayBuffer());

const textsOf = (records: ExportRecord[]): string[] =>
  records.map((record) => ('text' in record ? record.text : ''));

describe('CSV', () => {
  test('for programs equals the records, and nothing is told from an empty text', async () => {
    const bytes = await fetchBytes('comments.csv?profile=rfc4180');
    expect(bytes.subarray(0, 5).toString()).toBe('kind,');
    expect(bytes.subarray(-2).toString()).toBe('\r\n');
    expect(readCsv('comment', bytes, ',')).toEqual(allComments);
    expect(readCsv('post', await fetchBytes('posts.csv?profile=rfc4180'), ',')).toEqual(allPosts);
  });

  test('is made for Excel unless told otherwise', async () => {
    const bytes = await fetchBytes('posts.csv');
    expect(bytes.subarray(0, 8).toString()).toBe('\ufeffkind;');
    expect(bytes).toEqual(await fetchBytes('posts.csv?profile=excel'));
    expect(readCsv('post', bytes, ';')).toEqual(allPosts);
  });

  test('for Excel holds no cell that would be calculated, and leaves all others as they are', async () => {
    const records = readCsv('comment', await fetchBytes('comments.csv?community=7'), ';');
    const numbers = ({ owner_id: ownerId, from_id: fromId, likes }: CommentRecord) =>
      `${ownerId} ${fromId} ${likes}`;
    expect((records as CommentRecord[]).map(numbers)).toEqual(ownTexts.map(numbers));
    expect(textsOf(records).slice(0, -1)).toEqual([
      ...FORMULAS.map((text) => `'${text}`),
      ...HARMLESS,
    ]);
  });

  test('for Excel cuts what no cell takes, between characters, and says so', async () => {
    const linesOf = async (path: string) => (await fetchBytes(path)).toString().split('\r\n');
    const [header = '', json = ''] = await linesOf('comments.csv?community=8');
    expect(header).toContain(';attachments;');
    expect(json).toMatch(/щ{100}… \[cut\]";/u);
    expect(json.length).toBeLessThan(33_000);
    const [emoji = ''] = (await linesOf('comments.csv?community=7')).slice(-2);
    expect(emoji).toMatch(/^comment;-7;1;\d+;77;[^;]+;(?:😀){15000,16383}… \[cut\];/u);
  });
});

describe('XLSX', () => {
  /** As a workbook shows them: without control characters, and nothing where a text is empty. */
  const shown = (record: ExportRecord): ExportRecord =>
    Object.fromEntries(
      Object.entries(record).map(([name, value]) => [
        name,
        // oxlint-disable-next-line no-control-regex -- the character that was put in
        typeof value === 'string' ? value.replaceAll('\u0001', '') || null : (value as unknown),
      ]),
    ) as unknown as ExportRecord;

  test('of everything has a sheet for each kind, and equals NDJSON record for record', async () => {
    const lines = (await fetchBytes('all.ndjson')).toString().trimEnd().split('\n');
    const records = lines.map((line) => JSON.parse(line) as ExportRecord);
    const workbook = await readXlsx(await fetchBytes('all.xlsx'));
    expect(workbook.names).toEqual(['posts', 'comments', 'authors', 'communities', 'about']);
    const isWhole = (record: ExportRecord) =>
      record.kind !== 'comment' ||
      (record.owner_id !== -8 && !JSON.stringify(record).includes('😀'));
    const ofKind = (kind: ExportRecord['kind']) =>
      records.filter((record) => record.kind === kind && isWhole(record)).map(shown);
    expect(workbook.records('posts', 'post')).toEqual(ofKind('post'));
    expect(workbook.records('comments', 'comment').filter(isWhole)).toEqual(ofKind('comment'));
    expect(workbook.records('authors', 'author')).toEqual(ofKind('author'));
    expect(workbook.records('communities', 'community')).toEqual(ofKind('community'));
  });

  test('says what it holds, for which filter, and what its cells could not hold', async () => {
    const { about, names } = await readXlsx(
      await fetchBytes('comments.xlsx?community=7&community=8&since=2020-01-01'),
    );
    expect(names).toEqual(['comments', 'about']);
    expect(Object.fromEntries(about)).toMatchObject({
      'written by': expect.stringMatching(/^Stenograf \d/),
      'written at': expect.stringMatching(/^\d{4}-.*Z$/),
      export: 'comments',
      'filter community': '7,8',
      'filter since': '2020-01-01',
      comments: String(ownTexts.length + 1),
      'cut in comments.text': expect.stringMatching(/^1 texts longer/),
      'cut in comments.attachments': expect.stringMatching(/^1 texts longer/),
      'control characters in comments.text': expect.stringMatching(/^removed from 1 /),
    });
  });
});

describe('Parquet', () => {
  test('equals the records, for DuckDB', async () => {
    const ofComments = await readParquet('comment', await fetchBytes('comments.parquet'));
    expect(ofComments.records).toEqual(allComments);
    const ofPosts = await readParquet('post', await fetchBytes('posts.parquet'));
    expect(ofPosts.records).toEqual(allPosts);
    expect(ofPosts.types).toMatchObject({
      owner_id: 'BIGINT',
      views: 'BIGINT',
      is_pinned: 'BOOLEAN',
      date: 'TIMESTAMP WITH TIME ZONE',
      text: 'VARCHAR',
      attachments: 'JSON',
    });
  });
});

describe('an export in any format', () => {
  const TYPES = {
    ndjson: 'application/x-ndjson; charset=utf-8',
    csv: 'text/csv; charset=utf-8; header=present',
    xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    parquet: 'application/vnd.apache.parquet',
  };

  test.each(Object.entries(TYPES))(
    '%s names its type and its file, also to HEAD',
    async (format, type) => {
      for (const method of ['GET', 'HEAD']) {
        const response = await api.send(`/exports/posts.${format}?community=999`, { method });
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toBe(type);
        expect(response.headers.get('content-disposition')).toMatch(
          new RegExp(`^attachment; filename="stenograf-posts-\\d{8}T\\d{6}Z\\.${format}"$`),
        );
        await response.arrayBuffer();
      }
    },
  );

  test('that holds nothing is a file that can be opened all the same', async () => {
    const nothing = (format: string) => fetchBytes(`posts.${format}?community=999`);
    expect(readCsv('post', await nothing('csv'), ';')).toEqual([]);
    expect((await readXlsx(await nothing('xlsx'))).records('posts', 'post')).toEqual([]);
    expect((await readParquet('post', await nothing('parquet'))).records).toEqual([]);
  });

  test('is not there where it makes no sense, nor with parameters of another', async () => {
    for (const path of ['all.csv', 'all.parquet', 'posts.xls']) {
      expect((await fetchExport(path)).status).toBe(404);
    }
    for (const path of ['posts.xlsx?profile=excel', 'posts.csv?profile=x', 'all.xlsx?sort=date']) {
      expect((await fetchExport(path)).status).toBe(400);
    }
  });
});
