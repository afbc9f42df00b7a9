import { createSandbox } from '@stenograf/sandbox';
import { WORLD_SIZES, type WorldSize } from '@stenograf/sandbox/world/sizes';
import { Option, type Command } from 'commander';
import { CliError, EXIT } from '../output/cliError';
import type { CommandContext } from './context';
import { exitCodeOfService, isPortTaken } from './serve';
import { parseInteger } from './values';

interface SandboxOptions {
  port: string;
  seed: string;
  world: WorldSize;
  json?: boolean;
}

const SEED_MAX = 2 ** 31 - 1;

const listen = async (options: SandboxOptions, { sentences }: CommandContext) => {
  const port = parseInteger('--port', options.port, { min: 0, max: 65_535 }, sentences);
  const seed = parseInteger('--seed', options.seed, { min: 0, max: SEED_MAX }, sentences);
  try {
    return await createSandbox({ world: options.world, seed, port });
  } catch (error) {
    if (!isPortTaken(error)) throw error;
    throw new CliError(EXIT.failed, sentences.portTaken(options.port), { cause: error });
  }
};

const runSandbox = async (options: SandboxOptions, context: CommandContext): Promise<number> => {
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
    .option('--json', 'print address and tokens as a JSON object')
    .action(async (options: SandboxOptions) => done(await runSandbox(options, context)));
};
