import { expect, test } from 'bun:test';
import { readFile } from 'node:fs/promises';
import { CONTRACT_SCHEMAS, makeContractSchemas } from './contractSchemas';

test('the schemas beside the API are those of its types; writeContractSchemas.ts renews them', async () => {
  expect(await readFile(CONTRACT_SCHEMAS, 'utf8')).toBe(await makeContractSchemas());
}, 30_000);
