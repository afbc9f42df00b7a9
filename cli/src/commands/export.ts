import { Writable } from 'node:stream';
import {
  CSV_PROFILES,
  EXPORT_KINDS,
  type CsvProfile,
  type ExportKind,
} from '@stenograf/contracts/exportRecords';
import { Argument, Option, type Command } from 'commander';
import { openService } from '../client/connection';
import type { ApiClient, ExportFilters } from '../client/apiClient';
import { EXIT } from '../output/cliError';
import { assertWritableFile } from '../output/outFile';
import type { Sentences } from '../output/sentences/en';
import type { CommandContext } from './context';
import { saveExport } from './saveExport';
import { addServiceOptions, type ServiceOptions } from './serviceOptions';
import { parseDate, parseTaskId } from './values';

const STANDARD_OUTPUT = '-';

interface ExportOptions extends ServiceOptions {
  task?: string;
  community?: string[];
  author?: string[];
  since?: string;
  until?: string;
  query?: string;
  has?: string[];
  is?: string[];
  minLikes?: string;
  sort?: string;
  profile?: CsvProfile;
  out: string;
}

const toFilters = (options: ExportOptions, sentences: Sentences): ExportFilters => {
  const { task, community, author, since, until, query, has, is, minLikes, sort } = options;
  return {
    ...(task === undefined ? {} : { task: parseTaskId(task, sentences) }),
    ...(community && { community }),
    ...(author && { author }),
    ...(since === undefined ? {} : { since: parseDate('--since', since, sentences) }),
    ...(until === undefined ? {} : { until: parseDate('--until', until, sentences) }),
    ...(query === undefined ? {} : { q: query }),
    ...(has && { has }),
    ...(is && { is }),
    ...(minLikes === undefined ? {} : { min_likes: minLikes }),
    ...(sort === undefined ? {} : { sort }),
  };
};

const printExport = async (
  client: ApiClient,
  kind: ExportKind,
  filters: ExportFilters,
  { stdout, interrupt }: CommandContext,
): Promise<void> => {
  const stream = await client.openExport({ kind, format: 'ndjson', filters });
  const sink = new Writable({
    write: (chunk: Uint8Array, _encoding, written) => void stdout.write(chunk, written),
  });
  await stream.pipeTo(Writable.toWeb(sink), { signal: interrupt.signal });
};

const exportRecords = async (
  kind: ExportKind,
  options: ExportOptions,
  context: CommandContext,
): Promise<number> => {
  const { sentences, print } = context;
  const { out, profile } = options;
  if (out !== STANDARD_OUTPUT) await assertWritableFile(kind, out, sentences);
  const filters = toFilters(options, sentences);
  const connection = await openService({ ...options, withWorker: false }, context);
  try {
    const { client } = connection;
    if (out === STANDARD_OUTPUT) await printExport(client, kind, filters, context);
    else {
      const files = await saveExport({ client, kind, filters, file: out, profile }, context);
      if (options.json) for (const file of files) print(JSON.stringify(file));
    }
    return EXIT.complete;
  } finally {
    await connection.release();
  }
};

export const registerExport = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
): void => {
  addServiceOptions(
    program
      .command('export')
      .summary('write what was collected to a file')
      .description('Write what was collected to a file; its ending says in which format.')
      .addArgument(
        new Argument('<kind>', 'all adds the authors and communities').choices(EXPORT_KINDS),
      )
      .requiredOption('--out <file>', 'FILE.ndjson, .csv, .xlsx or .parquet; - prints NDJSON')
      .option('--task <id>', 'only what this task has seen')
      .option('--community <id...>', 'only these communities')
      .option('--author <id...>', 'only what these people or communities wrote')
      .option('--since <date>', 'from this date, or this long ago: 2026-01-31, 30d')
      .option('--until <date>', 'up to this date, inclusive')
      .option('--query <text>', 'only where these words are found')
      .option('--has <kind...>', 'only with these attached: photo, video, links, …')
      .option('--is <flag...>', 'only such as are: deleted, reply, pinned, repost, …')
      .option('--min-likes <n>', 'only with so many likes')
      .option('--sort <order>', 'date, -date, -likes, …; posts or comments alone')
      .addOption(
        new Option('--profile <name>', 'of CSV: for Excel (default) or for programs').choices(
          CSV_PROFILES,
        ),
      ),
  )
    .addHelpText(
      'after',
      `
Examples:
  ${context.cli} export all --task 1 --out task1.xlsx
  ${context.cli} export posts --query 'школа OR садик' --has photo --out found.csv
  ${context.cli} export comments --community -1 --since 7d --out - | wc -l`,
    )
    .action(async (kind: ExportKind, options: ExportOptions) =>
      done(await exportRecords(kind, options, context)),
    );
};
