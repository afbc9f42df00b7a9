import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import type { Scope } from '@stenograf/contracts/scopes';
import { QueryTypes } from 'sequelize';
import type { AccessConfig } from '../../../config/access';
import { readConfig } from '../../../config/env';
import { createApp } from '../../../src/app';
import { createContainer } from '../../../src/container';
import { migrate } from '../../../src/migrate';
import { createLogger } from '../../../src/utils/logger';
import { testServices, type ServiceUrls } from '../../support/services';
import { createTestDatabase } from '../../support/testDatabase';

const collectLines = () => {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(...chunk.toString().trimEnd().split('\n'));
      done();
    },
  });
  return { lines, destination };
};

const createApiDatabase = ({ databaseUrl }: ServiceUrls) =>
  createTestDatabase({
    databaseUrl,
    template: {
      name: 'migrated',
      prepare: async (url) => {
        await migrate(url);
      },
    },
  });

/** Strong hashes would take most of the time of a test that signs people in. */
const CHEAP = { passwordCost: { memoryKib: 64, passes: 1 } };

const createApiContainer = (
  { databaseUrl, redisUrl, redisPrefix }: ServiceUrls & { redisPrefix: string },
  destination: Writable,
  access: Partial<AccessConfig>,
  env: Record<string, string>,
) => {
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    STENOGRAF_REDIS_PREFIX: redisPrefix,
    ...env,
  });
  return createContainer(
    { ...config, access: { ...config.access, ...CHEAP, ...access } },
    { logger: createLogger({ level: 'debug', format: 'json', destination }) },
  );
};

type SendInit = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> };

export interface ApiOptions {
  /** Settings beside those of the database and of Redis. */
  env?: Record<string, string>;
  corsOrigins?: string[];
  /** Instead of the shared ones, for tests that end and restart them. */
  services?: ServiceUrls;
  access?: Partial<AccessConfig>;
  /** Another process of this installation: its database and its names in Redis. */
  beside?: { databaseUrl: string; config: { redisPrefix: string } };
}

/** The HTTP API on real parts, over a database of its own, on a free port; no worker. */
export const startApi = async ({
  env = {},
  corsOrigins = [],
  services,
  access = {},
  beside,
}: ApiOptions = {}) => {
  const urls = services ?? (await testServices());
  const database = beside
    ? { databaseUrl: beside.databaseUrl, drop: () => Promise.resolve() }
    : await createApiDatabase(urls);
  const { lines, destination } = collectLines();
  const container = createApiContainer(
    {
      redisUrl: urls.redisUrl,
      databaseUrl: database.databaseUrl,
      redisPrefix: beside?.config.redisPrefix ?? `test-${crypto.randomUUID()}`,
    },
    destination,
    access,
    env,
  );
  const { apiKeyService, lifecycle, redis, sequelize } = container;
  await redis.connect();
  const app = createApp({
    ...container,
    health: { postgres: () => sequelize.query('SELECT 1'), redis: () => redis.ping() },
    service: { version: '0.0.0-test', pid: 1, settings: { vk_api_url: 'http://vk.example' } },
    corsOrigins,
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keyOf = async (scope: Scope) =>
    (await apiKeyService.createKey({ name: `test ${scope}`, scope })).key;
  const keys = {
    read: await keyOf('read'),
    write: await keyOf('write'),
    admin: await keyOf('admin'),
  };
  return {
    ...container,
    url,
    keys,
    databaseUrl: database.databaseUrl,
    logLines: lines,
    /** A request under /api/v1 with a key of every right. */
    send: (path: string, { headers, ...init }: SendInit = {}): Promise<Response> =>
      fetch(`${url}/api/v1${path}`, {
        ...init,
        headers: { authorization: `Bearer ${keys.admin}`, ...headers },
      }),
    query: <Row extends object>(sql: string, bind: unknown[] = []): Promise<Row[]> =>
      sequelize.query<Row>(sql, { bind, type: QueryTypes.SELECT }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await lifecycle.stop();
      await database.drop();
    },
  };
};

export type TestApi = Awaited<ReturnType<typeof startApi>>;
