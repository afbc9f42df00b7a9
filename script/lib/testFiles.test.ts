import { expect, test } from 'bun:test';
import { join } from 'node:path';
import { listAllTests, listUnitTests, RUN_ALONE } from './testFiles';

const root = join(import.meta.dir, '..', '..');

test('every file that runs alone is one of the tests, so that none is forgotten when it moves', () => {
  expect(listAllTests(root)).toEqual(expect.arrayContaining([...RUN_ALONE]));
});

test('what needs services is no unit test', () => {
  const unit = listUnitTests(root);
  expect(unit).toContain('script/lib/testFiles.test.ts');
  expect(unit.filter((path) => /^(backend|cli|sandbox)\/tests\//.test(path))).toEqual([]);
  expect(listAllTests(root)).toEqual(expect.arrayContaining(unit));
});
