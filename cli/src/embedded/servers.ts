import { join } from 'node:path';
import { chooseAccount } from './account';
import { ensureCredentials, writeCredentials, type Credentials } from './credentials';
import { ensureDataFolder } from './dataFolder';
import { ensurePostgres } from './postgres';
import type { PostgresServer } from './postgresServer';
import { ensurePostgresBinaries } from './postgresBinaries';
import { ensureRedis, type RedisServer } from './redis';
import { ensureRedisServer } from './redisBinary';

export interface ServerOptions {
  readonly home: string;
  /** Takes progress for the person who waits; nothing is said when nothing is to be done. */
  readonly log: (line: string) => void;
  readonly needPostgres: boolean;
  readonly needRedis: boolean;
  /** No durability, and a role that may make databases. Only for data that a test invents. */
  readonly forTests?: boolean;
}

export interface Servers {
  /** Null if it was not needed. */
  readonly postgres: PostgresServer | null;
  readonly redis: RedisServer | null;
}

const ensurePostgresIn = async (
  { home, log, forTests = false }: ServerOptions,
  { postgres: stored }: Credentials,
): Promise<PostgresServer> => {
  const account = chooseAccount(join(home, 'postgres'));
  const binaries = await ensurePostgresBinaries(account);
  const folder = await ensureDataFolder(home, 'postgres', account, log);
  const server: PostgresServer = { folder, account, binaries, forTests, ...stored };
  await ensurePostgres(server, log);
  return server;
};

const ensureRedisIn = async (
  { home, log }: ServerOptions,
  { redis: stored }: Credentials,
): Promise<RedisServer> => {
  const binary = await ensureRedisServer(log);
  const account = chooseAccount(join(home, 'redis'));
  const folder = await ensureDataFolder(home, 'redis', account, log);
  const server: RedisServer = { folder, account, binary, ...stored };
  await ensureRedis(server, log);
  return server;
};

/** Waits for both, also when one fails: the lock must not be dropped under the other. */
const settleBoth = async <A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> => {
  await Promise.allSettled([first, second]);
  return Promise.all([first, second]);
};

/** Makes sure that the needed servers of the home run. The caller holds the home's setup lock. */
export const ensureServers = async (options: ServerOptions): Promise<Servers> => {
  const { home, needPostgres, needRedis } = options;
  const credentials = await ensureCredentials(home);
  const [postgres, redis] = await settleBoth(
    needPostgres ? ensurePostgresIn(options, credentials) : Promise.resolve(null),
    needRedis ? ensureRedisIn(options, credentials) : Promise.resolve(null),
  );
  const ports = {
    postgres: postgres?.port ?? credentials.postgres.port,
    redis: redis?.port ?? credentials.redis.port,
  };
  if (ports.postgres !== credentials.postgres.port || ports.redis !== credentials.redis.port) {
    await writeCredentials(home, {
      postgres: { ...credentials.postgres, port: ports.postgres },
      redis: { ...credentials.redis, port: ports.redis },
    });
  }
  return { postgres, redis };
};
