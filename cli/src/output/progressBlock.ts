import type { TargetDto, TaskDto } from '@stenograf/contracts/api';
import type { Language } from '@stenograf/contracts/reasons';
import type { TargetStatus } from '@stenograf/contracts/statuses';
import type { Colors } from './colors';
import {
  countOf,
  cutTo,
  formatDuration,
  formatNumber,
  padEndTo,
  padStartTo,
  printable,
  wordFor,
} from './format';
import type { Sentences } from './sentences/en';

export interface ProgressView {
  task: TaskDto;
  targets: TargetDto[];
  elapsedMs: number;
  /** Requests to VK per second of late; null while too little is known. */
  requestRate: number | null;
}

export interface BlockLayout {
  columns: number;
  rows: number;
  /** Counts up with every redraw; turns the spinner. */
  frame: number;
  colors: Colors;
  language: Language;
  sentences: Sentences;
}

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const BAR_COLUMNS = 20;
/** Header, “more”, total and the reason of waiting, with the empty lines between. */
const FRAME_ROWS = 6;
/** What a reader wants to see first when not all targets fit on the screen. */
const URGENCY: Record<TargetStatus, number> = {
  running: 0,
  waiting: 1,
  failed: 2,
  partial: 3,
  queued: 4,
  completed: 5,
  cancelled: 6,
};

/** One sign for the status of a target. */
export const markOf = (status: TargetStatus, colors: Colors, frame = 0): string => {
  switch (status) {
    case 'completed':
      return colors.green('✓');
    case 'failed':
      return colors.red('✗');
    case 'partial':
      return colors.yellow('!');
    case 'running':
      return colors.cyan(SPINNER[frame % SPINNER.length] ?? '…');
    case 'waiting':
      return colors.yellow('…');
    case 'cancelled':
      return colors.dim('–');
    case 'queued':
      return colors.dim('·');
  }
};

/** The community's own name where VK has told it, else what was pasted. */
export const nameOf = ({ name, ref }: TargetDto): string => printable(name ?? '') || printable(ref);

/** What there is to say about a target beside its numbers; empty when all is well. */
export const remarkOf = (target: TargetDto, sentences: Sentences): string => {
  if (target.reason !== null) return printable(target.reason);
  if (target.status === 'waiting' && target.waiting_for !== null) {
    return sentences.waitingFor[target.waiting_for];
  }
  return printable(target.problems[0]?.reason ?? '');
};

const bar = (share: number, colors: Colors): string => {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * BAR_COLUMNS);
  return colors.cyan('━'.repeat(filled)) + colors.dim('━'.repeat(BAR_COLUMNS - filled));
};

/** The most telling targets that fit, still in the order in which they were pasted. */
const chooseTargets = (targets: TargetDto[], rows: number): TargetDto[] => {
  if (targets.length <= rows) return targets;
  const chosen = new Set(
    [...targets].sort((a, b) => URGENCY[a.status] - URGENCY[b.status]).slice(0, rows),
  );
  return targets.filter((target) => chosen.has(target));
};

interface Widths {
  name: number;
  posts: number;
  comments: number;
}

const widest = (texts: string[]): number =>
  Math.max(0, ...texts.map((text) => Bun.stringWidth(text)));

const measure = (
  targets: TargetDto[],
  task: TaskDto,
  { columns, sentences }: BlockLayout,
): Widths => ({
  name: Math.min(
    Math.max(16, Math.floor(columns * 0.36)),
    widest([sentences.total, ...targets.map(nameOf)]),
  ),
  posts: widest([formatNumber(task.metrics.posts)]),
  comments: widest([formatNumber(task.metrics.comments)]),
});

