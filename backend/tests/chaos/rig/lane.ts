import { QueryTypes } from 'sequelize';
import type { SandboxToken } from '@stenograf/sandbox/limits/tokens';
import { type Collecting, createCollecting } from '../../support/collecting';
import { eventually } from '../../support/eventually';
import { type PrivateServices, startPrivateServices } from '../../support/services';
import { createChaosWorld, createWallSupply, type WallKind } from './chaosWorld';
import type { Role } from './chaosProcess';
import { type ChaosProcess, launchProcess } from './processes';
import { createLagMeter, type LagMeter } from './lagMeter';
import { hostAndPort, startRedis } from './servers';
import { createTcpProxy, type TcpProxy } from './tcpProxy';
import type { Trap } from './traps';
import { callWitnesses } from './witnesses';
import { PATIENCE_MS } from './patience';

/**
 * How VK is called on a lane: packed, at a pace at which a run takes seconds, or (as with service
 * keys) by single calls. Requests a second are those of each token, allowed as well as told.
 */
export type Way = 'packs' | 'singles';
const RPS: Record<Way, number> = { packs: 4, singles: 16 };

/** Wider than by default: processes of a busy machine of two cores are late now and then. */
export const JITTER_MS = 300;
export const LEASE_MS = 2_000;
export const VK_TIMEOUT_MS = 1_500;

export const USER_TOKEN = 'sandbox-user-token';
export const SERVICE_KEY = 'sandbox-service-key';

const tokensFor = (way: Way): SandboxToken[] => [
  { token: USER_TOKEN, kind: 'user', rps: RPS[way], canExecute: way === 'packs' },
  { token: SERVICE_KEY, kind: 'service', rps: RPS[way] },
];

const WALLS: Record<WallKind, number> = { tiny: 600, small: 1_000 };

export interface Proxies {
  postgres: TcpProxy;
  redis: TcpProxy;
  vk: TcpProxy;
}

/** A task that a run is about. */
export interface Job {
  taskId: number;
  communityIds: number[];
  /** The sandbox's mark when it was created. */
  mark: number;
}

export interface StartOptions {
  /** Beside those of the lane, or in their place. */
  env?: Record<string, string>;
  /** Set before anything is opened. */
  trap?: Trap;
}

/** Everything that runs share which come one after another: services, VK, processes between them. */
export interface Lane {
  readonly way: Way;
  readonly collecting: Collecting;
  readonly services: PrivateServices;
  readonly proxies: Proxies;
  readonly lagMeter: LagMeter;
  /** Settings of its processes, which reach all services through the proxies. */
  readonly env: Readonly<Record<string, string>>;
  start(role: Role, options?: StartOptions): Promise<ChaosProcess>;
  /** Makes sure that so many workers live, and ends those above. */
  workers(count: number): Promise<ChaosProcess[]>;
  liveWorkers(): ChaosProcess[];
  /** A task of walls that nobody has seen. */
  createJob(kind: WallKind, walls?: number): Promise<Job>;
  takeWalls(kind: WallKind, walls: number): number[];
  /** A user token of one run alone: what is held against it must not trouble others. */
  issueToken(): string;
  query<T extends object>(sql: string, bind?: unknown[]): Promise<T[]>;
  /** Ends all faults; what they ended is started again. */
  calm(): Promise<void>;
  stop(): Promise<void>;
}

const through = (url: string, { port }: TcpProxy): string => {
  const proxied = new URL(url);
  proxied.port = String(port);
  return proxied.href;
};

const createProxies = async ({ env }: Collecting): Promise<Proxies> => {
  const [postgres, redis, vk] = await Promise.all(
    ['DATABASE_URL', 'REDIS_URL', 'VK_API_URL'].map((name) =>
      createTcpProxy(hostAndPort(env[name] ?? '')),
    ),
  );
  if (!postgres || !redis || !vk) throw new Error('There are three services.');
  return { postgres, redis, vk };
};

