import type { Language } from '@stenograf/contracts/reasons';
import type { TargetStatus, TaskStatus } from '@stenograf/contracts/statuses';
import { createColors } from './colors';
import { countOf, formatNumber } from './format';
import { markOf, nameOf, remarkOf, trafficOf, type ProgressView } from './progressBlock';
import type { Sentences } from './sentences/en';

const NO_COLORS = createColors({}, { NO_COLOR: '1' });
/** A quiet long run still shows that it lives: a line for every tenth of the work. */
const STEPS = 10;

export interface PlainProgress {
  /** The lines that are new since the last call: what changed its status, and each tenth done. */
  next(view: ProgressView): string[];
}

/** Progress for logs and pipes: one line for each change, none for a mere tick. */
export const createPlainProgress = (language: Language, sentences: Sentences): PlainProgress => {
  const seen = new Map<number, TargetStatus>();
  let taskStatus: TaskStatus = 'queued';
  let step = 0;
  let isBegun = false;

  const targetLines = ({ targets }: ProgressView): string[] =>
    targets
      .filter(({ id, status }) => status !== 'queued' && seen.get(id) !== status)
      .map((target) => {
        seen.set(target.id, target.status);
        const { posts, comments } = target.metrics;
        const parts = [
          `${target.status === 'running' ? '▸' : markOf(target.status, NO_COLORS)} ${nameOf(target)}`,
          sentences.status[target.status],
          posts + comments === 0
            ? ''
            : `${countOf(posts, 'post', language)}, ${countOf(comments, 'comment', language)}`,
          remarkOf(target, sentences),
        ];
        return parts.filter((part) => part !== '').join(' · ');
      });

  const stepLines = (view: ProgressView): string[] => {
    const { metrics, progress } = view.task;
    const reached = Math.floor(progress * STEPS);
    if (reached <= step || reached === STEPS) return [];
    step = reached;
    return [
      `${formatNumber((reached * 100) / STEPS)} % · ${countOf(metrics.posts, 'post', language)}, ` +
        `${countOf(metrics.comments, 'comment', language)} · ${trafficOf(view, language, sentences)}`,
    ];
  };

  const taskLines = ({ task }: ProgressView): string[] => {
    if (task.status === taskStatus) return [];
    taskStatus = task.status;
    const what =
      task.waiting_for === null
        ? sentences.status[task.status]
        : sentences.waitingFor[task.waiting_for];
    return [`${sentences.task(task.id)}: ${what}`];
  };

  const firstLine = ({ task }: ProgressView): string[] => {
    if (isBegun) return [];
    isBegun = true;
    return [`${sentences.task(task.id)} · ${countOf(task.targets.total, 'community', language)}`];
  };

  return {
    next: (view) => [
      ...firstLine(view),
      ...targetLines(view),
      ...stepLines(view),
      ...taskLines(view),
    ],
  };
};
