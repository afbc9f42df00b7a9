import { expect, test } from 'bun:test';
import type { AuthorRecord, ExportRecord } from '@stenograf/contracts/exportRecords';
import { readXlsx } from '../../../../tests/support/exportReaders';
import type { RecordList } from '../exportSource';
import { SHEET_LIMITS, type SheetLimits } from './sheets';
import { writeXlsx } from './writeXlsx';

const makeAuthor = (id: number, name: string): AuthorRecord => ({
  kind: 'author',
  id,
  name,
  first_name: null,
  last_name: null,
  screen_name: null,
  deactivated: null,
});

const listOf = (records: AuthorRecord[], batchRows = 2): RecordList => ({
  name: 'authors',
  kind: 'author',
  batches: (async function* () {
    for (let at = 0; at < records.length; at += batchRows) {
      yield records.slice(at, at + batchRows);
    }
  })(),
});

const write = async (lists: RecordList[], limits: SheetLimits = SHEET_LIMITS) => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of writeXlsx(lists, { about: [], limits })) {
    chunks.push(Buffer.from(chunk));
  }
  return readXlsx(Buffer.concat(chunks));
};

const people = (count: number) =>
  Array.from({ length: count }, (_, at) => makeAuthor(at + 1, `Автор ${at + 1}`));

test.each<[rows: number, sheets: number[]]>([
  [0, [0]],
  [3, [3]],
  [4, [3, 1]],
  [6, [3, 3]],
  [7, [3, 3, 1]],
])('%d records in sheets of three and a heading: %p', async (rows, sheets) => {
  const records = people(rows);
  const workbook = await write([listOf(records)], { ...SHEET_LIMITS, rowsMax: 4 });
  const names = sheets.map((_, at) => (at === 0 ? 'authors' : `authors ${at + 1}`));
  expect(workbook.names).toEqual([...names, 'about']);
  const read = names.map((name) => workbook.records(name, 'author'));
  expect(read.map(({ length }) => length)).toEqual(sheets);
  expect(read.flat()).toEqual(records);
  expect(workbook.about.get('authors')).toBe(String(rows));
});

test('a sheet that has grown too long for its part of the file is followed by another', async () => {
  const workbook = await write([listOf(people(6))], { ...SHEET_LIMITS, lengthMax: 1 });
  expect(workbook.names).toEqual(['authors', 'authors 2', 'authors 3', 'about']);
});

test('what a cell cannot hold is cut between characters, and told', async () => {
  const longest = 'я'.repeat(32_767);
  const records = [makeAuthor(1, longest), makeAuthor(2, `${longest}!`)];
  // The cut falls between the halves of one of them.
  records.push(makeAuthor(3, `a${'😀'.repeat(17_000)}`), makeAuthor(4, '😀'.repeat(17_000)));
  const workbook = await write([listOf(records)]);
  const names = workbook
    .records('authors', 'author')
    .map(({ name }: ExportRecord & { name?: unknown }) => String(name));
  expect(names[0]).toBe(longest);
  for (const name of names.slice(1)) {
    expect(name.length).toBeGreaterThan(32_760);
    expect(name.length).toBeLessThanOrEqual(32_767);
    expect(name).toMatch(/[я😀]… \[cut\]$/u);
    expect(name.isWellFormed()).toBe(true);
  }
  expect(workbook.about.get('cut in authors.name')).toStartWith('3 texts longer than 32 767');
});

test('texts that mean something to XML or to a spreadsheet stay the texts they are', async () => {
  const texts = [
    '<b>&amp;</b>',
    '_x0041_',
    '_x005F_x0041_',
    '=1+1',
    ' both ends ',
    'a\r\nb\tc',
    '007',
  ];
  const records = texts.map((text, at) => makeAuthor(at + 1, text));
  expect((await write([listOf(records)])).records('authors', 'author')).toEqual(records);
});

test('control characters are left out, and told', async () => {
  const workbook = await write([
    listOf([makeAuthor(1, 'a\u0001\u001f\ufffeb'), makeAuthor(2, 'c')]),
  ]);
  expect(workbook.records('authors', 'author')).toEqual([makeAuthor(1, 'ab'), makeAuthor(2, 'c')]);
  expect(workbook.about.get('control characters in authors.name')).toStartWith('removed from 1');
});

test('an id of more digits than a spreadsheet shows is a text', async () => {
  const workbook = await write([listOf([makeAuthor(Number.MAX_SAFE_INTEGER, 'x')])]);
  expect(workbook.records('authors', 'author')).toEqual([makeAuthor(Number.MAX_SAFE_INTEGER, 'x')]);
});

test('records that fail in the middle make no workbook', async () => {
  const failing: RecordList = {
    name: 'authors',
    kind: 'author',
    batches: (async function* () {
      yield people(2);
      throw new Error('lost');
    })(),
  };
  const outcome = await write([failing]).catch((error: Error) => error.message);
  expect(outcome).toBe('lost');
});
