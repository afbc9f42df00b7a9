import { isTaskEnded, type TargetStatus, type TaskStatus } from '@stenograf/contracts/statuses';

/** What a task is, from what its targets are: computed from what happened, never set by hand. */
export const taskStatusAfter = (
  before: TaskStatus,
  targets: Partial<Record<TargetStatus, number>>,
): { status: TaskStatus; isEnd: boolean } => {
  const status = judge(before, (name) => targets[name] ?? 0);
  return { status, isEnd: isTaskEnded(status) };
};

const judge = (before: TaskStatus, count: (status: TargetStatus) => number): TaskStatus => {
  // Only a person ends a pause.
  if (before === 'paused') return 'paused';
  if (count('running') > 0) return 'running';
  if (count('queued') > 0) return before === 'queued' ? 'queued' : 'running';
  if (count('waiting') > 0) return 'waiting';
  if (count('cancelled') > 0) return 'cancelled';
  if (count('partial') > 0) return 'partial';
  if (count('failed') === 0) return 'completed';
  return count('completed') > 0 ? 'partial' : 'failed';
};
