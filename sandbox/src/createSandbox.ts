import type { AddressInfo } from 'node:net';
import { createClock } from './clock';
import { createHumanCheck } from './limits/humanCheck';
import { createLimits, type FloodLimit } from './limits/createLimits';
import { createTokenRegistry } from './limits/tokenRegistry';
import { DEFAULT_TOKENS, type SandboxToken } from './limits/tokens';
import { createApi } from './server/createApi';
import { createHttpServer } from './server/createHttpServer';
import type { Controls } from './server/control';
import { createFaultScript, type FaultPlan } from './server/faults';
import { parseFaultPlan } from './server/faultsParse';
import { createStatsRecorder } from './server/stats';
import { DEFAULT_SWITCHES, type Switches } from './vk/switches';
import { createWorld } from './world/createWorld';
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

/**
 * Starts an emulator of VK's API on the loopback address.
 * @throws Error when the port is taken
 * @throws RangeError when the text of the faults makes no sense
 */
export const createSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const { mutate, port = 0 } = options;
  const world = openWorld(options);
  const switches = { ...DEFAULT_SWITCHES, ...options.switches };
  const clock = createClock();
  const tokens = createTokenRegistry(options.tokens ?? DEFAULT_TOKENS, { clock, switches });
  const limits = createLimits({ switches, flood: options.flood });
  const assertHuman = createHumanCheck({
    clock,
    onPassed: (token) => tokens.change(token, { captcha: null }),
  });
  const serviceExecute = options.serviceExecute ?? switches.serviceExecute;
  const stats = createStatsRecorder();
  const faults = createFaultScript();
  const { faults: planned = {} } = options;
  faults.plan(typeof planned === 'string' ? parseFaultPlan(planned) : planned);
  const mutator = createMutator(world, switches);
  const controls: Controls = {
    truth: (truthOptions) => ({
      ...createTruth(world, truthOptions, switches),
      violations: stats.snapshot().violations,
    }),
    stats: () => stats.snapshot(),
    resetStats: () => stats.reset(),
    mark: () => world.step,
    faults,
    mutator,
    clock,
    tokens,
  };
  const server = createHttpServer({
    api: createApi({
      assertHuman,
      clock,
      limits,
      world,
      tokens,
      serviceExecute,
      switches,
      faults,
      stats,
    }),
    clock,
    controls,
    stats,
    switches,
    onRequest: mutate ? createMutationRunner(world, mutator, mutate) : () => undefined,
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, resolve);
  });
  const address = server.address() as AddressInfo;
  return {
    ...controls,
    url: `http://${HOST}:${address.port}/method`,
    port: address.port,
    world,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
