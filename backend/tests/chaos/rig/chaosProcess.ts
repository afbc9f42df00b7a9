import './chaosProcessClock';
import { createInterface } from 'node:readline';
import { Worker } from 'bullmq';
import { Client } from 'pg';
import { type Config, readConfig } from '../../../config/env';
import { startWorker } from '../../../src/worker';
import { watchOperations } from './operations';
import { stepClock } from './steppedClock';
import { createTraps, tell, type Trap } from './traps';

export type Role = 'worker' | 'server';

export interface StartOrder {
  type: 'start';
  role: Role;
  name: string;
  env: Record<string, string>;
  /** Set before anything is opened. */
  trap: Trap | null;
}

/** What the test tells a process, a line of JSON at a time. */
export type Order =
  | StartOrder
  | { type: 'arm'; trap: Trap }
  | { type: 'clock'; offsetMs: number }
  | { type: 'report' };

/** A job whose worker is gone comes back within two seconds rather than twenty. */
const JOB_LOCK_MS = 1_000;
const STALLED_EVERY_MS = 500;

const hurryStalledJobs = (): void => {
  const { run } = Worker.prototype;
  Worker.prototype.run = function runHurried(this: Worker) {
    const hurried = {
      lockDuration: JOB_LOCK_MS,
      lockRenewTime: JOB_LOCK_MS / 2,
      stalledInterval: STALLED_EVERY_MS,
    };
    Object.assign(this.opts, hurried);
    this['createLockManager']();
    return run.call(this);
  };
};

/** PostgreSQL can tell by it who wrote what. */
const nameConnections = (name: string): void => {
  const { connect } = Client.prototype;
  const connectNamed = function connectNamed(this: object, ...args: never[]): unknown {
    Object.assign(Reflect.get(this, 'connectionParameters') as object, { application_name: name });
    return Reflect.apply(connect, this, args);
  };
  Reflect.set(Client.prototype, 'connect', connectNamed);
};

const traps = createTraps();

const startWorking = async (config: Config) => ({ ...(await startWorker(config)), address: {} });

/** Loaded when it is wanted: most processes are workers, and loading is most of what they cost. */
const startServing = async (config: Config) => {
  const { startServer } = await import('../../../src/server');
  const { stop, url, internalKey: key } = await startServer(config, { withWorker: false });
  return { stop, address: { url, key } };
};

/** Told to end while it starts, it does so when it has. */
const stop = Promise.withResolvers<() => Promise<void>>();

const endOnRequest = async (): Promise<void> => {
  await (
    await stop.promise
  )();
  process.exit(0);
};

const start = async ({ role, name, env, trap }: StartOrder): Promise<void> => {
  nameConnections(name);
  if (trap) traps.arm(trap);
  const config = { ...readConfig(env), port: 0 };
  const service = await (role === 'worker' ? startWorking(config) : startServing(config));
  stop.resolve(service.stop);
  tell({ type: 'started', ...service.address });
};

const obey = async (order: Order): Promise<void> => {
  switch (order.type) {
    case 'start':
      return start(order);
    case 'arm':
      traps.arm(order.trap);
      return tell({ type: 'armed' });
    case 'clock':
      return stepClock(order.offsetMs);
    case 'report':
      return tell({ type: 'operations', list: traps.seen() });
  }
};

const main = (): void => {
  process.once('SIGTERM', () => void endOnRequest());
  hurryStalledJobs();
  watchOperations(traps.watch);
  // Standard input ends with the test process, however that ends: nothing is left running.
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      obey(JSON.parse(line) as Order).catch((error: unknown) => {
        process.stderr.write(`${String(error)}\n`);
        process.exit(1);
      });
    })
    .on('close', () => process.exit(1));
  tell({ type: 'warm' });
};

main();
