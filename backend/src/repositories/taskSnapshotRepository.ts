import type { WallFilter } from '@stenograf/contracts/api';
import { TARGET_STATUSES, type TargetStatus } from '@stenograf/contracts/statuses';
import type { Sequelize, Transaction } from 'sequelize';
import { LEDGER_COLUMNS, type LedgerRow, toLedger } from './ledgerSql';
import { createPreparedSelect } from './preparedSelect';
import { createSelect } from './select';
import type { Page, TaskSnapshot } from './snapshots';

export interface TaskSnapshotRepository {
  findSnapshot(taskId: number, transaction?: Transaction): Promise<TaskSnapshot | null>;
  /** Newest first, from the task before `after` on. */
  listSnapshots(after: number | undefined, limit: number): Promise<Page<TaskSnapshot>>;
}

/** Columns by name: a statement that was prepared must outlive a migration that adds one. */
const SNAPSHOT = `
SELECT task.id, task.name, task.status, task.waiting_for, task.waiting_until, task.reason_kind,
  task.posts_limit, task.posts_since, task.posts_until, task.posts_filter, task.collect_comments,
  task.collect_threads, task.priority, task.progress, task.created_at, task.started_at,
  task.finished_at, sums.*, ledger.*
FROM tasks AS task
CROSS JOIN LATERAL (
  SELECT jsonb_object_agg(status, targets) AS targets,
    sum(posts)::int AS posts, sum(comments)::int AS comments, sum(authors)::int AS authors,
    sum(new_rows)::int AS new_rows, sum(changed_rows)::int AS changed_rows,
    sum(deleted_rows)::int AS deleted_rows, sum(calls)::int AS calls,
    sum(requests)::int AS requests, sum(errors)::int AS errors
  FROM (
    SELECT status, count(*) AS targets, sum(posts) FILTER (WHERE NOT is_part) AS posts,
      sum(comments) FILTER (WHERE NOT is_part) AS comments, sum(authors) AS authors, sum(new_rows) AS new_rows, sum(changed_rows) AS changed_rows,
      sum(deleted_rows) AS deleted_rows, sum(calls) AS calls, sum(requests) AS requests,
      sum(errors) AS errors
    FROM (
      -- A link to a post of a wall that the task reads as well: its rows are counted there.
      SELECT targets.*, post_id IS NOT NULL AND EXISTS (
        SELECT FROM targets AS wall
        WHERE wall.task_id = task.id AND wall.owner_id = targets.owner_id
          AND wall.post_id IS NULL AND wall.status IN ('completed', 'partial')) AS is_part
      FROM targets WHERE task_id = task.id
    ) AS marked GROUP BY status
  ) AS by_status
) AS sums
CROSS JOIN LATERAL (
  SELECT ${LEDGER_COLUMNS}
  FROM walks JOIN targets ON targets.id = walks.target_id
  WHERE targets.task_id = task.id AND walks.state = 'done' AND walks.unlisted IS NOT NULL
) AS ledger`;

const ONE_SNAPSHOT = `${SNAPSHOT} WHERE task.id = $1`;

interface SnapshotRow extends LedgerRow {
  id: number;
  name: string | null;
  status: TaskSnapshot['status'];
  waiting_for: TaskSnapshot['waitingFor'];
  waiting_until: Date | null;
  reason_kind: TaskSnapshot['reasonKind'];
  posts_limit: number | null;
  posts_since: Date | null;
  posts_until: Date | null;
  posts_filter: WallFilter;
  collect_comments: boolean;
  collect_threads: boolean;
  priority: number;
  progress: number;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  targets: Partial<Record<TargetStatus, number>> | null;
  posts: number | null;
  comments: number | null;
  authors: number | null;
  new_rows: number | null;
  changed_rows: number | null;
  deleted_rows: number | null;
  calls: number | null;
  requests: number | null;
  errors: number | null;
}

const allStatuses = (counted: SnapshotRow['targets']): Record<TargetStatus, number> =>
  Object.fromEntries(TARGET_STATUSES.map((status) => [status, counted?.[status] ?? 0])) as Record<
    TargetStatus,
    number
  >;

const toSnapshot = (row: SnapshotRow): TaskSnapshot => ({
  id: row.id,
  name: row.name,
  status: row.status,
  waitingFor: row.waiting_for,
  waitingUntil: row.waiting_until,
  reasonKind: row.reason_kind,
  postsLimit: row.posts_limit,
  postsSince: row.posts_since,
  postsUntil: row.posts_until,
  postsFilter: row.posts_filter,
  collectComments: row.collect_comments,
  collectThreads: row.collect_threads,
  priority: row.priority,
  progress: row.progress,
  targets: allStatuses(row.targets),
  metrics: {
    posts: row.posts ?? 0,
    comments: row.comments ?? 0,
    authors: row.authors ?? 0,
    new: row.new_rows ?? 0,
    changed: row.changed_rows ?? 0,
    deleted: row.deleted_rows ?? 0,
    calls: row.calls ?? 0,
    requests: row.requests ?? 0,
    errors: row.errors ?? 0,
  },
  ledger: toLedger(row),
  createdAt: row.created_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
});

export const createTaskSnapshotRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): TaskSnapshotRepository => {
  const select = createSelect(sequelize);
  // Asked again and again by everybody who waits for a task.
  const selectOne = createPreparedSelect<SnapshotRow>(sequelize, 'task_snapshot', ONE_SNAPSHOT);
  return {
    async findSnapshot(taskId, transaction) {
      const [row] = transaction
        ? await select<SnapshotRow>(ONE_SNAPSHOT, [taskId], transaction)
        : await selectOne([taskId]);
      return row ? toSnapshot(row) : null;
    },

    async listSnapshots(after, limit) {
      const rows = await select<SnapshotRow>(
        `${SNAPSHOT} WHERE $1::bigint IS NULL OR task.id < $1 ORDER BY task.id DESC LIMIT $2`,
        [after ?? null, limit + 1],
      );
      const items = rows.slice(0, limit).map(toSnapshot);
      return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  };
};
