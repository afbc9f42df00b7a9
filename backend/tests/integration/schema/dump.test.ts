import { expect, test } from 'bun:test';
import { readFile } from 'node:fs/promises';
import { dumpMigratedSchema, SCHEMA_DUMP } from './schemaDump';

test('the committed dump tells the schema that the migrations make; renewDump.ts renews it', async () => {
  const dumped = await dumpMigratedSchema();
  expect(dumped).toContain('tasks\n  id bigint not null generated always as identity');
  expect(await readFile(SCHEMA_DUMP, 'utf8')).toBe(dumped);
});
