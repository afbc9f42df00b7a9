import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { USER_TOKEN } from '@stenograf/sandbox/limits/tokens';
import type { Command } from 'commander';
import { keyOf, readRecordKeys } from '../client/recordKeys';
import { startInProcess, type InProcessConnection } from '../client/connection';
import { createAdminLink } from '../client/signInLink';
import { startDemoSandbox, type DemoSandbox } from '../embedded/demoSandbox';
import { tryLock } from '../embedded/fileLock';
import { demoHome, ensureHome, resolveHome } from '../embedded/home';
import { findText, writePrivateFile } from '../embedded/privateFile';
import { removeServerFile } from '../embedded/serverFile';
import { CliError, EXIT } from '../output/cliError';
import { isDemoComplete, renderDemoSummary, type DemoTruth } from '../output/demoSummary';
import type { CommandContext, Environment } from './context';
import { followTask, printReport } from './followTask';
import { announce, isPortTaken } from './serve';

interface DemoOptions {
  once?: boolean;
  json?: boolean;
}

const SEED = 7;
/** Nothing in the demo is worth waiting for longer. */
const MAX_WAIT_MS = 60_000;

/** Communities of the demo world, named the ways people name them. */
const REFERENCES = [
  'https://vk.com/vetrogorod',
  '@kniga_i_chay',
  'velosever',
  'https://m.vk.ru/club4',
  'vk.com/noch.teatra',
  '-6',
];

/** Where a demo keeps its data, and the stand-in for VK that it was filled from. */
interface DemoPlace {
  home: string;
  sandbox: DemoSandbox;
  leave: () => Promise<void>;
}

const openSandbox = (port: number): Promise<DemoSandbox> =>
  startDemoSandbox({ world: 'demo', seed: SEED, port });

/** A database remembers the host that it was filled from, so the sandbox comes back where it was. */
const reopenSandbox = async (home: string): Promise<DemoSandbox | null> => {
  const file = join(home, 'sandbox.port');
  const port = Number(await findText(file));
  try {
    const sandbox = await openSandbox(port);
    if (port !== sandbox.port) await writePrivateFile(file, String(sandbox.port));
    return sandbox;
  } catch (error) {
    if (isPortTaken(error)) return null;
    throw error;
  }
};

/** A folder of its own that goes with the demo, for as long as another one has the usual. */
const takePlaceBeside = async (home: string): Promise<DemoPlace> => {
  const beside = join(home, `beside-${process.pid}`);
  return {
    home: beside,
    sandbox: await openSandbox(0),
    leave: () => rm(beside, { recursive: true, force: true }),
  };
};

const takePlace = async (env: Environment): Promise<DemoPlace> => {
  const base = resolveHome(env);
  const home = demoHome(base);
  await ensureHome(base);
  await ensureHome(home);
  const lock = tryLock(join(home, 'demo.lock'), 'exclusive');
  const sandbox = lock && (await reopenSandbox(home));
  if (lock && sandbox) return { home, sandbox, leave: async () => lock.release() };
  lock?.release();
  return takePlaceBeside(home);
};

/** The reader's own database, tokens and limits stay out of it. */
const demoEnvironment = (env: Environment, home: string, sandbox: DemoSandbox): Environment => ({
  ...Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(VK_.*|DATABASE_URL|REDIS_URL|STENOGRAF_(REDIS_PREFIX|SECRET.*))$/.test(name),
    ),
  ),
  STENOGRAF_HOME: home,
  VK_API_URL: sandbox.url,
  VK_TOKENS: `user:${USER_TOKEN}`,
});

/** PORT, as `serve` would; a free port when a real service has it already. */
const startDemoService = async (
  once: boolean,
  context: CommandContext,
): Promise<InProcessConnection> => {
  const start = (listen: 'settings' | 'free') =>
    startInProcess({ withWorker: true, listen, tellFirstKey: false }, context);
  if (once) return start('free');
  try {
    return await start('settings');
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    return start('free');
  }
};

