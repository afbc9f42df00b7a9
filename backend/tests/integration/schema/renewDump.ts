import { writeFile } from 'node:fs/promises';
import { dumpMigratedSchema, SCHEMA_DUMP } from './schemaDump';

// To be run after a migration was added: bun backend/tests/integration/schema/renewDump.ts
const write = async (): Promise<void> => writeFile(SCHEMA_DUMP, await dumpMigratedSchema());

void write();
