import type { CreateTaskBody, TaskReport } from '@stenograf/contracts/api';
import type { Command } from 'commander';
import type { ApiClient } from '../client/apiClient';
import { findService, startForWork, type Connection } from '../client/connection';
import { CliError, EXIT } from '../output/cliError';
import { exitCodeOf } from '../output/exitCodes';
import { assertWritableFile } from '../output/outFile';
import type { Sentences } from '../output/sentences/en';
import type { CommandContext } from './context';
import { saveExport } from './saveExport';
import { followTask, pauseTask, printReport } from './followTask';
import { addMaxWaitOption, parseMaxWait } from './maxWait';
import { planTask } from './planTask';
import { readReferences } from './references';
import { addServiceOptions, type ServiceOptions } from './serviceOptions';
import { parseDate, parseInteger, parsePosts } from './values';

interface CollectOptions extends ServiceOptions {
  posts: string;
  since?: string;
  until?: string;
  comments: boolean;
  out?: string;
  plan?: boolean;
  detach?: boolean;
  name?: string;
  priority?: string;
  maxWait?: string;
}

/** Command line → body of POST /tasks. @throws CliError `usage` for values that make no sense. */
export const buildTaskBody = (
  communities: string[],
  options: Pick<CollectOptions, 'posts' | 'since' | 'until' | 'comments' | 'name' | 'priority'>,
  sentences: Sentences,
): CreateTaskBody => {
  const { since, until, name, priority } = options;
  const limit = parsePosts(options.posts, sentences);
  return {
    communities,
    posts: {
      ...(limit === null ? {} : { limit }),
      ...(since === undefined ? {} : { since: parseDate('--since', since, sentences) }),
      ...(until === undefined ? {} : { until: parseDate('--until', until, sentences) }),
    },
    comments: { collect: options.comments },
    ...(name === undefined ? {} : { name }),
    ...(priority === undefined
      ? {}
      : { priority: parseInteger('--priority', priority, { min: 1, max: 10 }, sentences) }),
  };
};

const detach = async (
  client: ApiClient,
  body: CreateTaskBody,
  { json }: CollectOptions,
  { print, sentences, cli }: CommandContext,
): Promise<number> => {
  const task = await client.call('POST /tasks', { body });
  print(json ? JSON.stringify({ task }) : sentences.detached(cli, task.id));
  return EXIT.complete;
};

/** Collected records are worth a file even where a part could not be read; nothing is not. */
const saveResult = async (
  file: string,
  { task }: TaskReport,
  { client }: Connection,
  context: CommandContext,
): Promise<void> => {
  const { note, sentences, cli } = context;
  if (task.status === 'completed' || task.status === 'partial') {
    await saveExport({ client, kind: 'all', filters: { task: task.id }, file }, context);
  } else if (task.status === 'failed') note(sentences.outNothing(file));
  else note(sentences.outLater(file, `${cli} export all --task ${task.id} --out ${file}`));
};

const collectAttached = async (
  connection: Connection,
  body: CreateTaskBody,
  options: CollectOptions,
  context: CommandContext,
): Promise<number> => {
  const maxWait = parseMaxWait(options.maxWait, context.sentences);
  const { id: taskId } = await connection.client.call('POST /tasks', { body });
  const onInterrupt = () => pauseTask(connection, taskId, context);
  const report = await followTask(connection, { taskId, maxWait, onInterrupt }, context);
  printReport(report, options, context);
  if (options.out !== undefined) await saveResult(options.out, report, connection, context);
  return exitCodeOf(report);
};

/** Collects the named communities and waits for the end. @returns the exit code. */
const collect = async (
  typed: string[],
  options: CollectOptions,
  context: CommandContext,
): Promise<number> => {
  const { sentences } = context;
  parseMaxWait(options.maxWait, sentences);
  if (options.out !== undefined) await assertWritableFile('all', options.out, sentences);
  const body = buildTaskBody(await readReferences(typed, context), options, sentences);
  if (options.plan) return planTask(body, options, context);

  const running = await findService(options, context);
  if (options.detach) {
    if (running === null) throw new CliError(EXIT.usage, sentences.detachNeedsService(context.cli));
    return detach(running.client, body, options, context);
  }
  const connection = running ?? (await startForWork(context));
  try {
    return await collectAttached(connection, body, options, context);
  } finally {
    await connection.release();
  }
};

const EXAMPLES = (cli: string): string => `
Communities are named as you find them: links, short names, ids, mentions, post links.

Examples:
  ${cli} collect apiclub --out apiclub.xlsx
  ${cli} collect https://vk.com/apiclub -1 @name --posts 100 --since 30d
  ${cli} collect wall-1_2                        one post with its comments
  ${cli} collect apiclub --posts 1000 --plan     how long it would take
  ${cli} collect - --name survey < list.txt      one a line, # starts a comment

Exit codes: 0 complete, 1 failed or cancelled, 2 usage, 3 partial or paused,
4 no permission or a token or captcha is needed, 5 waiting for quota, 130 interrupted.`;

export const registerCollect = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
): void => {
  const command = addServiceOptions(
    program
      .command('collect')
      .summary('collect the posts and comments of communities')
      .description('Collect the posts and comments of communities, completely.')
      .argument('<community...>', 'in any form; - reads a list from standard input')
      .option('--posts <n>', 'the newest N posts of each community, or all', 'all')
      .option('--since <date>', 'from this date, or this long ago: 2026-01-31, 30d')
      .option('--until <date>', 'up to this date, inclusive')
      .option('--no-comments', 'posts only')
      .option('--out <file>', 'write all of it to FILE.ndjson, .csv, .xlsx or .parquet')
      .option('--plan', 'say what it would take, and collect nothing')
      .option('--detach', 'leave the work to the running service')
      .option('--name <name>', 'a name to find the task by')
      .option('--priority <n>', '1 (first) to 10 (last)'),
  );
  addMaxWaitOption(command)
    .addHelpText('after', EXAMPLES(context.cli))
    .action(async (communities: string[], options: CollectOptions) =>
      done(await collect(communities, options, context)),
    );
};
