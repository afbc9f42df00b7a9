import { isTaskEnded } from '@stenograf/contracts/statuses';
import type { Command } from 'commander';
import { findService, openService, startInProcess, type Connection } from '../client/connection';
import { CliError, EXIT } from '../output/cliError';
import { exitCodeOf } from '../output/exitCodes';
import { renderTaskTable } from '../output/taskTable';
import type { CommandContext } from './context';
import { followTask, interruptedNoteOf, printReport } from './followTask';
import { addServiceOptions, type ServiceOptions } from './serviceOptions';
import { parseDuration, parseInteger, parseTaskId } from './values';

const listTasks = async (
  options: ServiceOptions & { limit: string },
  context: CommandContext,
): Promise<number> => {
  const { print, sentences, outColors: colors } = context;
  const limit = parseInteger('--limit', options.limit, { min: 1, max: 100_000 }, sentences);
  const connection = await openService({ ...options, withWorker: false }, context);
  try {
    const tasks = await connection.client.listTasks(limit);
    if (options.json) print(JSON.stringify({ tasks }));
    else if (tasks.length === 0) print(sentences.noTasks(context.cli));
    else print(renderTaskTable(tasks, { colors, sentences }).join('\n'));
    return EXIT.complete;
  } finally {
    await connection.release();
  }
};

const showTask = async (
  taskId: number,
  options: ServiceOptions,
  context: CommandContext,
): Promise<number> => {
  const connection = await openService({ ...options, withWorker: false }, context);
  try {
    printReport(await connection.client.getReport(taskId), options, context);
    return EXIT.complete;
  } finally {
    await connection.release();
  }
};

interface WatchOptions extends ServiceOptions {
  maxWait: string;
}

/** A task that has ended needs no worker and no token to be looked at; others need both. */
const connectForWatch = async (
  taskId: number,
  options: WatchOptions,
  context: CommandContext,
): Promise<Connection> => {
  const running = await findService(options, context);
  if (running !== null) return running;
  if (context.env['VK_TOKENS']) return startInProcess({ withWorker: true }, context);
  const reading = await startInProcess({ withWorker: false }, context);
  try {
    if (isTaskEnded((await reading.client.getTask(taskId)).status)) return reading;
  } catch (error) {
    await reading.release();
    throw error;
  }
  await reading.release();
  throw new CliError(EXIT.noPermission, context.sentences.noTokens(context.cli));
};

const watchTask = async (
  taskId: number,
  options: WatchOptions,
  context: CommandContext,
): Promise<number> => {
  const maxWaitMs = parseDuration('--max-wait', options.maxWait, context.sentences);
  const connection = await connectForWatch(taskId, options, context);
  try {
    const interruptedNote = interruptedNoteOf(connection, taskId, context);
    const report = await followTask(connection, { taskId, maxWaitMs, interruptedNote }, context);
    printReport(report, options, context);
    return exitCodeOf(report);
  } finally {
    await connection.release();
  }
};

export const registerTasks = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
): void => {
  const { sentences } = context;
  const tasks = program
    .command('tasks')
    .usage('[list|show|watch] [id]')
    .summary('list, show or watch tasks')
    .description('List, show or watch tasks; without a verb, list them.');
  addServiceOptions(tasks.command('list').description('The newest tasks.'))
    .option('--limit <n>', 'how many', '20')
    .action(async (options: ServiceOptions & { limit: string }) =>
      done(await listTasks(options, context)),
    );
  addServiceOptions(tasks.command('show').description('One task as it stands now.'))
    .argument('<id>', 'number of the task')
    .action(async (id: string, options: ServiceOptions) =>
      done(await showTask(parseTaskId(id, sentences), options, context)),
    );
  addServiceOptions(
    tasks
      .command('watch')
      .description('Follow a task to its end; without a running service, go on with it.')
      .option('--max-wait <time>', 'how long to wait for a quota, a token or a captcha', '10m'),
  )
    .argument('<id>', 'number of the task')
    .action(async (id: string, options: WatchOptions) =>
      done(await watchTask(parseTaskId(id, sentences), options, context)),
    );
};
