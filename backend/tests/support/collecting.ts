import { createSandbox, type Sandbox, type SandboxOptions } from '@stenograf/sandbox';
import type { CreateTaskBody } from '@stenograf/contracts/api';
import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import { isTaskEnded } from '@stenograf/contracts/statuses';
import { type Config, readConfig } from '../../config/env';
import { type Container, createContainer } from '../../src/container';
import type { TaskSnapshot } from '../../src/repositories/snapshots';
import { runWorker } from '../../src/worker';
import { eventually } from './eventually';
import { exportRecords } from './exportRecords';
import { createMigratedDatabase } from './migratedDatabase';
import { createObservedContainer, type OnReply } from './observedContainer';
import { testServices } from './services';

export interface CollectingOptions {
  sandbox: SandboxOptions;
  /** As in VK_TOKENS. */
  tokens: string;
  env?: Record<string, string>;
  /** Instead of the shared ones, for tests that end and restart them. */
  services?: { databaseUrl: string; redisUrl: string };
  /** False for tests that start workers as processes of their own, with `env`. */
  withWorker?: boolean;
  /** Told of each reply of VK, in their order. */
  onReply?: OnReply;
}

/** The whole way from a task to its rows on real parts, for one test file. */
export interface Collecting {
  sandbox: Sandbox;
  /** The settings from which `config` was read. */
  env: Readonly<Record<string, string>>;
  config: Config;
  container: Container;
  /** Creates a task and waits for its end. */
  collect(body: CreateTaskBody): Promise<TaskSnapshot>;
  waitForEnd(taskId: number): Promise<TaskSnapshot>;
  exportAll(taskId?: number): Promise<ExportRecord[]>;
  stop(): Promise<void>;
}

let prefixes = 0;

const openContainer = async (config: Config, onReply?: OnReply): Promise<Container> => {
  if (onReply) return createObservedContainer(config, onReply);
  const container = createContainer(config);
  await container.redis.connect();
  return container;
};

export const createCollecting = async (options: CollectingOptions): Promise<Collecting> => {
  const services = options.services ?? (await testServices());
  const database = await createMigratedDatabase(services);
  const sandbox = await createSandbox(options.sandbox);
  const env = {
    DATABASE_URL: database.databaseUrl,
    REDIS_URL: services.redisUrl,
    STENOGRAF_REDIS_PREFIX: `test-${process.pid}-${Date.now()}-${prefixes++}`,
    VK_API_URL: sandbox.url,
    VK_TOKENS: options.tokens,
    LOG_LEVEL: 'error',
    STENOGRAF_SWEEP_MS: '200',
    STENOGRAF_LEASE_MS: '2000',
    ...options.env,
  };
  const config = readConfig(env);
  const container = await openContainer(config, options.onReply);
  if (options.withWorker ?? true) await runWorker(container);

  const waitForEnd = (taskId: number): Promise<TaskSnapshot> =>
    eventually(
      async () => {
        const task = await container.taskService.getTask(taskId);
        return isTaskEnded(task.status) || task.status === 'waiting' ? task : null;
      },
      { withinMs: 120_000, what: `the end of task ${taskId}` },
    );

  return {
    sandbox,
    env,
    config,
    container,
    waitForEnd,
    collect: async (body) => waitForEnd((await container.taskService.createTask(body)).id),
    exportAll: (taskId) => exportRecords(container, taskId),
    stop: async () => {
      await container.lifecycle.stop();
      await sandbox.stop();
      await database.drop();
    },
  };
};
