import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config/env';
import packageJson from '../package.json';
import { createApp } from './app';
import { type Container, createContainer, describeSettings } from './container';
import { AppError } from './errors';
import { assertSchema } from './migrate';
import { cutSlowClients } from './slowClients';
import { openRedis, runWorker } from './worker';

export interface RunningService {
  url: string;
  /** A key with every right for the CLI of this machine; a new one at each start. */
  internalKey: string;
  /** The API key that was made because there was none; shown once. */
  firstKey: string | null;
  stop(): Promise<void>;
}

export interface ServerOptions {
  withWorker: boolean;
}

/** Slow clients are cut off: headers, whole requests, idle connections. */
const HEADERS_MS_MAX = 10_000;
const BODY_MS_MAX = 30_000;
const KEEP_ALIVE_MS = 5_000;
/** Often enough for a key that ends a day after its last renewal. */
const RENEW_KEY_MS = 3_600_000;

const listen = (server: Server, { host, port }: Config): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new AppError(
          'conflict',
          cause.code === 'EADDRINUSE'
            ? `Port ${port} is taken by another program. Set PORT to another one.`
            : `Cannot listen on ${host}, port ${port}.`,
          { cause },
        ),
      ),
    );
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });

const serveHttp = async (container: Container): Promise<string> => {
  const { config, lifecycle, redis, sequelize } = container;
  const app = createApp({
    ...container,
    health: {
      postgres: () => sequelize.query('SELECT 1'),
      redis: () => redis.ping(),
      schema: () => assertSchema(config.databaseUrl),
    },
    service: {
      version: packageJson.version,
      pid: process.pid,
      settings: describeSettings(config),
    },
    corsOrigins: config.corsOrigins,
  });
  const server = createServer(app);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  cutSlowClients(server, { headersMs: HEADERS_MS_MAX, bodyMs: BODY_MS_MAX });
  const { port } = await listen(server, config);
  lifecycle.onStop('http', async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return `http://${host}:${port}`;
};

/** The key of this machine's CLI, in force for as long as this process runs. */
const issueInternalKey = async ({ apiKeyService, lifecycle, logger }: Container) => {
  // A name of its own: several processes may serve one database at the same time.
  const { firstAdminKey, internal } = await apiKeyService.ensureKeys(`cli ${randomUUID()}`);
  const renewal = setInterval(() => {
    apiKeyService.renewInternalKey(internal.id).catch((error: unknown) => {
      logger.warn('Internal key not renewed', { error });
    });
  }, RENEW_KEY_MS);
  lifecycle.onStop('internal key', () => {
    clearInterval(renewal);
    return apiKeyService.revokeInternalKey(internal.id);
  });
  return { firstKey: firstAdminKey, internalKey: internal.key };
};

/**
 * Starts the HTTP process, with a worker in it where asked.
 * @throws AppError when the port is taken or the database was filled from another VK host.
 */
export const startServer = async (
  config: Config,
  { withWorker }: ServerOptions,
): Promise<RunningService> => {
  const container = createContainer(config);
  try {
    await openRedis(container);
    container.keyring.prepare();
    const keys = await issueInternalKey(container);
    if (withWorker) await runWorker(container);
    else await container.tokenKeeper.start({ wakesWaiting: false });
    const url = await serveHttp(container);
    return { url, ...keys, stop: container.lifecycle.stop };
  } catch (error) {
    await container.lifecycle.stop();
    throw error;
  }
};
