import type { WallFilter } from '@stenograf/contracts/api';
import { TARGET_STATUSES, type TargetStatus } from '@stenograf/contracts/statuses';
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { Models } from '../models/models';
import type { Page, TaskSnapshot } from './snapshots';
import { LEDGER_COLUMNS, type LedgerRow, toLedger } from './ledgerSql';
import { taskStatusAfter } from './taskStatus';

export interface NewTask {
  name: string | null;
  postsLimit: number | null;
  postsSince: Date | null;
  postsUntil: Date | null;
  postsFilter: WallFilter;
  collectComments: boolean;
  collectThreads: boolean;
  priority: number;
}

export interface TaskRepository {
  /** @throws when there is no such task: a target never outlives its task. */
  getScope(taskId: number): Promise<NewTask>;
  insert(task: NewTask, transaction: Transaction): Promise<number>;
  findSnapshot(taskId: number, transaction?: Transaction): Promise<TaskSnapshot | null>;
  /** Newest first, from the task before `after` on. */
  listSnapshots(after: number | undefined, limit: number): Promise<Page<TaskSnapshot>>;
  /**
   * Makes the status of a task what its targets say, and logs a move. Locks the row: the last of
   * many targets to end is the one that ends the task.
   */
  refreshStatus(taskId: number, transaction: Transaction): Promise<void>;
  /** Raises the share done; never lowers it. */
  raiseProgress(taskId: number, transaction: Transaction): Promise<number>;
}

const SNAPSHOT = `
SELECT task.*, sums.*, ledger.*
FROM tasks AS task
CROSS JOIN LATERAL (
  SELECT jsonb_object_agg(status, targets) AS targets,
    sum(posts)::int AS posts, sum(comments)::int AS comments, sum(authors)::int AS authors,
    sum(new_rows)::int AS new_rows, sum(changed_rows)::int AS changed_rows,
    sum(deleted_rows)::int AS deleted_rows, sum(calls)::int AS calls,
    sum(requests)::int AS requests, sum(errors)::int AS errors
  FROM (
    SELECT status, count(*) AS targets, sum(posts) AS posts, sum(comments) AS comments,
      sum(authors) AS authors, sum(new_rows) AS new_rows, sum(changed_rows) AS changed_rows,
      sum(deleted_rows) AS deleted_rows, sum(calls) AS calls, sum(requests) AS requests,
      sum(errors) AS errors
    FROM targets WHERE task_id = task.id GROUP BY status
  ) AS by_status
) AS sums
CROSS JOIN LATERAL (
  SELECT ${LEDGER_COLUMNS}
  FROM walks JOIN targets ON targets.id = walks.target_id
  WHERE targets.task_id = task.id AND walks.state = 'done' AND walks.unlisted IS NOT NULL
) AS ledger`;

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
  Object.fromEntries(
    TARGET_STATUSES.map((status) => [status, Number(counted?.[status] ?? 0)]),
  ) as Record<TargetStatus, number>;

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

interface TargetSum {
  status: TargetStatus;
  targets: number;
  waiting_for: TaskSnapshot['waitingFor'];
  waiting_until: Date | null;
  reason_kind: string | null;
}

const TARGET_SUMS = `
SELECT status, count(*)::int AS targets, min(waiting_for) AS waiting_for,
  min(waiting_until) AS waiting_until, min(reason_kind) AS reason_kind
FROM targets WHERE task_id = $1 GROUP BY status`;

const MOVE = `
UPDATE tasks SET status = $2::text, waiting_for = $3, waiting_until = $4, reason_kind = $5,
  started_at = CASE WHEN $2::text = 'queued' THEN started_at ELSE coalesce(started_at, now()) END,
  finished_at = CASE WHEN $6 THEN now() END,
  progress = CASE WHEN $6 THEN 1 ELSE progress END
WHERE id = $1`;

export const createTaskRepository = ({
  sequelize,
  models,
}: {
  sequelize: Sequelize;
  models: Models;
}): TaskRepository => ({
  async insert(task, transaction) {
    const row = await models.Task.create(task, { transaction });
    return Number(row.id);
  },

  getScope: (taskId) => models.Task.findByPk(taskId, { rejectOnEmpty: true }),

  async findSnapshot(taskId, transaction) {
    const rows = await sequelize.query<SnapshotRow>(`${SNAPSHOT} WHERE task.id = $1`, {
      bind: [taskId],
      type: QueryTypes.SELECT,
      transaction: transaction ?? null,
    });
    return rows[0] ? toSnapshot(rows[0]) : null;
  },

  async listSnapshots(after, limit) {
    const rows = await sequelize.query<SnapshotRow>(
      `${SNAPSHOT} WHERE $1::bigint IS NULL OR task.id < $1 ORDER BY task.id DESC LIMIT $2`,
      { bind: [after ?? null, limit + 1], type: QueryTypes.SELECT },
    );
    const items = rows.slice(0, limit).map(toSnapshot);
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  },

  async refreshStatus(taskId, transaction) {
    const task = await models.Task.findByPk(taskId, {
      transaction,
      lock: transaction.LOCK.NO_KEY_UPDATE,
    });
    if (!task) return;
    const sums = await sequelize.query<TargetSum>(TARGET_SUMS, {
      bind: [taskId],
      type: QueryTypes.SELECT,
      transaction,
    });
    const counts = Object.fromEntries(sums.map((sum) => [sum.status, sum.targets]));
    const next = taskStatusAfter(task.status, counts);
    const waiting = next.status === 'waiting' ? sums.find((sum) => sum.status === 'waiting') : null;
    const isSame =
      task.status === next.status && task.waitingFor === (waiting?.waiting_for ?? null);
    await sequelize.query(MOVE, {
      bind: [
        taskId,
        next.status,
        waiting?.waiting_for ?? null,
        waiting?.waiting_until ?? null,
        waiting?.reason_kind ?? null,
        next.isEnd,
      ],
      transaction,
    });
    if (isSame) return;
    await models.TaskEvent.create(
      {
        taskId,
        targetId: null,
        type: 'task.status',
        data: { from: task.status, to: next.status, waiting_for: waiting?.waiting_for ?? null },
      },
      { transaction },
    );
  },

  async raiseProgress(taskId, transaction) {
    // A target's share: how much of what was found is read, times how much of the wall is found.
    const rows = await sequelize.query<{ progress: number }>(
      `UPDATE tasks SET progress = greatest(progress, least(0.999, (
         SELECT avg(CASE
           WHEN status IN ('completed', 'partial', 'failed', 'cancelled') THEN 1
           WHEN walks_total = 0 THEN 0
           ELSE walks_done::real / walks_total
             * least(1, posts::real / greatest(1, coalesce(posts_expected, posts)))
         END) FROM targets WHERE task_id = $1)))
       WHERE id = $1 RETURNING progress`,
      { bind: [taskId], type: QueryTypes.SELECT, transaction },
    );
    return rows[0]?.progress ?? 0;
  },
});
