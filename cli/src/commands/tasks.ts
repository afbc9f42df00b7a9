import type { TaskDto } from '@stenograf/contracts/api';
import { isTaskEnded, type TaskStatus } from '@stenograf/contracts/statuses';
import type { Command } from 'commander';
import {
  findService,
  openService,
  startForWork,
  startInProcess,
  type Connection,
} from '../client/connection';
import { firstOf } from '../client/firstOf';
import { EXIT } from '../output/cliError';
import { exitCodeOf } from '../output/exitCodes';
import { renderTaskTable } from '../output/taskTable';
import type { CommandContext } from './context';
import { followTask, pauseTask, printReport, stopWatching } from './followTask';
import { addMaxWaitOption, parseMaxWait } from './maxWait';
import { addServiceOptions, type ServiceOptions } from './serviceOptions';
import { parseInteger, parseTaskId } from './values';

const PAGE_LIMIT_MAX = 500;

const getTask = ({ client }: Connection, id: number): Promise<TaskDto> =>
  client.call('GET /tasks/:id', { params: { id } });

const moveTask = (
  { client }: Connection,
  id: number,
  move: 'pause' | 'resume' | 'cancel' | 'retry',
): Promise<TaskDto> => client.call(`POST /tasks/:id/${move}`, { params: { id } });

const listTasks = async (
  options: ServiceOptions & { limit: string },
  context: CommandContext,
): Promise<number> => {
  const { print, sentences, outColors: colors } = context;
  const limit = parseInteger('--limit', options.limit, { min: 1, max: 100_000 }, sentences);
  const connection = await openService({ ...options, withWorker: false }, context);
  try {
    const tasks = await firstOf(
      connection.client.pages('GET /tasks', { query: { limit: Math.min(limit, PAGE_LIMIT_MAX) } }),
      limit,
    );
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
  maxWait?: string;
}

/** A task that nobody paused, but whose worker may be gone. */
const ABANDONED: ReadonlySet<TaskStatus> = new Set<TaskStatus>(['queued', 'running', 'waiting']);

/** @throws CliError where there is neither a service nor a token to go on with. */
const connectForWork = async (
  options: ServiceOptions,
  context: CommandContext,
): Promise<Connection> => {
  return (await findService(options, context)) ?? startForWork(context);
};

/** A task that has ended needs no worker and no token to be looked at; others need both. */
const connectForWatch = async (
  taskId: number,
  options: WatchOptions,
  context: CommandContext,
): Promise<Connection> => {
  const running = await findService(options, context);
  if (running !== null) return running;
  if (context.env['VK_TOKENS']) return startForWork(context);
  const reading = await startInProcess({ withWorker: false }, context);
  try {
    if (isTaskEnded((await getTask(reading, taskId)).status)) return reading;
  } catch (error) {
    await reading.release();
    throw error;
  }
  await reading.release();
  return startForWork(context);
};

/** Follows a task to its end, or until it has waited long enough. */
const follow = async (
  connection: Connection,
  taskId: number,
  options: WatchOptions,
  context: CommandContext,
): Promise<number> => {
  const maxWait = parseMaxWait(options.maxWait, context.sentences);
  // Without a service nobody goes on with the task once this command has ended.
  const onInterrupt = () =>
    connection.embedded ? pauseTask(connection, taskId, context) : stopWatching(taskId, context);
  const report = await followTask(connection, { taskId, maxWait, onInterrupt }, context);
  printReport(report, options, context);
  return exitCodeOf(report);
};

const watchTask = async (
  taskId: number,
  options: WatchOptions,
  context: CommandContext,
): Promise<number> => {
  parseMaxWait(options.maxWait, context.sentences);
  const connection = await connectForWatch(taskId, options, context);
  try {
    return await follow(connection, taskId, options, context);
  } finally {
    await connection.release();
  }
};

/** Pauses or cancels: done when the command ends. */
const stopTask = async (
  taskId: number,
  move: 'pause' | 'cancel',
  options: ServiceOptions,
  context: CommandContext,
): Promise<number> => {
  const connection = await openService({ ...options, withWorker: false }, context);
  try {
    await moveTask(connection, taskId, move);
    printReport(await connection.client.getReport(taskId), options, context);
    return EXIT.complete;
  } finally {
    await connection.release();
  }
};

/** Sets a task going again and follows it. One that was only abandoned needs no more than that. */
const goOn = async (
  taskId: number,
  move: 'resume' | 'retry',
  options: WatchOptions,
  context: CommandContext,
): Promise<number> => {
  parseMaxWait(options.maxWait, context.sentences);
  const connection = await connectForWork(options, context);
  try {
    const { status } = await getTask(connection, taskId);
    const isAbandoned = move === 'resume' && ABANDONED.has(status);
    if (!isAbandoned) await moveTask(connection, taskId, move);
    return await follow(connection, taskId, options, context);
  } finally {
    await connection.release();
  }
};

const STOP_HELP = {
  pause: 'Stop a task for now; what it has read is kept.',
  cancel: 'End a task; what it has read is kept.',
};

const GO_ON_HELP = {
  resume: 'Go on with a task that was paused or interrupted, and follow it.',
  retry: 'Try again what failed in a task, and nothing else; follow it.',
};

export const registerTasks = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
): void => {
  const { sentences } = context;
  const tasks = program
    .command('tasks')
    .usage('[list|show|watch|pause|resume|cancel|retry] [id]')
    .summary('list tasks, look at them, stop them, go on with them')
    .description(
      'List tasks, look at them, stop them, go on with them; without a verb, list them.',
    );
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
  const watch = tasks
    .command('watch')
    .description('Follow a task to its end; without a running service, go on with it.');
  addMaxWaitOption(addServiceOptions(watch))
    .argument('<id>', 'number of the task')
    .action(async (id: string, options: WatchOptions) =>
      done(await watchTask(parseTaskId(id, sentences), options, context)),
    );
  for (const move of ['pause', 'cancel'] as const) {
    addServiceOptions(tasks.command(move).description(STOP_HELP[move]))
      .argument('<id>', 'number of the task')
      .action(async (id: string, options: ServiceOptions) =>
        done(await stopTask(parseTaskId(id, sentences), move, options, context)),
      );
  }
  for (const move of ['resume', 'retry'] as const) {
    addMaxWaitOption(addServiceOptions(tasks.command(move).description(GO_ON_HELP[move])))
      .argument('<id>', 'number of the task')
      .action(async (id: string, options: WatchOptions) =>
        done(await goOn(parseTaskId(id, sentences), move, options, context)),
      );
  }
};
