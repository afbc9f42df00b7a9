import { writeFile } from 'node:fs/promises';
import { CONTRACT_SCHEMAS, makeContractSchemas } from './contractSchemas';

// To be run after a type of the HTTP API was changed: bun script/lib/writeContractSchemas.ts
await writeFile(CONTRACT_SCHEMAS, await makeContractSchemas());
