import { afterAll, beforeAll, expect, test } from 'bun:test';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AuthorRecord, ExportRecord } from '@stenograf/contracts/exportRecords';
import { parse } from 'csv-parse/sync';
import { SHEET_LIMITS } from '../../src/services/exporting/xlsx/sheets';
import { writeXlsx } from '../../src/services/exporting/xlsx/writeXlsx';
import { startApi, type TestApi } from '../integration/http/startApi';
import { insertHostileRecords } from '../integration/export/hostileRecords';
import { unknownAuthor } from '../integration/export/seed';
import { openInLibreOffice } from '../support/libreOffice';

let api: TestApi;
let folder: string;

beforeAll(async () => {
  api = await startApi();
  await insertHostileRecords(api);
  folder = await mkdtemp(join(tmpdir(), 'stenograf-soak-'));
});
afterAll(async () => {
  await api.stop();
  await rm(folder, { recursive: true });
});

const fetchExport = async (path: string): Promise<Buffer> =>
  Buffer.from(await (await api.send(`/exports/${path}`)).arrayBuffer());

const save = async (name: string, bytes: Buffer): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, bytes);
  return file;
};

const readTable = async (file: string): Promise<Record<string, string>[]> =>
  parse(await readFile(file), { columns: true, relax_column_count: true });

/** As a cell shows it: one kind of line end, no control characters. */
const shown = (text: string): string =>
  // oxlint-disable-next-line no-control-regex -- the character that was put in
  text.replaceAll('\r\n', '\n').replaceAll('\u0001', '');

test('LibreOffice opens a workbook, sheet for sheet, text for text', async () => {
  const lines = (await fetchExport('all.ndjson')).toString().trimEnd().split('\n');
  const records = lines.map((line) => JSON.parse(line) as ExportRecord);
  const file = await save('all.xlsx', await fetchExport('all.xlsx'));
  await openInLibreOffice(file, async (sheets) => {
    expect([...sheets.keys()].sort()).toEqual([
      'about',
      'authors',
      'comments',
      'communities',
      'posts',
    ]);
    for (const kind of ['post', 'comment'] as const) {
      const rows = await readTable(sheets.get(`${kind}s`) ?? '');
      const expected = records.flatMap((record) => (record.kind === kind ? [record] : []));
      expect(rows.map(({ text }) => text)).toEqual(expected.map(({ text }) => shown(text)));
      expect(rows.map(({ id, owner_id: ownerId }) => [Number(id), Number(ownerId)])).toEqual(
        expected.map(({ id, owner_id: ownerId }) => [id, ownerId]),
      );
      expect(rows.map(({ url }) => url)).toEqual(expected.map(({ url }) => url));
    }
  });
});

test('LibreOffice opens CSV for Excel, and calculates none of it', async () => {
  const bytes = await fetchExport('comments.csv');
  const written = parse<{ text: string; attachments: string }>(bytes, {
    columns: true,
    bom: true,
    delimiter: ';',
  });
  expect(written.some(({ text }) => text.startsWith(`'=cmd()`))).toBe(true);
  const file = await save('comments.csv', bytes);
  await openInLibreOffice(file, async (sheets) => {
    const [sheet = ''] = sheets.values();
    const rows = await readTable(sheet);
    const withoutControls = (text: string) => shown(text).replaceAll('\n', ' ');
    expect(rows.map(({ text = '' }) => withoutControls(text))).toEqual(
      written.map(({ text }) => withoutControls(text)),
    );
    expect(rows.map(({ attachments }) => attachments)).toEqual(
      written.map(({ attachments }) => attachments),
    );
  });
});

test('more rows than a sheet takes go on in the next one, for LibreOffice too', async () => {
  const { rowsMax } = SHEET_LIMITS;
  const extra = 1_000;
  const total = rowsMax - 1 + extra;
  async function* invent(): AsyncGenerator<AuthorRecord[], void> {
    for (let from = 1; from <= total; from += 1_000) {
      const length = Math.min(1_000, total - from + 1);
      yield Array.from({ length }, (_, at) => unknownAuthor(from + at));
    }
  }
  const file = join(folder, 'authors.xlsx');
  const list = { name: 'authors', kind: 'author', batches: invent() } as const;
  await pipeline(Readable.from(writeXlsx([list], { about: [] })), createWriteStream(file));
  const lastIds = await openInLibreOffice(file, async (sheets) => {
    const ids: Record<string, string[]> = {};
    for (const [name, path] of sheets) {
      const rows: string[] = [];
      for await (const line of createInterface({ input: createReadStream(path) })) {
        rows.push(line.split(',')[1] ?? '');
      }
      ids[name] = [String(rows.length), rows.at(-1) ?? ''];
    }
    return ids;
  });
  expect(lastIds).toMatchObject({
    authors: [String(rowsMax), `"${rowsMax - 1}"`],
    'authors 2': [String(extra + 1), `"${total}"`],
  });
});