const envThrough = ({ env }: Collecting, proxies: Proxies): Record<string, string> => ({
  ...env,
  DATABASE_URL: through(env['DATABASE_URL'] ?? '', proxies.postgres),
  REDIS_URL: through(env['REDIS_URL'] ?? '', proxies.redis),
  VK_API_URL: through(env['VK_API_URL'] ?? '', proxies.vk),
  LOG_LEVEL: 'info',
});

const createProcesses = (env: Record<string, string>) => {
  let spare = launchProcess();
  let started: ChaosProcess[] = [];
  let names = 0;

  const start: Lane['start'] = async (role, { env: more = {}, trap } = {}) => {
    const taken = spare;
    // The next one loads its code while this one begins.
    spare = launchProcess();
    names += 1;
    const name = `${role}-${names}`;
    const process = await taken.start({ role, name, env: { ...env, ...more }, trap: trap ?? null });
    started.push(process);
    return process;
  };

  const liveWorkers = (): ChaosProcess[] => {
    started = started.filter((process) => process.isAlive());
    return started.filter(({ name }) => name.startsWith('worker'));
  };

  const workers: Lane['workers'] = async (count) => {
    const live = liveWorkers();
    await Promise.all(live.slice(count).map((worker) => worker.end('SIGKILL')));
    const missing = Math.max(0, count - live.length);
    const added = await Promise.all(Array.from({ length: missing }, () => start('worker')));
    return [...live.slice(0, count), ...added];
  };

  const stop = async (): Promise<void> => {
    await Promise.all([...started.map((process) => process.end('SIGKILL')), spare.end()]);
  };

  return { start, workers, liveWorkers, stop };
};

export const createLane = async (way: Way): Promise<Lane> => {
  const services = await startPrivateServices();
  const collecting = await createCollecting({
    sandbox: { world: createChaosWorld(WALLS), tokens: tokensFor(way) },
    tokens: `user:${USER_TOKEN},service:${SERVICE_KEY}`,
    env: {
      VK_USER_RPS: String(RPS[way]),
      VK_SERVICE_RPS: String(RPS[way]),
      VK_JITTER_MS: String(JITTER_MS),
      VK_TIMEOUT_MS: String(VK_TIMEOUT_MS),
      STENOGRAF_LEASE_MS: String(LEASE_MS),
      STENOGRAF_SWEEP_MS: '200',
    },
    services,
    withWorker: false,
  });
  const { sandbox, container } = collecting;
  await callWitnesses(container.sequelize);
  const proxies = await createProxies(collecting);
  const env = envThrough(collecting, proxies);
  const processes = createProcesses(env);
  const takeWalls = createWallSupply(WALLS);
  const lagMeter = createLagMeter();
  let tokens = 0;

  return {
    way,
    collecting,
    services,
    proxies,
    lagMeter,
    env,
    start: processes.start,
    workers: processes.workers,
    liveWorkers: processes.liveWorkers,
    takeWalls,
    issueToken: () => {
      tokens += 1;
      const token = `token-of-one-run-${tokens}`;
      sandbox.tokens.add({ token, kind: 'user', rps: RPS[way], canExecute: way === 'packs' });
      return token;
    },
    createJob: async (kind, walls = 1) => {
      const communityIds = takeWalls(kind, walls);
      const mark = sandbox.mark();
      const communities = communityIds.map((id) => `club${id}`);
      const { id: taskId } = await container.taskService.createTask({ communities });
      return { taskId, communityIds, mark };
    },
    query: <T extends object>(sql: string, bind?: unknown[]) =>
      container.sequelize.query<T>(sql, {
        // Without values a dollar is a dollar.
        ...(bind && { bind }),
        type: QueryTypes.SELECT,
      }),
    calm: async () => {
      for (const proxy of Object.values(proxies)) proxy.calm();
      sandbox.faults.clear();
      await services.postgres.start();
      await startRedis(services);
      // The connections that this process had before a restart are gone.
      await eventually(() => container.sequelize.query('SELECT 1').then(Boolean, () => false), {
        withinMs: PATIENCE_MS,
        what: 'PostgreSQL',
      });
    },
    stop: async () => {
      lagMeter.stop();
      await processes.stop();
      await Promise.all(Object.values(proxies).map((proxy) => proxy.stop()));
      await collecting.stop();
      await services.stop();
    },
  };
};
