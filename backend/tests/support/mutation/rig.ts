import { createSandbox, type Sandbox } from '@stenograf/sandbox';
import { createWorld } from '@stenograf/sandbox/world/createWorld';
import { readConfig } from '../../../config/env';
import type { Container } from '../../../src/container';
import { createMigratedDatabase } from '../migratedDatabase';
import { createObservedContainer } from '../observedContainer';
import { testServices } from '../services';
import { planOf, type SchedulePlan } from './plan';

/** Pages that a worker has on their way for one target, and whether its calls may be packed. */
const WORKERS = [
  { walksMax: 60, token: 'user:sandbox-user-token' },
  { walksMax: 4, token: 'user:sandbox-user-token' },
  { walksMax: 1, token: 'service:sandbox-service-key' },
] as const;

const TOKENS = [
  { token: 'sandbox-user-token', kind: 'user', rps: 1_000_000 },
  { token: 'sandbox-service-key', kind: 'service', rps: 1_000_000 },
] as const;

/** Far above what a test can send. */
const OWN_RPS = 1_000;

/** Some workers, as processes are but within this one, and a wall for each seed. */
export interface MutationRig {
  sandbox: Sandbox;
  workers: readonly Container[];
  /** By community. */
  plans: ReadonlyMap<number, SchedulePlan>;
  /** Calls `listener` after each page of that wall, before anything else is asked about it. */
  onPage(communityId: number, listener: () => void): () => void;
  stop(): Promise<void>;
}

type Listeners = Map<number, Set<() => void>>;

let prefixes = 0;

const openWorkers = async (
  sandbox: Sandbox,
  databaseUrl: string,
  listeners: Listeners,
): Promise<Container[]> => {
  const { redisUrl } = await testServices();
  const prefix = `mutation-${process.pid}-${Date.now()}-${prefixes++}`;
  return Promise.all(
    WORKERS.map(({ walksMax, token }) => {
      const config = readConfig({
        DATABASE_URL: databaseUrl,
        REDIS_URL: redisUrl,
        STENOGRAF_REDIS_PREFIX: prefix,
        VK_API_URL: sandbox.url,
        VK_TOKENS: token,
        VK_JITTER_MS: '1000',
        LOG_LEVEL: 'error',
      });
      config.vk.userRps = OWN_RPS;
      config.vk.serviceRps = OWN_RPS;
      config.worker.walksMax = walksMax;
      config.poolMax = 8;
      return createObservedContainer(config, (_method, ownerId) => {
        for (const listener of listeners.get(-(ownerId ?? 0)) ?? []) listener();
      });
    }),
  );
};

/** @param seeds each gets a community of its own: number 1 is that of the first one */
export const createMutationRig = async (seeds: readonly number[]): Promise<MutationRig> => {
  const database = await createMigratedDatabase();
  const plans = seeds.map((seed) => planOf(seed, WORKERS.length));
  const communities = plans.map(({ seed, posts }, index) => ({
    id: index + 1,
    posts,
    twinLabel: String(seed),
  }));
  const sandbox = await createSandbox({
    world: createWorld({ users: 20, communities }, 7),
    tokens: TOKENS,
  });
  const listeners: Listeners = new Map();
  const workers = await openWorkers(sandbox, database.databaseUrl, listeners);
  return {
    sandbox,
    workers,
    plans: new Map(plans.map((plan, index) => [index + 1, plan])),
    onPage: (communityId, listener) => {
      const known = listeners.get(communityId) ?? new Set();
      listeners.set(communityId, known.add(listener));
      return () => void known.delete(listener);
    },
    stop: async () => {
      for (const { lifecycle } of workers) await lifecycle.stop();
      await sandbox.stop();
      await database.drop();
    },
  };
};
