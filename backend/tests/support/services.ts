import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import {
  openEmbeddedServices,
  startEmbeddedServices,
  type EmbeddedServices,
} from '../../../cli/src/embedded/embeddedServices';
import {
  launchPostgres,
  stopPostgres,
  type PostgresStopMode,
} from '../../../cli/src/embedded/postgres';
import { killRedis, launchRedis } from '../../../cli/src/embedded/redis';

export interface ServiceUrls {
  readonly databaseUrl: string;
  readonly redisUrl: string;
}

/** Kept between runs, so that a developer's second run of a file starts at once. */
const SHARED_HOME = join(__dirname, '../../../node_modules/.cache/stenograf-tests');

const quietly = (): void => {};

const startShared = async (): Promise<ServiceUrls> => {
  const { TEST_DATABASE_URL: databaseUrl, TEST_REDIS_URL: redisUrl } = process.env;
  if (databaseUrl && redisUrl) return { databaseUrl, redisUrl };
  // Never released: the test process ends, its lock goes with it, and the reaper does the rest.
  const started = await startEmbeddedServices({
    home: SHARED_HOME,
    log: quietly,
    needPostgres: true,
    needRedis: true,
    forTests: true,
  });
  return requireBoth(started);
};

const requireBoth = ({
  databaseUrl,
  redisUrl,
}: Pick<EmbeddedServices, keyof ServiceUrls>): ServiceUrls => {
  if (!databaseUrl || !redisUrl) throw new Error('Both services were asked for.');
  return { databaseUrl, redisUrl };
};

let shared: Promise<ServiceUrls> | null = null;

/**
 * The PostgreSQL and the Redis that all test files of a run share: those of `script/test`, or for a
 * single `bun test FILE` some that stop seconds after it. Use a database and a key prefix of your
 * own on them, and end or restart nothing.
 */
export const testServices = (): Promise<ServiceUrls> => (shared ??= startShared());

export interface PrivateServices extends ServiceUrls {
  readonly postgres: {
    stop(mode: PostgresStopMode): Promise<void>;
    start(): Promise<void>;
    /** By default as a crash. */
    restart(mode?: PostgresStopMode): Promise<void>;
  };
  readonly redis: {
    /** As a crash: SIGKILL. */
    kill(): Promise<void>;
    start(): Promise<void>;
    flushAll(): Promise<void>;
  };
  /** Stops both and removes their data. */
  stop(): Promise<void>;
}

/** The port of a server that was just killed may not be free at once on a busy machine. */
const withFreedPort = async (launch: () => Promise<void>, triesLeft = 10): Promise<void> => {
  try {
    await launch();
  } catch (error) {
    if (triesLeft === 0) throw error;
    await Bun.sleep(500);
    await withFreedPort(launch, triesLeft - 1);
  }
};

const flushAll = async (redisUrl: string): Promise<void> => {
  const client = new Redis(redisUrl, { lazyConnect: true, retryStrategy: () => null });
  try {
    await client.connect();
    await client.flushall();
  } finally {
    client.disconnect();
  }
};

/** A home in the folder for temporary files that root's services can enter too. */
const makeTemporaryHome = async (): Promise<string> => {
  const home = await mkdtemp(join(tmpdir(), 'stenograf-test-'));
  await chmod(home, 0o711);
  return home;
};

/** Services of one test's own, to be ended and restarted under it; their ports stay the same. */
export const startPrivateServices = async (
  log: (line: string) => void = quietly,
): Promise<PrivateServices> => {
  const home = await makeTemporaryHome();
  const { postgres, redis, release, ...urls } = await openEmbeddedServices({
    home,
    log,
    needPostgres: true,
    needRedis: true,
    forTests: true,
  });
  if (!postgres || !redis) throw new Error('Both services were asked for.');
  const { databaseUrl, redisUrl } = requireBoth(urls);
  return {
    databaseUrl,
    redisUrl,
    postgres: {
      stop: (mode) => stopPostgres(postgres, mode),
      start: () => launchPostgres(postgres),
      restart: async (mode = 'immediate') => {
        await stopPostgres(postgres, mode);
        await launchPostgres(postgres);
      },
    },
    redis: {
      kill: () => killRedis(redis),
      start: () => withFreedPort(() => launchRedis(redis)),
      flushAll: () => flushAll(redisUrl),
    },
    stop: async () => {
      await release();
      await rm(home, { recursive: true, force: true });
    },
  };
};
