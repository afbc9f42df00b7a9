import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertWritableFile, planOutFiles, writeWhole } from './outFile';
import { en } from './sentences/en';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stenograf-out-'));
});
afterEach(() => rm(folder, { recursive: true }));

const sourceOf = (name: string, ...chunks: (string | Error)[]) => ({
  file: join(folder, name),
  open: async () =>
    new ReadableStream<Uint8Array>({
      pull: (controller) => {
        const chunk = chunks.shift();
        if (chunk === undefined) controller.close();
        else if (chunk instanceof Error) controller.error(chunk);
        else controller.enqueue(Buffer.from(chunk));
      },
    }),
});

const write = (...sources: ReturnType<typeof sourceOf>[]) =>
  writeWhole(sources, new AbortController().signal, en);

test('the ending names the format, and all in one that holds one kind takes two files', () => {
  const namesOf = (kind: 'posts' | 'all', file: string) =>
    planOutFiles(kind, file, en).map(({ file, kind, format }) => [file, kind, format]);
  expect(namesOf('posts', 'a.CSV')).toEqual([['a.CSV', 'posts', 'csv']]);
  expect(namesOf('all', 'a.b.xlsx')).toEqual([['a.b.xlsx', 'all', 'xlsx']]);
  expect(namesOf('all', 'x/a.b.parquet')).toEqual([
    ['x/a.b-posts.parquet', 'posts', 'parquet'],
    ['x/a.b-comments.parquet', 'comments', 'parquet'],
  ]);
});

test('files are written whole, or stay as they were', async () => {
  await writeFile(join(folder, 'a'), 'earlier');
  const failing = sourceOf('b', 'half', new Error('lost'));
  const outcome = await write(sourceOf('a', 'new'), failing).catch((error: Error) => error.message);
  expect(outcome).toBe('lost');
  expect(await readdir(folder)).toEqual(['a']);
  expect(await readFile(join(folder, 'a'), 'utf8')).toBe('earlier');
  expect(await write(sourceOf('a', 'one\n', 'two\n'), sourceOf('b'))).toEqual([
    { file: join(folder, 'a'), bytes: 8, lines: 2 },
    { file: join(folder, 'b'), bytes: 0, lines: 0 },
  ]);
  expect(await readFile(join(folder, 'a'), 'utf8')).toBe('one\ntwo\n');
});

test.each([
  ['a.doc', 'there are .ndjson, .csv, .xlsx, .parquet'],
  ['a', 'has no ending'],
  ['missing/a.csv', 'does not exist'],
])('%s is refused before anything is started', async (name, sentence) => {
  const outcome = await assertWritableFile('all', join(folder, name), en).catch(String);
  expect(outcome).toContain(sentence);
});
