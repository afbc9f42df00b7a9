import { createSandbox, type SandboxOptions } from '@stenograf/sandbox';
import { WORLD_SIZES, type WorldSize } from '@stenograf/sandbox/world/sizes';
import { Option, type Command } from 'commander';
import { readFaults, readSwitches } from '../embedded/sandboxSettings';
import { CliError, EXIT } from '../output/cliError';
import type { CommandContext } from './context';
import { exitCodeOfService, isPortTaken } from './serve';
import { parseInteger } from './values';

interface CommandOptions {
  port: string;
  seed: string;
  world: WorldSize;
  switches?: string;
  faults?: string;
  mutateEvery?: string;
  json?: boolean;
}

const SEED_MAX = 2 ** 31 - 1;

/** @throws CliError `usage` naming the option that makes no sense */
const readOptions = async (
  { port, seed, world, switches, faults, mutateEvery }: CommandOptions,
  { sentences }: CommandContext,
): Promise<SandboxOptions> => {
  const options: SandboxOptions = {
    port: parseInteger('--port', port, { min: 0, max: 65_535 }, sentences),
    seed: parseInteger('--seed', seed, { min: 0, max: SEED_MAX }, sentences),
    world,
  };
  if (switches !== undefined) options.switches = await readSwitches(switches, sentences);
  if (faults !== undefined) options.faults = await readFaults(faults, sentences);
  if (mutateEvery !== undefined) {
    options.mutate = { every: parseInteger('--mutate-every', mutateEvery, { min: 1 }, sentences) };
  }
  return options;
};

const listen = async (options: CommandOptions, context: CommandContext) => {
  const sandboxOptions = await readOptions(options, context);
  try {
    return await createSandbox(sandboxOptions);
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    throw new CliError(EXIT.failed, context.sentences.portTaken(options.port), { cause: error });
  }
};

const runSandbox = async (options: CommandOptions, context: CommandContext): Promise<number> => {
  const { cli, note, print, sentences, interrupt } = context;
  const sandbox = await listen(options, context);
  try {
    const tokens = sandbox.tokens.list().map(({ kind, token }) => `${kind}:${token}`);
    note(sentences.sandboxListens(sandbox.url));
    note(sentences.sandboxTokens);
    note(`  VK_API_URL=${sandbox.url} VK_TOKENS=${tokens[0]} ${cli} collect club1`);
    note(sentences.stopHint);
    if (options.json) print(JSON.stringify({ url: sandbox.url, tokens, pid: process.pid }));
    await interrupt.whenInterrupted();
    return exitCodeOfService(context);
  } finally {
    await sandbox.stop();
  }
};

export const registerSandbox = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
): void => {
  program
    .command('sandbox')
    .summary('run a stand-in for VK on this machine')
    .description('Run a server that answers as VK does, with an invented world, until Ctrl-C.')
    .option('--port <port>', 'port to listen on, 0 for a free one', '8080')
    .option('--seed <n>', 'the same seed makes the same world', '7')
    .addOption(new Option('--world <name>', 'which world').choices(WORLD_SIZES).default('demo'))
    .option('--switches <list>', 'name=value,… or the report of a probe')
    .option('--faults <plan>', 'what goes wrong and when: a file or the words themselves')
    .option('--mutate-every <n>', 'let the world change after every N requests')
    .option('--json', 'print address and tokens as a JSON object')
    .action(async (options: CommandOptions) => done(await runSandbox(options, context)));
};
