import type { Command } from 'commander';
import { CliError, EXIT } from '../output/cliError';
import type { CommandContext } from './context';
import { exitCodeOfService, withLogFormat } from './serve';

const work = async ({ json }: { json?: boolean }, context: CommandContext): Promise<number> => {
  const { env, note, print, sentences, interrupt } = context;
  if (!env['VK_TOKENS']) throw new CliError(EXIT.noPermission, sentences.noTokens(context.cli));
  const { startWorkerService } = await import('../embedded/service');
  const worker = await startWorkerService({ env: withLogFormat(env, context), note });
  try {
    note(sentences.workerRuns);
    note(sentences.stopHint);
    if (json) print(JSON.stringify({ pid: process.pid }));
    await interrupt.whenInterrupted();
    note(sentences.stopping);
    return exitCodeOfService(context);
  } finally {
    await worker.stop();
  }
};

export const registerWorker = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
): void => {
  program
    .command('worker')
    .summary('run one more worker')
    .description(
      'Run a worker until Ctrl-C, beside “serve”, on this machine or another with the same\n' +
        'DATABASE_URL and REDIS_URL.',
    )
    .option('--json', 'print the process id as a JSON object')
    .action(async (options: { json?: boolean }) => done(await work(options, context)));
};
