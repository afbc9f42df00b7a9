import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { QueryTypes } from 'sequelize';
import { connectClient, createDatabase } from '../../../config/database';
import { createApp } from '../../../src/app';
import { migrate } from '../../../src/migrate';
import { createApiKeyRepository } from '../../../src/repositories/apiKeyRepository';
import { createExportRepository } from '../../../src/repositories/exportRepository';
import { createWithTransaction } from '../../../src/repositories/withTransaction';
import { createApiKeyService } from '../../../src/services/apiKeyService';
import { createExportService } from '../../../src/services/exportService';
import { createLogger } from '../../../src/utils/logger';
import { testServices } from '../../support/services';
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

/** The HTTP API over a database of its own, listening on a free port of loopback. */
export const startApi = async ({ corsOrigins = [] }: { corsOrigins?: string[] } = {}) => {
  const services = await testServices();
  const database = await createTestDatabase({
    databaseUrl: services.databaseUrl,
    template: {
      name: 'migrated',
      prepare: async (url) => {
        await migrate(url);
      },
    },
  });
  const { lines, destination } = collectLines();
  const logger = createLogger({ level: 'debug', format: 'json', destination });
  const sequelize = createDatabase(database.databaseUrl, 5);
  const apiKeyService = createApiKeyService({
    apiKeyRepository: createApiKeyRepository({ sequelize }),
    withTransaction: createWithTransaction(sequelize),
  });
  const exportService = createExportService({
    exportRepository: createExportRepository({
      connect: () => connectClient(database.databaseUrl),
    }),
    logger,
  });
  const app = createApp({
    taskService: {} as never,
    exportService,
    apiKeyService,
    health: { postgres: () => sequelize.query('SELECT 1') },
    service: { version: '0.0.0-test', pid: process.pid, settings: { vk_api_url: 'http://vk' } },
    logger,
    corsOrigins,
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keyOf = async (scope: 'read' | 'write' | 'admin') =>
    (await apiKeyService.createKey({ name: `test ${scope}`, scope })).key;
  return {
    url,
    keys: { read: await keyOf('read'), write: await keyOf('write'), admin: await keyOf('admin') },
    databaseUrl: database.databaseUrl,
    sequelize,
    apiKeyService,
    exportService,
    logLines: lines,
    query: <Row extends object>(sql: string, bind: unknown[] = []): Promise<Row[]> =>
      sequelize.query<Row>(sql, { bind, type: QueryTypes.SELECT }),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await sequelize.close();
      await database.drop();
    },
  };
};

export type TestApi = Awaited<ReturnType<typeof startApi>>;
