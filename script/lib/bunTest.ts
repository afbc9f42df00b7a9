import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countReport, type Count } from './count';

export interface TestRun {
  readonly root: string;
  /** Relative to the root. */
  readonly files: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

/** For tests that wait for real processes on a busy machine; each bounds its own waits. */
const TIMEOUT_MS = 60_000;

const waitForExit = (command: string, args: readonly string[], cwd: string, env: object) =>
  new Promise<number | null>((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.on('error', () => resolve(null));
    child.on('exit', (code) => resolve(code));
  });

/** Runs the files with this Bun, each in a fresh global, and shows what Bun prints. */
export const runBunTest = async ({
  root,
  files,
  env = {},
  flags = [],
}: TestRun): Promise<Count> => {
  if (files.length === 0) return { passed: 0, failed: 0 };
  const folder = await mkdtemp(join(tmpdir(), 'stenograf-report-'));
  const report = join(folder, 'junit.xml');
  try {
    const args = [
      'test',
      '--isolate',
      '--only-failures',
      `--timeout=${TIMEOUT_MS}`,
      '--reporter=junit',
      `--reporter-outfile=${report}`,
      ...flags,
      ...files.map((file) => `./${file}`),
    ];
    const exitCode = await waitForExit(process.execPath, args, root, env);
    return countReport(await readFile(report, 'utf8').catch(() => null), exitCode);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
