import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from './eventually';

const MAIN = join(__dirname, 'workerProcess.ts');

export interface WorkerProcess {
  /** Lines of its log so far. */
  readonly log: readonly string[];
  /** Resolves with the exit code, or with null where a signal ended it. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  /** Stops it in its tracks, as a frozen machine would, until it is woken. */
  freeze(): void;
  wake(): void;
}

/**
 * Starts a worker in a process of its own, which a test may end as hard as it likes.
 * @param env the settings, as `readConfig` takes them
 * @throws with the log when the process ends before it is ready.
 */
export const startWorkerProcess = async (
  env: Readonly<Record<string, string>>,
): Promise<WorkerProcess> => {
  const child = spawn(process.execPath, [MAIN], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
  let isReady = false;
  child.stdout.once('data', () => (isReady = true));
  await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(`The worker ended early:\n${log.join('\n')}`);
      return isReady;
    },
    { withinMs: 30_000, what: 'a worker process' },
  );
  return {
    log,
    end: (signal) => {
      child.kill(signal);
      return exited;
    },
    freeze: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
  };
};
