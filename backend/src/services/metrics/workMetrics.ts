import { TARGET_STATUSES, TASK_STATUSES, WAITING_FOR } from '@stenograf/contracts/statuses';
import type { WorkCounts } from '../../repositories/metricsRepository';
import { byLabel, single, type MetricFamily } from './family';

const sum = <Row>(rows: readonly Row[], valueOf: (row: Row) => number): number =>
  rows.reduce((total, row) => total + valueOf(row), 0);

/** Sums over tasks that are kept: they fall when a task is deleted, so that none is a counter. */
const sumsOf = (targets: WorkCounts['targets']): MetricFamily[] =>
  (['calls', 'requests', 'errors'] as const).map((name) =>
    single(
      `stenograf_tasks_vk_${name}`,
      `VK ${name} made for the tasks that are kept; falls when a task is deleted.`,
      sum(targets, (row) => row[name]),
    ),
  );

/** Tasks, targets and what is stored. */
export const workMetrics = (counts: WorkCounts): MetricFamily[] => {
  const { tasks, targets } = counts;
  return [
    byLabel(
      { name: 'stenograf_tasks', help: 'Tasks by status.', label: 'status' },
      TASK_STATUSES,
      (status) => tasks.find((row) => row.status === status)?.count ?? 0,
    ),
    byLabel(
      { name: 'stenograf_targets', help: 'Targets by status.', label: 'status' },
      TARGET_STATUSES,
      (status) =>
        sum(
          targets.filter((row) => row.status === status),
          ({ count }) => count,
        ),
    ),
    byLabel(
      {
        name: 'stenograf_targets_waiting',
        help: 'Targets with the status waiting, by what they wait for.',
        label: 'waiting_for',
      },
      WAITING_FOR,
      (cause) =>
        sum(
          targets.filter((row) => row.status === 'waiting' && row.waitingFor === cause),
          ({ count }) => count,
        ),
    ),
    single(
      'stenograf_oldest_queued_target_age_seconds',
      'Since the oldest queued target was asked for, in tasks that are not paused; 0: none is.',
      counts.oldestQueuedAgeS ?? 0,
    ),
    single('stenograf_walks_open', 'Lists of VK that are not read to their end.', counts.walksOpen),
    single(
      'stenograf_last_progress_timestamp_seconds',
      'When a page that VK answered was last stored, by any process.',
      counts.lastProgressAtS,
    ),
    ...sumsOf(targets),
    single('stenograf_database_size_bytes', 'Size of the database.', counts.databaseBytes),
    {
      name: 'stenograf_rows_estimate',
      help: 'About how many rows a table has, by the statistics of PostgreSQL.',
      samples: counts.rows.map(({ table, estimate }) => ({ labels: { table }, value: estimate })),
    },
  ];
};
