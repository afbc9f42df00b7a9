import { QueryTypes } from 'sequelize';
import { readConfig } from '../../../config/env';
import { createContainer } from '../../../src/container';
import { createMigratedDatabase } from '../../support/migratedDatabase';
import { testServices } from '../../support/services';

/** The container over an empty database and queue of a test file's own; no worker, no VK. */
export const openRepositories = async () => {
  const { redisUrl } = await testServices();
  const database = await createMigratedDatabase();
  const container = createContainer(
    readConfig({
      DATABASE_URL: database.databaseUrl,
      REDIS_URL: redisUrl,
      STENOGRAF_REDIS_PREFIX: `test-${crypto.randomUUID()}`,
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
