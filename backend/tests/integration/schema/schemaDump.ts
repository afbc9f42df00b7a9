import { join } from 'node:path';
import { connectClient } from '../../../config/database';
import { migrate } from '../../../src/migrate';
import { createMigratedDatabase } from '../../support/migratedDatabase';
import { dumpSchema } from './dumpSchema';

/** The committed dump. */
export const SCHEMA_DUMP = join(__dirname, '../../../migrations/schema.txt');

/** The dump of a database that was just migrated. */
export const dumpMigratedSchema = async (): Promise<string> => {
  const database = await createMigratedDatabase();
  // The template may be older than a migration that was added while its server went on running.
  await migrate(database.databaseUrl);
  const client = await connectClient(database.databaseUrl);
  try {
    return await dumpSchema(client);
  } finally {
    await client.end();
    await database.drop();
  }
};
