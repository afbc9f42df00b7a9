import type { Change, LoggedChange, Mutator } from './changes';
import type { World } from './model';

/** A mutation that waits: for requests, for time, or for both; without either it comes at once. */
export type HistoryEvent = Change & {
  /** Answered requests to /method/ from now on. */
  afterRequests?: number;
  /** Milliseconds from now on, by the clock of the sandbox. */
  afterMs?: number;
};

/** A mutation whose turn came when what it changes was not there. */
export interface MissedEvent {
  event: HistoryEvent;
  reason: string;
}

/** What happens to the world, by a script. */
export interface History {
  /** @throws RangeError for an event that names no mutation */
  add(events: readonly HistoryEvent[]): void;
  /** All that has happened, by this script or otherwise. */
  log(): readonly LoggedChange[];
  /** Events that wait. */
  pending(): number;
  missed(): readonly MissedEvent[];
}

export interface HistoryRunner extends History {
  /** Does what is due by the clock. */
  runDue(): void;
  /** To be called after each answered request; does what is due by then. */
  onRequest(): void;
}

interface Waiting {
  event: HistoryEvent;
  fromRequest: number;
  fromMs: number;
}

const isDelay = (value: unknown): boolean =>
  value === undefined || (typeof value === 'number' && value >= 0);

/** Events may come as JSON from another process. */
const assertEvent = (
  mutator: Mutator,
  { op, args, afterRequests, afterMs }: HistoryEvent,
): void => {
  if (!Object.hasOwn(mutator, op)) throw new RangeError(`no such mutation: ${op}`);
  if (!Array.isArray(args)) throw new RangeError(`${op} takes a list of arguments`);
  if (!isDelay(afterRequests) || !isDelay(afterMs)) {
    throw new RangeError(`${op} waits for a number of requests or milliseconds, not below 0`);
  }
};

export const createHistory = (
  world: World,
  mutator: Mutator,
  clock: { now(): number },
): HistoryRunner => {
  let waiting: Waiting[] = [];
  const missed: MissedEvent[] = [];
  let requests = 0;

  const isDue = ({ event, fromRequest, fromMs }: Waiting): boolean =>
    requests >= fromRequest + (event.afterRequests ?? 0) &&
    clock.now() >= fromMs + (event.afterMs ?? 0);

  const run = (event: HistoryEvent): void => {
    try {
      const change = mutator[event.op] as (...args: unknown[]) => unknown;
      change(...event.args);
    } catch (error) {
      missed.push({ event, reason: error instanceof Error ? error.message : String(error) });
    }
  };

  const runDue = (): void => {
    const due = waiting.filter((entry) => isDue(entry));
    if (due.length === 0) return;
    waiting = waiting.filter((entry) => !due.includes(entry));
    for (const { event } of due) run(event);
  };

  return {
    runDue,
    add: (events) => {
      for (const event of events) assertEvent(mutator, event);
      const from = { fromRequest: requests, fromMs: clock.now() };
      waiting = [...waiting, ...events.map((event) => ({ event, ...from }))];
      runDue();
    },
    log: () => world.log,
    pending: () => waiting.length,
    missed: () => missed,
    onRequest: () => {
      requests += 1;
      runDue();
    },
  };
};
