import type { TargetDto, TaskReport } from '@stenograf/contracts/api';
import type { Language } from '@stenograf/contracts/reasons';
import type { TaskStatus } from '@stenograf/contracts/statuses';
import type { Colors } from './colors';
import { formatNumber, formatSeconds, padEndTo, printable } from './format';
import { markOf, nameOf, remarkOf } from './progressBlock';
import type { Sentences } from './sentences/en';

export interface SummaryStyle {
  colors: Colors;
  language: Language;
  sentences: Sentences;
}

export type SummaryRow = [label: string, value: string];

/** Labels left, values right of them, all aligned. */
export const renderRows = (rows: SummaryRow[], { colors }: SummaryStyle): string[] => {
  const width = Math.max(0, ...rows.map(([label]) => Bun.stringWidth(label)));
  return rows.map(([label, value]) => `  ${colors.dim(padEndTo(label, width))}  ${value}`);
};

const statusColor = (status: TaskStatus, colors: Colors) => {
  if (status === 'completed') return colors.green;
  return status === 'failed' || status === 'cancelled' ? colors.red : colors.yellow;
};

/** Milliseconds from the first work to the end, or to now. */
export const elapsedOf = ({ task }: Pick<TaskReport, 'task'>, now: number): number => {
  const end = task.finished_at === null ? now : Date.parse(task.finished_at);
  return end - Date.parse(task.started_at ?? task.created_at);
};

/** `completed` and `partial` targets were read; the others were not. */
const countRead = ({ task }: TaskReport): number => task.targets.completed + task.targets.partial;

/** VK's counts against what was read, once a list was read to its end. */
const ledgerRows = ({ task: { ledger } }: TaskReport, sentences: Sentences): SummaryRow[] => {
  if (ledger.walks === 0) return [];
  const count = {
    vk_count: formatNumber(ledger.vk_count),
    stored: formatNumber(ledger.stored),
    stubs: formatNumber(ledger.stubs),
    vanished: formatNumber(ledger.vanished),
    unlisted: formatNumber(ledger.unlisted),
  };
  return [[sentences.rows.ledger, sentences.ledger(count)]];
};

/** The numbers of a task, one row each. */
export const summaryRows = (
  report: TaskReport,
  now: number,
  { sentences }: SummaryStyle,
): SummaryRow[] => {
  const { metrics, task } = report;
  const { rows } = sentences;
  const perRequest = metrics.requests === 0 ? 0 : metrics.calls / metrics.requests;
  return [
    [
      rows.communities,
      sentences.readOf(formatNumber(countRead(report)), formatNumber(task.targets.total)),
    ],
    [rows.posts, formatNumber(metrics.posts)],
    [rows.comments, formatNumber(metrics.comments)],
    [rows.authors, formatNumber(metrics.authors)],
    [
      rows.rows,
      sentences.rowChanges(
        formatNumber(metrics.new),
        formatNumber(metrics.changed),
        formatNumber(metrics.deleted),
      ),
    ],
    [rows.calls, formatNumber(metrics.calls)],
    [
      rows.requests,
      `${formatNumber(metrics.requests)} (${sentences.callsInRequests(perRequest.toFixed(1))})`,
    ],
    ...(metrics.errors === 0
      ? []
      : [[rows.errors, sentences.errors(formatNumber(metrics.errors))] satisfies SummaryRow]),
    ...ledgerRows(report, sentences),
    [rows.time, formatSeconds(elapsedOf(report, now))],
  ];
};

const PROBLEMS_SHOWN_MAX = 20;

const problemSection = (title: string, targets: TargetDto[], style: SummaryStyle): string[] => {
  if (targets.length === 0) return [];
  const { colors, sentences } = style;
  const hidden = targets.length - PROBLEMS_SHOWN_MAX;
  return [
    '',
    colors.bold(title),
    ...targets.slice(0, PROBLEMS_SHOWN_MAX).map((target) => {
      const pasted = printable(target.ref);
      const name = nameOf(target);
      const who = name === pasted ? pasted : `${pasted} (${name})`;
      return `  ${markOf(target.status, colors)} ${who}  ${remarkOf(target, sentences)}`.trimEnd();
    }),
    ...(hidden > 0 ? [`  … +${formatNumber(hidden)}`] : []),
  ];
};

/** A title with the status of the task. */
export const titleOf = ({ task }: TaskReport, { colors, sentences }: SummaryStyle): string => {
  const status = statusColor(task.status, colors)(sentences.status[task.status]);
  const why = task.reason === null ? '' : `  ${printable(task.reason)}`;
  return `${colors.bold(sentences.task(task.id))} ${status}${why}`;
};

/** What could not be read, each with its reason. */
export const renderProblems = ({ targets }: TaskReport, style: SummaryStyle): string[] => [
  ...problemSection(
    style.sentences.notRead,
    targets.filter(({ status }) => status === 'failed' || status === 'cancelled'),
    style,
  ),
  ...problemSection(
    style.sentences.partlyRead,
    targets.filter(({ status }) => status === 'partial'),
    style,
  ),
];

/** What a person wants to know of a task that has ended, or has come as far as it can. */
export const renderSummary = (report: TaskReport, now: number, style: SummaryStyle): string[] => {
  const { unlisted } = report.task.ledger;
  return [
    titleOf(report, style),
    '',
    ...renderRows(summaryRows(report, now, style), style),
    ...renderProblems(report, style),
    ...(unlisted > 0
      ? ['', style.colors.dim(style.sentences.unlisted(formatNumber(unlisted)))]
      : []),
  ];
};