const readTruth = async (sandbox: DemoSandbox): Promise<DemoTruth> => {
  const [{ posts, comments, fewest }, { violations }] = await Promise.all([
    sandbox.readTruth(),
    sandbox.readStats(),
  ]);
  return {
    posts: new Set(posts.map(keyOf)),
    comments: new Set(comments.map(keyOf)),
    violations: violations.length,
    fewestCalls: fewest.total,
  };
};

/** What a demo is made of, once all of it runs. */
interface RunningDemo {
  connection: InProcessConnection;
  sandbox: DemoSandbox;
  home: string;
}

/** Collects the demo communities and says how that went. @returns the exit code. */
const collectDemo = async (
  { connection, sandbox, home }: RunningDemo,
  { json = false }: DemoOptions,
  context: CommandContext,
): Promise<number> => {
  const { client } = connection;
  const { sentences, print, cli, language, outColors: colors } = context;
  const { id: taskId } = await client.call('POST /tasks', {
    body: { communities: REFERENCES },
  });
  const onInterrupt = () => Promise.resolve(context.note(sentences.demoInterrupted(home)));
  const maxWait = { maxWaitMs: MAX_WAIT_MS, isTyped: false };
  const follow = { taskId, maxWait, onInterrupt };
  const report = await followTask(connection, follow, context);

  const found = await readRecordKeys(
    await client.openExport({ kind: 'all', format: 'ndjson', filters: { task: taskId } }),
  );
  const result = { report, found, truth: await readTruth(sandbox), home, cli };
  if (json) printReport(report, { json }, context);
  else print(renderDemoSummary(result, Date.now(), { colors, language, sentences }).join('\n'));
  if (isDemoComplete(result)) return EXIT.complete;
  throw new CliError(EXIT.failed, sentences.demoDidNotEnd);
};

/** Leaves the service to whoever wants to look around, until Ctrl-C. */
const serveDemo = async (
  { connection, home }: RunningDemo,
  { note, sentences, interrupt, cli }: CommandContext,
): Promise<number> => {
  const { service, client } = connection;
  await announce(home, service);
  note('');
  note(sentences.demoServing(service.url));
  note(`  ${sentences.access.signIn(await createAdminLink(client))}`);
  note(`  ${sentences.demoKey(service.firstKey ?? service.internalKey)}`);
  note(`  ${sentences.demoTry} STENOGRAF_HOME=${home} ${cli} tasks list`);
  await interrupt.whenInterrupted();
  note(sentences.stopping);
  return interrupt.exitCode() ?? EXIT.complete;
};

const runDemo = async (
  running: RunningDemo,
  options: DemoOptions,
  context: CommandContext,
): Promise<number> => {
  const exitCode = await collectDemo(running, options, context);
  return options.once ? exitCode : serveDemo(running, context);
};

const demo = async (options: DemoOptions, context: CommandContext): Promise<number> => {
  const { env, note, sentences, errColors } = context;
  note(errColors.dim(sentences.demoIntro));
  const { home, sandbox, leave } = await takePlace(env);
  try {
    const inside = { ...context, env: demoEnvironment(env, home, sandbox) };
    const connection = await startDemoService(options.once ?? false, inside);
    try {
      return await runDemo({ connection, sandbox, home }, options, inside);
    } finally {
      await removeServerFile(home);
      await connection.release();
    }
  } finally {
    await sandbox.stop();
    await leave();
  }
};

export const registerDemo = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
): void => {
  program
    .command('demo')
    .summary('see it work on invented communities')
    .description(
      'Start everything on a stand-in for VK, collect its communities, check the result and ' +
        'serve it until Ctrl-C. Needs no token and touches no data of yours.',
    )
    .option('--once', 'exit after the summary')
    .option('--json', 'print the result as one JSON object')
    .action(async (options: DemoOptions) => done(await demo(options, context)));
};
