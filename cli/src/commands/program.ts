import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { EXIT } from '../output/cliError';
import type { Colors } from '../output/colors';
import { registerAuthors } from './authors';
import { registerCollect } from './collect';
import type { CommandContext } from './context';
import { registerDemo } from './demo';
import { registerExport } from './export';
import { registerKeys } from './keys';
import { registerMigrate } from './migrate';
import { registerProbe } from './probe';
import { registerSandbox } from './sandbox';
import { registerSearch } from './search';
import { registerServe } from './serve';
import { registerTasks } from './tasks';
import { registerTokens } from './tokens';
import { registerUsers } from './users';
import { registerWorker } from './worker';

const HELP = (cli: string): string => `
Start here:
  ${cli} demo                                    see it work, without a token
  ${cli} tokens add --kind service               keep a VK key to collect with
  ${cli} collect apiclub --out apiclub.ndjson    collect a community

Settings are read from the environment: STENOGRAF_HOME, DATABASE_URL, REDIS_URL,
VK_TOKENS and others. Without DATABASE_URL and REDIS_URL both are started for
you, and data is kept in STENOGRAF_HOME.`;

/** `error: unknown option '--x'` in the manner of our own sentences. */
const toSentence = (text: string, colors: Colors): string => {
  const sentence = text.replace(/^error: /, '');
  return `${colors.red('✗')} ${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
};

const createProgram = (context: CommandContext, done: (exitCode: number) => void): Command => {
  const { cli, stdout, stderr, outColors, errColors, sentences } = context;
  const program = new Command('stenograf')
    .description('Collects the posts and comments of VK communities, completely.')
    .version(`stenograf ${version}`, '--version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .exitOverride()
    .configureHelp({ showGlobalOptions: false, styleTitle: (title) => outColors.bold(title) })
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
      outputError: (text, write) => write(toSentence(text, errColors)),
    })
    .showHelpAfterError(sentences.seeHelp(cli))
    .addHelpText('after', HELP(cli));
  for (const register of [
    registerDemo,
    registerCollect,
    registerTasks,
    registerTokens,
    registerSearch,
    registerExport,
    registerServe,
    registerWorker,
    registerKeys,
    registerUsers,
    registerAuthors,
    registerMigrate,
    registerProbe,
    registerSandbox,
  ]) {
    register(program, context, done);
  }
  for (const command of program.commands) {
    command.showHelpAfterError(sentences.seeHelp(`${cli} ${command.name()}`));
  }
  return program;
};

/** Alone these list; written out, since commander's default verb would swallow typos. */
const LISTING: readonly string[] = ['tasks', 'tokens', 'keys', 'users'];

const withDefaultVerb = (argv: readonly string[]): string[] => {
  const [command, verb, ...rest] = argv;
  if (command === undefined || !LISTING.includes(command)) return [...argv];
  if (verb !== undefined && !verb.startsWith('-')) return [...argv];
  if (verb === '--help' || verb === '-h') return [...argv];
  return [command, 'list', ...(verb === undefined ? [] : [verb]), ...rest];
};

/**
 * Runs one command line. @returns the exit code.
 * @throws CliError with a sentence, or whatever went wrong unforeseen.
 */
export const runProgram = async (
  argv: readonly string[],
  context: CommandContext,
): Promise<number> => {
  let exitCode: number = EXIT.complete;
  const program = createProgram(context, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(withDefaultVerb(argv), { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Commander has said what there is to say; help that was asked for is no error.
    return error.exitCode === 0 ? EXIT.complete : EXIT.usage;
  }
};
