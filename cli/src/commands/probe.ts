import { stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import type { ProbeReport } from '../embedded/probe';
import { CliError, createUsageError, EXIT } from '../output/cliError';
import { countOf } from '../output/format';
import { renderProbeTable } from '../output/probeTable';
import type { CommandContext } from './context';

interface ProbeOptions {
  out?: string;
  deleted?: string[];
  json?: boolean;
}

/** Big walls with many comments, by their short names. */
const COMMUNITIES = ['apiclub', 'lentach', 'lentaru', 'ria', 'rbc'];

const REQUESTS_MAX = 100;

const EXIT_BY_REASON = {
  calls: EXIT.partial,
  token: EXIT.noPermission,
  captcha: EXIT.noPermission,
  unreachable: EXIT.failed,
} as const;

/** Before anything is asked: a report that cannot be written would have cost the requests. */
const assertFolder = async (file: string, { sentences }: CommandContext): Promise<void> => {
  const folder = dirname(resolve(file));
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) throw createUsageError(sentences.outNoDirectory(folder));
  const present = await stat(file).catch(() => null);
  if (present?.isDirectory()) throw createUsageError(sentences.outIsDirectory(file));
};

const writeReport = async (
  file: string,
  report: ProbeReport,
  { sentences, note, cli }: CommandContext,
): Promise<void> => {
  try {
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(EXIT.failed, sentences.outFailed(file, why), { cause: error });
  }
  note(sentences.probeWritten(file, cli));
};

const printReport = (report: ProbeReport, context: CommandContext): void => {
  const { print, note, sentences, language, stdout, outColors } = context;
  const { points, calls, ended_early: ended } = report;
  const table = renderProbeTable(points, {
    colors: outColors,
    sentences,
    columns: stdout.isTTY ? stdout.columns : undefined,
  });
  for (const line of table) print(line);
  const seen = points.filter(({ state }) => state === 'seen').length;
  print(sentences.probeSummary(seen, points.length, countOf(calls, 'request', language)));
  if (ended) note(sentences.probeEndedEarly[ended.reason]);
};

const ask = async (
  communities: readonly string[],
  options: ProbeOptions,
  context: CommandContext,
): Promise<ProbeReport> => {
  const { env, sentences, interrupt, note } = context;
  if (!env['VK_TOKENS']) throw new CliError(EXIT.noPermission, sentences.probeNeedsToken);
  if (options.out !== undefined) await assertFolder(options.out, context);
  const { probeVk } = await import('../embedded/probe');
  note(sentences.probeAsking(REQUESTS_MAX));
  return probeVk({
    env,
    communities: communities.length === 0 ? COMMUNITIES : communities,
    deleted: options.deleted ?? [],
    signal: interrupt.signal,
    sentences,
  });
};

const probe = async (
  communities: readonly string[],
  options: ProbeOptions,
  context: CommandContext,
): Promise<number> => {
  const report = await ask(communities, options, context);
  if (options.json) context.print(JSON.stringify(report));
  else printReport(report, context);
  if (options.out !== undefined) await writeReport(options.out, report, context);
  return report.ended_early ? EXIT_BY_REASON[report.ended_early.reason] : EXIT.complete;
};

const NOTES = (cli: string): string => `
Without communities it looks at ${COMMUNITIES.join(', ')}.
The report names no people and quotes no texts; docs/probe.md says what is in it.

Example:
  ${cli} probe apiclub --deleted https://vk.com/wall-1_2 --out report.json

Exit codes: 0 all was asked, 1 VK does not answer, 2 usage, 3 the requests were used up,
4 no token that VK accepts, or a captcha is needed, 130 interrupted.`;

export const registerProbe = (
  program: Command,
  context: CommandContext,
  done: (exitCode: number) => void,
): void => {
  program
    .command('probe')
    .summary('ask VK what its documents leave open')
    .description(
      'Ask VK, with VK_TOKENS, what its documents leave open: reading only, under 100 requests.',
    )
    .argument('[community...]', 'up to five, in any form')
    .option('--deleted <link...>', 'posts and comments that you know to be deleted')
    .option('--out <file>', 'write the report to FILE, as JSON')
    .option('--json', 'print the report as one JSON object')
    .action(async (communities: string[], options: ProbeOptions) =>
      done(await probe(communities, options, context)),
    )
    .addHelpText('after', NOTES(context.cli));
};
