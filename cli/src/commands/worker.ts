import type { Command } from 'commander';
import { failForTokens } from '../client/connection';
import type { CommandContext } from './context';
import { exitCodeOfService, withLogFormat } from './serve';

const work = async ({ json }: { json?: boolean }, context: CommandContext): Promise<number> => {
  const { env, note, print, sentences, interrupt } = context;
  const { startWorkerService } = await import('../embedded/service');
  const options = { env: withLogFormat(env, context), note, needTokens: true };
  const worker = await startWorkerService(options).catch((error: unknown) =>
    failForTokens(context, error),
  );
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
      'Run a worker until Ctrl-C, beside “serve”, on this machine or another with the same ' +
        'DATABASE_URL and REDIS_URL.',
    )
    .option('--json', 'print the process id as a JSON object')
    .action(async (options: { json?: boolean }) => done(await work(options, context)));
};
