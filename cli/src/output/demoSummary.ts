import type { TaskReport } from '@stenograf/contracts/api';
import type { RecordKeys } from '../client/recordKeys';
import { formatNumber } from './format';
import {
  renderProblems,
  renderRows,
  summaryRows,
  titleOf,
  type SummaryRow,
  type SummaryStyle,
} from './summary';

/** What the sandbox itself says there was to collect, and how it was asked. */
export interface DemoTruth {
  posts: ReadonlySet<string>;
  comments: ReadonlySet<string>;
  /** Requests above the limit of a token. */
  violations: number;
  /** The fewest calls that could have read it all. */
  fewestCalls: number;
}

export interface DemoResult {
  report: TaskReport;
  found: RecordKeys;
  truth: DemoTruth;
  /** Where the data lies. */
  home: string;
  /** How the reader calls the CLI. */
  cli: string;
}

const countFound = (expected: ReadonlySet<string>, found: ReadonlySet<string>): number =>
  expected.intersection(found).size;

/** Whether everything that the sandbox lists was stored, and nothing beyond it. */
export const isDemoComplete = ({
  found,
  truth,
  report,
}: Omit<DemoResult, 'home' | 'cli'>): boolean =>
  report.task.status === 'completed' &&
  truth.posts.symmetricDifference(found.posts).size === 0 &&
  truth.comments.symmetricDifference(found.comments).size === 0;

/** The sandbox's own word: was everything collected, and were its limits kept? */
const verdicts = (result: DemoResult, { colors, sentences }: SummaryStyle): string[] => {
  const { found, truth } = result;
  const numbers = [
    countFound(truth.posts, found.posts),
    truth.posts.size,
    countFound(truth.comments, found.comments),
    truth.comments.size,
  ].map(formatNumber) as [string, string, string, string];
  const verdict = (isGood: boolean, sentence: string): string =>
    isGood ? `${colors.green('✓')} ${sentence}` : colors.red(`✗ ${sentence}`);
  return [
    isDemoComplete(result)
      ? verdict(true, sentences.demoComplete(...numbers))
      : verdict(false, sentences.demoIncomplete(...numbers)),
    verdict(truth.violations === 0, sentences.demoViolations(truth.violations)),
  ];
};

const withReplies = (
  rows: SummaryRow[],
  { found, truth }: DemoResult,
  { sentences }: SummaryStyle,
): SummaryRow[] =>
  rows.flatMap(([label, value]): SummaryRow[] => {
    if (label === sentences.rows.comments) {
      return [
        [label, value],
        [sentences.rows.replies, formatNumber(found.replies)],
      ];
    }
    if (label !== sentences.rows.calls) return [[label, value]];
    return [[label, `${value} (${sentences.fewestCalls(formatNumber(truth.fewestCalls))})`]];
  });

/** The summary of the demo: the task's own, held against what the sandbox knows. */
export const renderDemoSummary = (
  result: DemoResult,
  now: number,
  style: SummaryStyle,
): string[] => {
  const { report, home, cli } = result;
  const { colors, sentences } = style;
  const { rows } = sentences;
  return [
    titleOf(report, style),
    '',
    ...renderRows(
      [...withReplies(summaryRows(report, now, style), result, style), [rows.data, home]],
      style,
    ),
    ...renderProblems(report, style),
    '',
    ...verdicts(result, style),
    '',
    colors.bold(sentences.demoNext),
    `  ${sentences.demoExport}`,
    `    STENOGRAF_HOME=${home} ${cli} export all --task ${report.task.id} --out demo.ndjson`,
    `  ${sentences.demoReal}`,
    `    ${cli} tokens add --kind service`,
    `    ${cli} collect apiclub --out apiclub.ndjson`,
  ];
};