const counts = (
  { posts, comments }: { posts: number; comments: number },
  widths: Widths,
  language: Language,
): string =>
  [
    padStartTo(formatNumber(posts), widths.posts),
    padEndTo(wordFor(posts, 'post', language), language === 'ru' ? 7 : 5),
    ` ${padStartTo(formatNumber(comments), widths.comments)}`,
    padEndTo(wordFor(comments, 'comment', language), language === 'ru' ? 12 : 8),
  ].join(' ');

const targetLine = (target: TargetDto, widths: Widths, layout: BlockLayout): string => {
  const { colors, sentences, language, frame } = layout;
  const remark = remarkOf(target, sentences);
  const { posts, comments } = target.metrics;
  const isRead = target.status === 'completed' || target.status === 'partial';
  const cells = [
    markOf(target.status, colors, frame),
    padEndTo(cutTo(nameOf(target), widths.name), widths.name),
    isRead || posts > 0 || comments > 0 ? ` ${counts(target.metrics, widths, language)}` : '',
    remark === '' ? '' : colors.dim(` ${remark}`),
  ];
  return cells.filter((cell) => cell !== '').join(' ');
};

const hiddenLine = (task: TaskDto, shown: TargetDto[], { sentences }: BlockLayout): string[] => {
  const hidden = task.targets.total - shown.length;
  if (hidden <= 0) return [];
  const order = Object.keys(URGENCY) as TargetStatus[];
  const parts = order
    .map((status) => ({
      status,
      count: task.targets[status] - shown.filter((target) => target.status === status).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${formatNumber(count)} ${sentences.status[status]}`);
  return [`  ${sentences.more(formatNumber(hidden), parts.join(', '))}`];
};

/** `812 calls in 34 requests · 3.0 requests/s · 0:14`. */
export const trafficOf = (
  { task, elapsedMs, requestRate }: Omit<ProgressView, 'targets'>,
  language: Language,
  sentences: Sentences,
): string => {
  const { calls, requests } = task.metrics;
  return [
    `${countOf(calls, 'call', language)} ${sentences.in} ${countOf(requests, 'request', language)}`,
    ...(requestRate === null ? [] : [sentences.perSecond(requestRate.toFixed(1))]),
    formatDuration(elapsedMs),
  ].join(' · ');
};

const headerLine = ({ task }: ProgressView, { colors, language, sentences }: BlockLayout): string =>
  [
    colors.bold(sentences.task(task.id)),
    task.name === null ? '' : printable(task.name),
    countOf(task.targets.total, 'community', language),
    task.status === 'running' ? '' : sentences.status[task.status],
    `${bar(task.progress, colors)} ${Math.floor(task.progress * 100)} %`,
  ]
    .filter((part) => part !== '')
    .join(' · ');

const waitingLine = ({ status, waiting_for: waitingFor, reason }: TaskDto, layout: BlockLayout) =>
  status === 'waiting' && waitingFor !== null
    ? [
        layout.colors.yellow(
          `  ${layout.sentences.waitingFor[waitingFor]}${reason === null ? '' : `: ${printable(reason)}`}`,
        ),
      ]
    : [];

/**
 * The whole progress as a block of lines that fits the terminal: nothing in it is wider than
 * `columns`, it is never higher than `rows`.
 */
export const renderProgress = (view: ProgressView, layout: BlockLayout): string => {
  const { task, targets } = view;
  const { colors, language, sentences, columns, rows } = layout;
  const shown = chooseTargets(targets, Math.max(1, rows - FRAME_ROWS));
  const widths = measure(shown, task, layout);
  const total = padEndTo(sentences.total, widths.name + 2);
  return [
    headerLine(view, layout),
    ...shown.map((target) => targetLine(target, widths, layout)),
    ...hiddenLine(task, shown, layout).map(colors.dim),
    `${colors.bold(total)}  ${counts(task.metrics, widths, language)}`,
    colors.dim(`  ${trafficOf(view, language, sentences)}`),
    ...waitingLine(task, layout),
  ]
    .map((line) => cutTo(line, columns - 1).trimEnd())
    .join('\n');
};
