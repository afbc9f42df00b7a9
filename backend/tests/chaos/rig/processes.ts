import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '../../support/eventually';
import type { Order, StartOrder } from './chaosProcess';
import type { ProcessEvent, Trap } from './traps';

const MAIN = join(__dirname, 'chaosProcess.ts');

/** A worker or an API in a process of its own. */
export interface ChaosProcess {
  /** Under which PostgreSQL knows its connections. */
  readonly name: string;
  readonly log: readonly string[];
  /** Of an API: where it listens and a key with every right. */
  readonly url: string;
  readonly key: string;
  isAlive(): boolean;
  /** Sets a trap, from now on; the one before it is forgotten. */
  arm(trap: Trap): Promise<void>;
  /** Waits for the trap that was set last. @returns the operation at which it sprang. */
  sprung(withinMs?: number): Promise<string>;
  /** Names of all operations since the last trap was set. */
  operations(): Promise<string[]>;
  /** Puts its clock ahead (or, below zero, behind) by so much. */
  stepClock(ms: number): void;
  freeze(): void;
  wake(): void;
  /** @returns the exit code, or null where a signal ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  exited: Promise<number | null>;
}

export interface WarmProcess {
  /**
   * With a trap it is not waited for, since it may not live to tell that it has started.
   * @throws with its log when the process ends before it has started.
   */
  start(order: Omit<StartOrder, 'type'>): Promise<ChaosProcess>;
  end(): Promise<unknown>;
}

const START_MS_MAX = 60_000;
const NOWHERE: { url?: string; key?: string } = {};
const SPRING_MS_MAX = 60_000;

type EventOf<T extends ProcessEvent['type']> = Extract<ProcessEvent, { type: T }>;

/** Launches a process that has loaded all code and waits for what it is to be. */
export const launchProcess = (): WarmProcess => {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  const events: ProcessEvent[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line) as ProcessEvent);
  });
  child.stdin.on('error', () => {});
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  // Later than its exit: by then all that it has told is heard.
  let isOver = false;
  child.once('close', () => (isOver = true));
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  const send = (order: Order): void => void child.stdin.write(`${JSON.stringify(order)}\n`);

  const hear = <T extends ProcessEvent['type']>(type: T, withinMs: number): Promise<EventOf<T>> =>
    eventually(
      () => {
        const index = events.findIndex((event) => event.type === type);
        if (index >= 0) return events.splice(index, 1)[0] as EventOf<T>;
        if (isOver) throw new Error(`The process ended early:\n${log.join('\n')}`);
        return null;
      },
      { withinMs, what: `a process to tell "${type}"` },
    );

  const forget = (type: ProcessEvent['type']): void => {
    const kept = events.filter((event) => event.type !== type);
    events.splice(0, events.length, ...kept);
  };

  const ask = <T extends ProcessEvent['type']>(order: Order, type: T): Promise<EventOf<T>> => {
    send(order);
    return hear(type, START_MS_MAX);
  };

  const end = (signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null> => {
    if (isAlive()) child.kill(signal);
    return exited;
  };

  return {
    end: () => end('SIGKILL'),
    start: async (order) => {
      send({ type: 'start', ...order });
      const { url = '', key = '' } = order.trap ? NOWHERE : await hear('started', START_MS_MAX);
      return {
        name: order.name,
        log,
        url,
        key,
        isAlive,
        arm: async (trap) => {
          forget('sprung');
          await ask({ type: 'arm', trap }, 'armed');
        },
        sprung: async (withinMs = SPRING_MS_MAX) => (await hear('sprung', withinMs)).operation,
        operations: async () => (await ask({ type: 'report' }, 'operations')).list,
        stepClock: (offsetMs) => send({ type: 'clock', offsetMs }),
        freeze: () => void child.kill('SIGSTOP'),
        wake: () => void child.kill('SIGCONT'),
        end,
        exited,
      };
    },
  };
};
