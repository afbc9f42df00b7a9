import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClock, type Clock } from './clock';
import { createHumanCheck } from './limits/humanCheck';
import { createLimits, type FloodLimit } from './limits/createLimits';
import { createTokenRegistry } from './limits/tokenRegistry';
import { DEFAULT_TOKENS, type SandboxToken } from './limits/tokens';
import { createApi } from './server/createApi';
import { createHttpServer } from './server/createHttpServer';
import type { Controls } from './server/control';
import { createFaultScript, type FaultPlan, type FaultScript } from './server/faults';
import { parseFaultPlan } from './server/faultsParse';
import { createStatsRecorder } from './server/stats';
import { DEFAULT_SWITCHES, type Switches } from './vk/switches';
import { createWorld } from './world/createWorld';
import { createHistory, type HistoryEvent } from './world/history';
import type { World } from './world/model';
import { createMutator } from './world/mutate';
import { createMutationRunner, type MutationPlan } from './world/mutationPlan';
import type { WorldSize } from './world/sizes';
import { createTruth } from './world/truth';

export interface SandboxOptions {
  /** 0 takes a free one; the default. */
  port?: number;
  /** 7 by default. */
  seed?: number;
  /** A named size (`tiny` by default) or a world from `createWorld`. */
  world?: WorldSize | World;
  /** One user token and one service key by default, three requests a second each. */
  tokens?: readonly SandboxToken[];
  /** Refuses the same call over and over (error 9); off by default. */
  flood?: FloodLimit;
  /** Whether service keys may call `execute`; by default the switch of that name says it: no. */
  serviceExecute?: boolean;
  /** Lets the world change while it is being read. */
  mutate?: MutationPlan;
  /** What happens to the world and when: edits, deletions, restorations, closings. */
  history?: readonly HistoryEvent[];
  /** What goes wrong and when: a plan, or its text as `parseFaultPlan` reads it. */
  faults?: FaultPlan | string;
  /** Points that VK leaves open. */
  switches?: Partial<Switches>;
}

export interface Sandbox extends Controls {
  /** What to set as the address of VK's API: ends in `/method`. */
  url: string;
  port: number;
  world: World;
  /** Ends every connection and stops listening. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const DEFAULT_SEED = 7;

const openWorld = ({ world = 'tiny', seed = DEFAULT_SEED }: SandboxOptions): World =>
  typeof world === 'string' ? createWorld(world, seed) : world;

/** The clock as a test turns it: what becomes due by that happens at once. */
const turnedClock = (clock: Clock, onTurned: () => void): Clock => ({
  now: clock.now,
  advance: (ms) => {
    clock.advance(ms);
    onTurned();
  },
});

/** The world with everything that changes it: by hand, by script, by itself. */
const createStage = (options: SandboxOptions, switches: Switches, clock: Clock) => {
  const world = openWorld(options);
  const mutator = createMutator(world, switches);
  const history = createHistory(world, mutator, clock);
  history.add(options.history ?? []);
  const mutateByItself = options.mutate
    ? createMutationRunner(world, mutator, options.mutate)
    : () => undefined;
  const onRequest = (): void => {
    mutateByItself();
    history.onRequest();
  };
  return { world, mutator, history, onRequest };
};

const createPlannedFaults = ({ faults: plan = {} }: SandboxOptions): FaultScript => {
  const faults = createFaultScript();
  faults.plan(typeof plan === 'string' ? parseFaultPlan(plan) : plan);
  return faults;
};

const listen = async (server: Server, port: number): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  return (server.address() as AddressInfo).port;
};

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/**
 * Starts an emulator of VK's API on the loopback address.
 * @throws Error when the port is taken
 * @throws RangeError when the text of the faults or an event of the history makes no sense
 */
export const createSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const clock = createClock();
  const { world, mutator, history, onRequest } = createStage(options, switches, clock);
  const tokens = createTokenRegistry(options.tokens ?? DEFAULT_TOKENS, { clock, switches });
  const limits = createLimits({ switches, flood: options.flood });
  const assertHuman = createHumanCheck({
    clock,
    onPassed: (token) => tokens.change(token, { captcha: null }),
  });
  const serviceExecute = options.serviceExecute ?? switches.serviceExecute;
  const stats = createStatsRecorder();
  const faults = createPlannedFaults(options);
  const shared = { clock, tokens, switches, faults, stats };
  const controls: Controls = {
    truth: (truthOptions) => {
      history.runDue();
      const truth = createTruth(world, truthOptions, switches);
      return { ...truth, violations: stats.snapshot().violations };
    },
    stats: () => stats.snapshot(),
    resetStats: () => stats.reset(),
    mark: () => world.step,
    faults,
    mutator,
    history,
    clock: turnedClock(clock, () => history.runDue()),
    tokens,
  };
  const api = createApi({ ...shared, assertHuman, limits, world, serviceExecute });
  const server = createHttpServer({ ...shared, api, controls, onRequest });
  const port = await listen(server, options.port ?? 0);
  return {
    ...controls,
    url: `http://${HOST}:${port}/method`,
    port,
    world,
    stop: () => close(server),
  };
};
