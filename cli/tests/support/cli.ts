import { spawn } from 'node:child_process';
import { join } from 'node:path';

const MAIN = join(import.meta.dir, '../../src/main.ts');

export interface CliOptions {
  /** All that the command sees of the environment, beside PATH. */
  env: Record<string, string>;
  stdin?: string;
}

export interface CliResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface CliProcess {
  readonly pid: number;
  /** Resolves when the output, of either kind, holds the text. */
  waitForText(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<CliResult>;
  /** What it has written so far. */
  readonly output: Readonly<{ stdout: string; stderr: string }>;
}

/** Starts the CLI as its launcher would. */
export const startCli = (args: readonly string[], { env, stdin = '' }: CliOptions): CliProcess => {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C.UTF-8', ...env },
  });
  const output = { stdout: '', stderr: '' };
  let wake = Promise.withResolvers<void>();
  const hear = (): void => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      output[name] += text;
      hear();
    });
  }
  const ended = new Promise<CliResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => {
      resolve({ exitCode, ...output });
      hear();
    });
  });
  child.stdin.end(stdin);
  return {
    pid: child.pid ?? 0,
    ended,
    output,
    kill: (signal) => void child.kill(signal),
    waitForText: async (text) => {
      while (!(output.stdout + output.stderr).includes(text)) {
        if (child.exitCode !== null) {
          throw new Error(`Ended without “${text}”:\n${output.stdout}${output.stderr}`);
        }
        await wake.promise;
      }
    },
  };
};

/** Runs the CLI to its end. */
export const runCli = (args: readonly string[], options: CliOptions): Promise<CliResult> =>
  startCli(args, options).ended;
