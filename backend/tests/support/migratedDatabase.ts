import { migrate } from '../../src/migrate';
import { testServices, type ServiceUrls } from './services';
import { createTestDatabase, type TestDatabase } from './testDatabase';

/** An empty, migrated database of a test's own, on the shared services unless others are given. */
export const createMigratedDatabase = async (
  services?: Pick<ServiceUrls, 'databaseUrl'>,
): Promise<TestDatabase> => {
  const { databaseUrl } = services ?? (await testServices());
  return createTestDatabase({
    databaseUrl,
    template: { name: 'migrated', prepare: async (url) => void (await migrate(url)) },
  });
};
