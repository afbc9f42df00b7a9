import { spawn } from 'node:child_process';
import { spawnOptions, type Account } from './account';

export interface ProgramResult {
  /** Null if a signal ended it or it could not be started. */
  readonly code: number | null;
  /** What it printed on both streams. */
  readonly output: string;
}

/** Runs a program to its end under the account; fails never, the caller judges the result. */
export const runProgram = (
  account: Account | null,
  command: string,
  args: readonly string[],
): Promise<ProgramResult> =>
  new Promise((resolve) => {
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    const child = spawn(command, args, {
      ...spawnOptions(account),
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C in the terminal is for us alone: what we run for a service is not torn in two.
      detached: true,
    });
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ code: null, output: error.message }));
    child.on('close', (code) => resolve({ code, output: output.trim() }));
  });
