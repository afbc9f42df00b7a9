import type { TargetStatus, TaskStatus, WaitingFor } from '@stenograf/contracts/statuses';
import type { Sequelize } from 'sequelize';
import { createSelect } from './select';

/** How the work of all processes stands, at one moment. */
export interface WorkCounts {
  tasks: { status: TaskStatus; count: number }[];
  targets: {
    status: TargetStatus;
    waitingFor: WaitingFor | null;
    count: number;
    calls: number;
    requests: number;
    errors: number;
  }[];
  /** Since it was asked for, by the clock of PostgreSQL; null when nothing is queued. */
  oldestQueuedAgeS: number | null;
  /** When collected pages were last stored, in Unix time; null if not among the newest events. */
  lastProgressAtS: number | null;
  walksOpen: number;
  databaseBytes: number;
  rows: { table: string; estimate: number }[];
}

export interface MetricsRepository {
  /** Reads nothing whose cost grows with the posts, the comments or the log of events. */
  countWork(): Promise<WorkCounts>;
}

/** Who waits for the numbers has given up by then. */
const LIMIT = `SET LOCAL statement_timeout = '2s'`;

const TASKS = `SELECT status, count(*) AS count FROM tasks GROUP BY status`;

const TARGETS = `
SELECT status, waiting_for AS "waitingFor", count(*) AS count, sum(calls) AS calls,
  sum(requests) AS requests, sum(errors) AS errors
FROM targets GROUP BY status, waiting_for`;

/**
 * Targets of a paused task are queued too, and nobody waits for them. Behind a progress there may be
 * as many other events as a task has targets; the log is read from its end and no further than that.
 */
const MOMENT = `
SELECT
  (SELECT extract(epoch FROM now() - min(targets.created_at)) FROM targets
    JOIN tasks ON tasks.id = task_id AND tasks.status IN ('queued', 'running', 'waiting')
    WHERE targets.status = 'queued')::float8 AS "oldestQueuedAgeS",
  (SELECT extract(epoch FROM at) FROM (
    SELECT id, at, type FROM task_events ORDER BY id DESC LIMIT 10000) AS newest
    WHERE type = 'progress' ORDER BY id DESC LIMIT 1)::float8 AS "lastProgressAtS",
  (SELECT count(*) FROM walks WHERE state = 'open') AS "walksOpen",
  pg_database_size(current_database()) AS "databaseBytes"`;

/** What was counted when the table was last analysed; before that, what was stored since then. */
const ROWS = `
SELECT relname AS table,
  (CASE WHEN reltuples >= 0 THEN reltuples ELSE pg_stat_get_live_tuples(oid) END)::float8
    AS estimate
FROM pg_class
WHERE oid IN ('posts'::regclass, 'comments'::regclass, 'authors'::regclass,
  'communities'::regclass, 'task_events'::regclass) ORDER BY relname`;

type Moment = Pick<
  WorkCounts,
  'oldestQueuedAgeS' | 'lastProgressAtS' | 'walksOpen' | 'databaseBytes'
>;

export const createMetricsRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): MetricsRepository => {
  const select = createSelect(sequelize);
  return {
    countWork: () =>
      sequelize.transaction(async (transaction) => {
        await sequelize.query(LIMIT, { transaction });
        const tasks = await select<WorkCounts['tasks'][number]>(TASKS, [], transaction);
        const targets = await select<WorkCounts['targets'][number]>(TARGETS, [], transaction);
        const rows = await select<WorkCounts['rows'][number]>(ROWS, [], transaction);
        const [moment] = await select<Moment>(MOMENT, [], transaction);
        if (!moment) throw new Error('A statement without a table returned no row.');
        return { tasks, targets, rows, ...moment };
      }),
  };
};
