import { QueryTypes } from 'sequelize';
import { readConfig } from '../../../config/env';
import { createContainer } from '../../../src/container';
import { createMigratedDatabase } from '../../support/migratedDatabase';

/** The repositories over an empty database of a test file's own; no Redis, no VK. */
export const openRepositories = async () => {
  const database = await createMigratedDatabase();
  const container = createContainer(
    // Nothing here sends a job, so that this address is never called.
    readConfig({
      DATABASE_URL: database.databaseUrl,
      REDIS_URL: 'redis://127.0.0.1:1',
      LOG_LEVEL: 'error',
    }),
  );
  return {
    ...container,
    databaseUrl: database.databaseUrl,
    query: <Row extends object>(sql: string, bind: unknown[] = []): Promise<Row[]> =>
      container.sequelize.query<Row>(sql, { bind, type: QueryTypes.SELECT }),
    close: async () => {
      await container.lifecycle.stop();
      await database.drop();
    },
  };
};

export type Repositories = Awaited<ReturnType<typeof openRepositories>>;
