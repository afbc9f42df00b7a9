import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

/** One thing that was measured, always against another thing of the same run. */
export interface Row {
  what: string;
  value: number;
  /** What it should be at least, or at most, or both; absent where it is told for the reader alone. */
  atLeast?: number;
  atMost?: number;
}

const RESULTS = join(import.meta.dir, '../results.md');

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

const readable = (value: number): string =>
  Number.isInteger(value) || value >= 100
    ? Math.round(value).toLocaleString('en')
    : value.toFixed(2);

const goal = ({ atLeast, atMost }: Row): string => {
  if (atLeast !== undefined && atMost !== undefined) {
    return `${readable(atLeast)} … ${readable(atMost)}`;
  }
  if (atLeast !== undefined) return `≥ ${readable(atLeast)}`;
  return atMost === undefined ? '' : `≤ ${readable(atMost)}`;
};

/** Columns of even width, as the formatter of this repository writes them. */
const toTable = (rows: readonly Row[]): string => {
  const cells = [
    ['measure', 'value', 'goal'],
    ...rows.map((row) => [row.what, readable(row.value), goal(row)]),
  ];
  const widths = [0, 1, 2].map((column) =>
    Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const lines = cells.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)));
  const rule = widths.map((width) => '-'.repeat(width));
  const [head = [], ...body] = lines;
  return [head, rule, ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');
};

const describeRun = (): string => {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, ${cpus().length} cores (${model}), ${memory} GB of memory`;
};

const HEADING = `# Results of the benchmarks

Ratios within one run; what a machine does in absolute numbers says little about another one.
Renewed by \`script/bench\`.
`;

/** The sections of the file by their title. */
const parseSections = (text: string): Map<string, string> =>
  new Map(
    text
      .split(/^## /m)
      .slice(1)
      .map((section) => {
        const [title = '', ...body] = section.split('\n');
        return [title, body.join('\n').trim()];
      }),
  );

/** Prints the table, and puts it into bench/results.md in the place of the one before it. */
export const report = async (title: string, rows: readonly Row[]): Promise<void> => {
  const table = toTable(rows);
  console.log(table);
  const sections = parseSections(await readFile(RESULTS, 'utf8').catch(() => ''));
  sections.set(title, `${describeRun()}\n\n${table}`);
  const text = [...sections].map(([name, body]) => `## ${name}\n\n${body}\n`);
  await writeFile(RESULTS, [HEADING, ...text].join('\n'));
};
