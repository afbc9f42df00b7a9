import type { PlanDto } from '@stenograf/contracts/api';
import { formatLength, formatNumber, printable } from './format';
import { renderRows, type SummaryRow, type SummaryStyle } from './summary';
import { renderTable } from './table';

const UNUSABLE_SHOWN_MAX = 20;

const planRows = (plan: PlanDto, { language, sentences }: SummaryStyle): SummaryRow[] => {
  const { rows } = sentences;
  const { usable, sampled } = plan.communities;
  return [
    [rows.communities, sentences.plan.sampled(formatNumber(usable), formatNumber(sampled))],
    [rows.posts, formatNumber(plan.posts)],
    [rows.comments, formatNumber(plan.comments)],
    [rows.calls, formatNumber(plan.calls.total)],
    [rows.requests, formatNumber(plan.requests)],
    [rows.time, sentences.plan.about(formatLength(plan.seconds, language))],
  ];
};

/** `<0.1%`, `0.2%`, `130%`. */
const formatShare = (share: number): string => {
  const percent = share * 100;
  if (percent < 0.1) return '<0.1%';
  return `${percent < 10 ? Number(percent.toFixed(1)) : formatNumber(percent)}%`;
};

/** Calls by method, most first, beside what is left of the day's where there is a limit. */
const methodTable = ({ calls, quota }: PlanDto, style: SummaryStyle): string[] => {
  const { method: title, calls: count, left, share } = style.sentences.plan.columns;
  const quotaOf = new Map(quota.map((each) => [each.method, each]));
  const rows = Object.entries(calls.methods)
    .sort(([, one], [, other]) => other - one)
    .map(([method, calls]) => ({ method, calls, quota: quotaOf.get(method) }));
  return renderTable<(typeof rows)[number]>(
    [
      { title, align: 'left', cell: ({ method }) => method },
      { title: count, align: 'right', cell: ({ calls }) => formatNumber(calls) },
      { title: left, align: 'right', cell: ({ quota }) => (quota ? formatNumber(quota.left) : '') },
      {
        title: share,
        align: 'right',
        cell: ({ quota }) => (quota ? formatShare(quota.share) : ''),
      },
    ],
    rows,
    style,
  );
};

const unusableLines = ({ unusable }: PlanDto, { colors, sentences }: SummaryStyle): string[] => {
  if (unusable.length === 0) return [];
  const hidden = unusable.length - UNUSABLE_SHOWN_MAX;
  return [
    '',
    colors.bold(sentences.plan.wouldFail),
    ...unusable
      .slice(0, UNUSABLE_SHOWN_MAX)
      .map(({ ref, reason }) => `  ${colors.red('✗')} ${printable(ref)}  ${printable(reason)}`),
    ...(hidden > 0 ? [`  … +${formatNumber(hidden)}`] : []),
  ];
};

/** What a task would take, for people. */
export const renderPlan = (plan: PlanDto, style: SummaryStyle): string[] => {
  const { plan: sentences } = style.sentences;
  const short = plan.quota.filter(({ share }) => share > 1).map(({ method }) => method);
  return [
    style.colors.bold(sentences.title),
    '',
    ...renderRows(planRows(plan, style), style),
    '',
    ...methodTable(plan, style),
    ...(short.length > 0 ? ['', sentences.overQuota(short.join(', '))] : []),
    ...unusableLines(plan, style),
  ];
};
