import type { WallFilter } from '@stenograf/contracts/api';
import type { TargetStatus } from '@stenograf/contracts/statuses';
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { Models } from '../models/models';
import type { TaskSnapshot } from './snapshots';
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
  /**
   * Makes the status of a task what its targets say, and logs a move. Locks the row: the last of
   * many targets to end is the one that ends the task.
   */
  refreshStatus(taskId: number, transaction: Transaction): Promise<void>;
  /** Raises the share done; never lowers it. */
  raiseProgress(taskId: number, transaction: Transaction): Promise<number>;
}

interface TargetSum {
  status: TargetStatus;
  targets: number;
  waiting_for: TaskSnapshot['waitingFor'];
  waiting_until: Date | null;
  reason_kind: string | null;
}

// What a task waits for is told of one target; where several wait, of one that needs a person.
const ONE = 'ORDER BY waiting_for, waiting_until NULLS LAST, id';
const TARGET_SUMS = `
SELECT status, count(*)::int AS targets, (array_agg(waiting_for ${ONE}))[1] AS waiting_for,
  (array_agg(waiting_until ${ONE}))[1] AS waiting_until,
  (array_agg(reason_kind ${ONE}))[1] AS reason_kind
FROM targets WHERE task_id = $1 GROUP BY status`;

const MOVE = `
UPDATE tasks SET status = $2::text, waiting_for = $3, waiting_until = $4, reason_kind = $5,
  started_at = CASE WHEN $2::text = 'queued' THEN started_at ELSE coalesce(started_at, now()) END,
  finished_at = CASE WHEN $6 THEN now() END,
  progress = CASE WHEN $6 AND $2::text <> 'cancelled' THEN 1 ELSE progress END
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
    return row.id;
  },

  getScope: (taskId) => models.Task.findByPk(taskId, { rejectOnEmpty: true }),

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
           ELSE least(1, walks_done::real / greatest(1, walks_total))
             * least(1, posts::real / greatest(1, coalesce(posts_expected, posts)))
         END) FROM targets WHERE task_id = $1)))
       WHERE id = $1 RETURNING progress`,
      { bind: [taskId], type: QueryTypes.SELECT, transaction },
    );
    return rows[0]?.progress ?? 0;
  },
});
