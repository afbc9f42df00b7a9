import { writeSync } from 'node:fs';
import type { Phase, Watch } from './operations';

/** What a process does to itself at an operation of its own. */
export type Deed =
  /** Ends as by a power cut. */
  | 'kill'
  /** Stops in its tracks until it is woken. */
  | 'freeze'
  /** Does nothing else for `ms`: no timer, no heartbeat. */
  | 'block'
  /** The connection of the operation ends. */
  | 'cut'
  /** Fails where nobody listens. */
  | 'crash'
  /** Is told to end, as by a deployment. */
  | 'terminate'
  /** Goes on. */
  | 'tell';

export interface Trap {
  /** A regular expression: which operations count. */
  on: string;
  /** Springs at the n-th of them, from 1. */
  nth: number;
  phase: Phase;
  deed: Deed;
  /** For `block`. */
  ms?: number;
}

/** What a process tells the test. */
export type ProcessEvent =
  | { type: 'warm' }
  | { type: 'armed' }
  | { type: 'started'; url?: string; key?: string }
  | { type: 'sprung'; operation: string }
  | { type: 'operations'; list: string[] };

/** At once: the process may not live to see its next turn. */
export const tell = (event: ProcessEvent): void => {
  writeSync(1, `${JSON.stringify(event)}\n`);
};

const block = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

const act = ({ deed, ms = 0 }: Trap, cut: () => void): void => {
  switch (deed) {
    case 'kill':
      return void process.kill(process.pid, 'SIGKILL');
    case 'freeze':
      return void process.kill(process.pid, 'SIGSTOP');
    case 'terminate':
      return void process.kill(process.pid, 'SIGTERM');
    case 'block':
      return block(ms);
    case 'cut':
      return cut();
    case 'crash':
      return void Promise.reject(new Error('Nobody listens to this.'));
    case 'tell':
  }
};

/** Holds one trap at a time, and the names of all operations since it was armed. */
export const createTraps = (): { watch: Watch; arm(trap: Trap): void; seen(): string[] } => {
  let armed: { trap: Trap; on: RegExp; left: number } | null = null;
  let seen: string[] = [];
  const watch: Watch = (operation, phase, cut) => {
    if (phase === 'before') seen.push(operation);
    if (armed?.trap.phase !== phase || !armed.on.test(operation)) return;
    armed.left -= 1;
    if (armed.left > 0) return;
    const { trap } = armed;
    armed = null;
    tell({ type: 'sprung', operation });
    act(trap, cut);
  };
  return {
    watch,
    arm: (trap) => {
      seen = [];
      armed = { trap, on: new RegExp(trap.on), left: trap.nth };
    },
    seen: () => seen,
  };
};
