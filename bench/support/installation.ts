import { connectClient } from '@stenograf/backend/config/database';
import { type Config, readConfig } from '@stenograf/backend/config/env';
import { type Container, createContainer } from '@stenograf/backend/container';
import { openRedis, runWorker } from '@stenograf/backend/worker';
import type { PlannedTask } from '@stenograf/backend/services/planning/planService';
import type { CreateTaskBody, Metrics } from '@stenograf/contracts/api';
import { isTaskEnded } from '@stenograf/contracts/statuses';
import type { Client } from 'pg';
import { type SandboxProcess, startSandboxProcess } from './sandboxProcess';
import type { BenchServices } from './services';
import type { WorldName } from './worlds';

export interface InstallationOptions {
  services: BenchServices;
  world: WorldName;
  /** Of the world. */
  seed?: number;
  /** That the token may send; the sandbox watches over it. */
  requestsPerSecond: number;
  /** That we keep to; the same unless given. */
  ownRequestsPerSecond?: number;
  /** False where workers are started as processes of their own, with `env`. */
  withWorker?: boolean;
}

export interface Collecting {
  taskId: number;
  /** From the creation of the task to its end, by the clock of the database. */
  seconds: number;
  metrics: Metrics;
}

export type Scope = Omit<CreateTaskBody, 'communities'>;

/** Stenograf on an emptied database with one user token, before a sandbox. */
export interface Installation {
  sandbox: SandboxProcess;
  /** A connection to its database. */
  client: Client;
  env: Readonly<Record<string, string>>;
  /** Everything of these communities, or what of them `scope` asks for. @throws Error unless the task is completed */
  collect(communityIds: readonly number[], scope?: Scope): Promise<Collecting>;
  /** What collecting the same would take. */
  plan(communityIds: readonly number[], scope?: Scope): Promise<PlannedTask>;
  /** `<owner_id>_<id>` of every row. */
  listStored(table: 'posts' | 'comments'): Promise<string[]>;
  /** Returns when the connections of the old process are gone from the database. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Without any limit that would be met; as much as the pacing of one token can tell apart. */
export const NO_LIMIT = { requestsPerSecond: 100_000, ownRequestsPerSecond: 2_000 };

/** Looking costs time that the collecting needs; the end is dated by the database. */
const LOOK_EVERY_MS = 100;

const toBody = (communityIds: readonly number[], scope: Scope = {}): CreateTaskBody => ({
  communities: communityIds.map((id) => `club${id}`),
  ...scope,
});

const collect = async ({ taskService }: Container, body: CreateTaskBody): Promise<Collecting> => {
  const { id } = await taskService.createTask(body);
  for (;;) {
    const { status, createdAt, finishedAt, metrics } = await taskService.getTask(id);
    if (isTaskEnded(status)) {
      if (status !== 'completed') throw new Error(`The task ended ${status}.`);
      const seconds = (Number(finishedAt) - Number(createdAt)) / 1_000;
      return { taskId: id, seconds, metrics };
    }
    await Bun.sleep(LOOK_EVERY_MS);
  }
};

const TABLES = 'posts, comments, authors, communities, tasks, settings';

const countOtherConnections = async (client: Client): Promise<number> => {
  const { rows } = await client.query<{ others: number }>(
    `SELECT count(*)::int AS others FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`,
  );
  return rows[0]?.others ?? 0;
};

const listStored = async (client: Client, table: string): Promise<string[]> => {
  const { rows } = await client.query<{ key: string }>(
    `SELECT owner_id || '_' || id AS key FROM ${table}`,
  );
  return rows.map(({ key }) => key);
};

const startContainer = async (config: Config, withWorker: boolean): Promise<Container> => {
  const container = createContainer(config);
  await openRedis(container);
  if (withWorker) await runWorker(container);
  return container;
};

let installations = 0;

const readEnv = ({ databaseUrl, redisUrl }: BenchServices, { url, token }: SandboxProcess) => ({
  DATABASE_URL: databaseUrl,
  REDIS_URL: redisUrl,
  STENOGRAF_REDIS_PREFIX: `bench-${process.pid}-${installations++}`,
  VK_API_URL: url,
  VK_TOKENS: `user:${token}`,
  LOG_LEVEL: 'error',
});

/**
 * One call is made beforehand: a limiter that knows nothing of its token begins with a second of
 * silence, once in the life of an installation.
 */
export const openInstallation = async (options: InstallationOptions): Promise<Installation> => {
  const { services, world, requestsPerSecond, withWorker = true } = options;
  const sandbox = await startSandboxProcess(world, requestsPerSecond, options.seed);
  const client = await connectClient(services.databaseUrl);
  await client.query(`TRUNCATE ${TABLES} CASCADE`);
  const env = readEnv(services, sandbox);
  const config = readConfig(env);
  config.vk.userRps = options.ownRequestsPerSecond ?? requestsPerSecond;
  let container = await startContainer(config, withWorker);
  await container.vkApi.call('utils.getServerTime', {}, { groupKey: 'bench' });
  await sandbox.resetStats();
  return {
    sandbox,
    client,
    env,
    collect: (communityIds, scope) => collect(container, toBody(communityIds, scope)),
    plan: (communityIds, scope) =>
      container.planService.plan(toBody(communityIds, scope), new AbortController().signal),
    listStored: (table) => listStored(client, table),
    restart: async () => {
      await container.lifecycle.stop();
      while ((await countOtherConnections(client)) > 0) await Bun.sleep(LOOK_EVERY_MS);
      container = await startContainer(config, withWorker);
    },
    stop: async () => {
      await client.end();
      await container.lifecycle.stop();
      await sandbox.stop();
    },
  };
};
