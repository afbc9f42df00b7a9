import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runBunTest } from './bunTest';
import { formatCount, sum, type Count } from './count';
import { listUnitTests } from './testFiles';

const root = join(import.meta.dir, '..', '..');

/** `bun --bun x` runs the tools on this Bun, so that a machine without Node can check too. */
const tool = (...args: string[]): string[] => ['--bun', 'x', '--no-install', ...args];

/** By name, what Bun is asked to run; the slow ones first, since two run at a time. */
const STEPS: Readonly<Record<string, string[]>> = {
  'lint, import directions, cycles': tool('oxlint', '--type-aware'),
  types: tool('tsc', '-p', '.'),
  'unused code': tool('knip'),
  format: tool('prettier', '--check', '--log-level', 'warn', '.'),
  'document references': ['script/lib/checkDocuments.ts'],
};
const AT_ONCE = 2;

interface Result {
  readonly isPassed: boolean;
  readonly output: string;
}

const run = (args: readonly string[]): Promise<Result> =>
  new Promise((resolve) => {
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ isPassed: false, output: error.message }));
    child.on('close', (code) => resolve({ isPassed: code === 0, output }));
  });

const runStep = async (name: string, args: readonly string[]): Promise<Count> => {
  const start = performance.now();
  const { isPassed, output } = await run(args);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`${isPassed ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`);
  if (!isPassed) console.log(output);
  return isPassed ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
};

const runSteps = async (): Promise<Count[]> => {
  const waiting = Object.entries(STEPS);
  const counts: Count[] = [];
  const takeTurns = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      counts.push(await runStep(...next));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeTurns));
  return counts;
};

const steps = await runSteps();
const total = sum([...steps, await runBunTest({ root, files: listUnitTests(root) })]);
console.log(formatCount(total));
process.exitCode = total.failed === 0 ? 0 : 1;
