import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@stenograf/backend/migrate';
import { startEmbeddedServices } from '../../cli/src/embedded/embeddedServices';

export interface BenchServices {
  /** Of an empty, migrated database. */
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** Stops both and removes their data. */
  stop(): Promise<void>;
}

/** PostgreSQL and Redis as people run them: with every commit safe on disk, unlike in tests. */
export const startBenchServices = async (): Promise<BenchServices> => {
  const home = await mkdtemp(join(tmpdir(), 'stenograf-bench-'));
  // As root the server runs as another user, who must be able to enter.
  await chmod(home, 0o711);
  const { databaseUrl, redisUrl, release } = await startEmbeddedServices({
    home,
    log: (line) => console.error(line),
    needPostgres: true,
    needRedis: true,
  });
  if (!databaseUrl || !redisUrl) throw new Error('Both services were asked for.');
  await migrate(databaseUrl);
  return {
    databaseUrl,
    redisUrl,
    stop: async () => {
      await release();
      await rm(home, { recursive: true, force: true });
    },
  };
};
