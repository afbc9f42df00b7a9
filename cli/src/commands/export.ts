import { Writable } from 'node:stream';
import { Argument, type Command } from 'commander';
import { openService } from '../client/connection';
import type { ApiClient, ExportFilters, ExportKind } from '../client/apiClient';
import { EXIT } from '../output/cliError';
import { assertWritableFile } from '../output/outFile';
import type { CommandContext } from './context';
import { saveExport } from './saveExport';
import { addServiceOptions, type ServiceOptions } from './serviceOptions';
import { parseDate, parseTaskId } from './values';

const KINDS = ['posts', 'comments', 'all'] as const satisfies ExportKind[];
const STANDARD_OUTPUT = '-';

interface ExportOptions extends ServiceOptions {
  task?: string;
  community?: string[];
  since?: string;
  until?: string;
  out: string;
}

const printExport = async (
  client: ApiClient,
  kind: ExportKind,
  filters: ExportFilters,
  { stdout, interrupt }: CommandContext,
): Promise<void> => {
  const stream = await client.openExport(kind, filters);
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
  const { out, task, community, since, until } = options;
  if (out !== STANDARD_OUTPUT) await assertWritableFile(out, sentences);
  const filters: ExportFilters = {
    ...(task === undefined ? {} : { task: parseTaskId(task, sentences) }),
    ...(community === undefined ? {} : { community }),
    ...(since === undefined ? {} : { since: parseDate('--since', since, sentences) }),
    ...(until === undefined ? {} : { until: parseDate('--until', until, sentences) }),
  };
  const connection = await openService({ ...options, withWorker: false }, context);
  try {
    const { client } = connection;
    if (out === STANDARD_OUTPUT) await printExport(client, kind, filters, context);
    else {
      const { lines, bytes } = await saveExport({ client, kind, filters, file: out }, context);
      if (options.json) print(JSON.stringify({ file: out, lines, bytes }));
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
      .description('Write what was collected to a file, one JSON record a line.')
      .addArgument(new Argument('<kind>', 'all adds the authors and communities').choices(KINDS))
      .requiredOption('--out <file>', 'FILE.ndjson, or - for standard output')
      .option('--task <id>', 'only what this task has seen')
      .option('--community <reference...>', 'only these communities')
      .option('--since <date>', 'from this date, or this long ago: 2026-01-31, 30d')
      .option('--until <date>', 'up to this date, inclusive'),
  )
    .addHelpText(
      'after',
      `
Examples:
  ${context.cli} export all --task 1 --out task1.ndjson
  ${context.cli} export comments --community -1 --since 7d --out - | wc -l`,
    )
    .action(async (kind: ExportKind, options: ExportOptions) =>
      done(await exportRecords(kind, options, context)),
    );
};
