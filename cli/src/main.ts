import { createContext, type CommandContext } from './commands/context';
import { runProgram } from './commands/program';
import { CliError, EXIT } from './output/cliError';

const wantsDebug = ({ env }: CommandContext): boolean =>
  !['', '0', undefined].includes(env['STENOGRAF_DEBUG']);

/** Says what went wrong in a sentence; the stack is for who asks for it. */
const report = (error: unknown, context: CommandContext): number => {
  const { note, sentences, errColors, interrupt } = context;
  const interrupted = interrupt.exitCode();
  if (wantsDebug(context)) console.error(error);
  if (interrupted !== null) return interrupted;
  if (error instanceof CliError) {
    note(`${errColors.red('✗')} ${error.message}`);
    return error.exitCode;
  }
  const message = error instanceof Error ? error.message : String(error);
  note(`${errColors.red('✗')} ${sentences.unexpected}: ${message}`);
  note(sentences.debugHint);
  return EXIT.failed;
};

const flush = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write('', () => resolve());
  });

const context = createContext(process);
const exitCode = await runProgram(process.argv.slice(2), context).catch((error: unknown) =>
  report(error, context),
);
await Promise.all([flush(context.stdout), flush(context.stderr)]);
// What a library left open must not keep a finished command alive.
process.exit(exitCode);
