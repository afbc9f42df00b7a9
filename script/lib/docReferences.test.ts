import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { listMissingReferences } from './docReferences';

const tree = {
  root: join(import.meta.dir, '..', '..'),
  topNames: new Set(['script', 'bin', 'package.json']),
};

const missingIn = (text: string, document = 'README.md'): string[] =>
  listMissingReferences(document, text, tree).map(({ line, path }) => `${line} ${path}`);

test('a cited path that does not exist is found with its line', () => {
  expect(missingIn('See `script/check`.\n\nAnd `script/gone.ts`, `bin/old --flag`.')).toEqual([
    '3 script/gone.ts',
    '3 bin/old',
  ]);
});

test('existing files, folders, patterns, commands and places in files pass', () => {
  const text =
    '`script/` `script/lib/*.ts` `script/{check,test}` `bin/stenograf demo --once` ' +
    '`script/lib/count.ts:12` `package.json`';
  expect(missingIn(text)).toEqual([]);
  expect(missingIn('`script/*.nothing`')).toEqual(['1 script/*.nothing']);
});

test('what only looks like a path is left alone', () => {
  expect(missingIn('`text/html` `GET /tasks/:id` `script/<name>` `$HOME/x` `a/b`')).toEqual([]);
  expect(missingIn('```sh\nscript/gone\n`script/gone`\n```')).toEqual([]);
});

test('links are followed from the document, addresses and anchors are not', () => {
  expect(missingIn('[a](lib/count.ts) [b](lib/gone.ts#x)', 'script/X.md')).toEqual([
    '1 lib/gone.ts',
  ]);
  expect(missingIn('[a](https://example.org/x) [b](#part) [c](mailto:a@b)')).toEqual([]);
});
