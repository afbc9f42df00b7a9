import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { TargetStatus, WaitingFor } from '@stenograf/contracts/statuses';
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import type { Models } from '../models/models';
import type { TaskRepository } from './taskRepository';

/** A target in the hands of a worker: the epoch fences everything that it writes. */
export interface ClaimedTarget {
  id: number;
  taskId: number;
  epoch: number;
  refs: string[];
  ownerId: number | null;
  postId: number | null;
  barrenClaims: number;
}

export interface NewTarget {
  refs: string[];
  ownerId: number | null;
  postId: number | null;
  /** Set for a line that cannot be a community: the target is failed from the start. */
  reasonKind: ReasonKind | null;
}

export interface DueTarget {
  targetId: number;
  epoch: number;
  priority: number;
}

export interface TargetReason {
  kind: ReasonKind;
  code: number | null;
}

/** How a worker lets go of a target. */
export type TargetEnd =
  | { status: 'completed' }
  | { status: 'partial' | 'failed'; reason: TargetReason }
  | { status: 'queued' }
  | { status: 'waiting'; reason: TargetReason; waitingFor: WaitingFor; waitingUntil: Date | null };

/** What a commit adds to the counters of its target. */
export interface TargetCounters {
  posts: number;
  comments: number;
  authors: number;
  newRows: number;
  changedRows: number;
  deletedRows: number;
  walksTotal: number;
  walksDone: number;
  calls: number;
  requests: number;
  errors: number;
}

export interface TargetRepository {
  insertMany(taskId: number, targets: NewTarget[], transaction: Transaction): Promise<DueTarget[]>;
  /**
   * Takes a due target whose wall no other live worker holds; adds one to its epoch.
   * @returns null when it is not due (done, held, or waiting for later).
   */
  claim(targetId: number, leaseMs: number): Promise<ClaimedTarget | null>;
  /** Extends the lease. @returns false when the target is no longer this worker's. */
  heartbeat(target: ClaimedTarget, leaseMs: number): Promise<boolean>;
  /** Locks the row for a commit. @returns false when the target is no longer this worker's. */
  fence(target: ClaimedTarget, transaction: Transaction): Promise<boolean>;
  addCounters(
    target: ClaimedTarget,
    counters: TargetCounters,
    postsExpected: number | null,
    leaseMs: number,
    transaction: Transaction,
  ): Promise<void>;
  /**
   * Notes whose wall it is. Where another target of the task has the same, this one's references
   * are handed to it and this one is deleted; where another task is reading the wall, it is let go.
   */
  settleOwner(
    target: ClaimedTarget,
    ownerId: number,
  ): Promise<'settled' | 'merged' | 'busy' | 'lost'>;
  /** Exact counts, taken once more from the rows, then the end. @returns false when lost. */
  end(target: ClaimedTarget, end: TargetEnd): Promise<boolean>;
  /** Queues what waits for a token or a person: a process with tokens of its own has started. */
  requeueWaitingForTokens(): Promise<void>;
  /** Targets that a worker should be told of: queued, abandoned, or waiting no longer. */
  listDue(limit: number): Promise<DueTarget[]>;
}

const CLAIM = `
UPDATE targets SET status = 'running', epoch = epoch + 1, barren_claims = barren_claims + 1,
  lease_until = now() + make_interval(secs => $2::float / 1000),
  waiting_for = NULL, waiting_until = NULL, reason_kind = NULL, reason_code = NULL,
  started_at = coalesce(started_at, now())
WHERE id = $1
  AND (status = 'queued'
    OR (status = 'running' AND lease_until < now())
    OR (status = 'waiting' AND waiting_until <= now()))
  AND NOT EXISTS (
    SELECT FROM targets AS other
    WHERE other.owner_id = targets.owner_id AND other.id <> targets.id
      AND other.status = 'running' AND other.lease_until >= now())
RETURNING id, task_id, epoch, refs, owner_id, post_id, barren_claims`;

/** Two claims of one wall must not both find it free; unresolved targets have no wall yet. */
const LOCK_WALL = `SELECT pg_advisory_xact_lock(7836502, hashint8(owner_id))
FROM targets WHERE id = $1 AND owner_id IS NOT NULL`;

const END = `
UPDATE targets SET status = $3::text, reason_kind = $4, reason_code = $5, waiting_for = $6,
  waiting_until = $7, lease_until = NULL,
  finished_at = CASE WHEN $3::text IN ('completed', 'partial', 'failed') THEN now() END
WHERE id = $1 AND epoch = $2 AND status = 'running' RETURNING task_id`;

/** Rows that vanished or were read twice move the running counts; at the end the rows decide. */
const RECOUNT = `
UPDATE targets SET
  posts = (SELECT count(*) FROM task_posts
    WHERE task_posts.task_id = targets.task_id AND task_posts.owner_id = targets.owner_id
      AND (targets.post_id IS NULL OR task_posts.post_id = targets.post_id)),
  comments = (SELECT count(*) FROM comments
    JOIN task_posts USING (owner_id, post_id)
    WHERE task_posts.task_id = targets.task_id AND task_posts.owner_id = targets.owner_id
      AND (targets.post_id IS NULL OR task_posts.post_id = targets.post_id))
WHERE id = $1 AND owner_id IS NOT NULL`;

const DUE = `
SELECT targets.id AS "targetId", epoch, priority
FROM targets JOIN tasks ON tasks.id = targets.task_id
WHERE targets.status = 'queued'
  OR (targets.status = 'running' AND lease_until < now())
  OR (targets.status = 'waiting' AND targets.waiting_until <= now())
ORDER BY priority, targets.id LIMIT $1`;

interface ClaimRow {
  id: number;
  task_id: number;
  epoch: number;
  refs: string[];
  owner_id: number | null;
  post_id: number | null;
  barren_claims: number;
}

export const createTargetRepository = ({
  sequelize,
  models,
  taskRepository,
}: {
  sequelize: Sequelize;
  models: Models;
  taskRepository: TaskRepository;
}): TargetRepository => {
  const select = <T extends object>(
    sql: string,
    bind: unknown[],
    transaction?: Transaction,
  ): Promise<T[]> =>
    sequelize.query<T>(sql, {
      bind,
      type: QueryTypes.SELECT,
      transaction: transaction ?? null,
    });

  const logMove = async (
    taskId: number,
    targetId: number,
    data: Record<string, unknown>,
    transaction: Transaction,
  ): Promise<void> => {
    await models.TaskEvent.create(
      { taskId, targetId, type: 'target.status', data },
      { transaction },
    );
  };

  const mergeInto = async (
    existingId: number,
    target: ClaimedTarget,
    transaction: Transaction,
  ): Promise<void> => {
    await select(
      `UPDATE targets SET refs = refs || $2::text[] WHERE id = $1 RETURNING id`,
      [existingId, target.refs],
      transaction,
    );
    await models.Target.destroy({ where: { id: target.id }, transaction });
    await taskRepository.refreshStatus(target.taskId, transaction);
  };

  const release = (
    target: ClaimedTarget,
    transaction: Transaction,
  ): Promise<{ task_id: number }[]> =>
    select(END, [target.id, target.epoch, 'queued', null, null, null, null], transaction);

  return {
    async insertMany(taskId, targets, transaction) {
      const rows = await models.Target.bulkCreate(
        targets.map(({ reasonKind, ...target }) => ({
          ...target,
          taskId,
          reasonKind,
          status: reasonKind === null ? ('queued' as const) : ('failed' as const),
          finishedAt: reasonKind === null ? null : new Date(),
        })),
        {
          transaction,
          fields: ['taskId', 'refs', 'ownerId', 'postId', 'reasonKind', 'status', 'finishedAt'],
        },
      );
      const task = await models.Task.findByPk(taskId, { transaction });
      return rows
        .filter((row) => row.status === 'queued')
        .map((row) => ({ targetId: Number(row.id), epoch: 0, priority: task?.priority ?? 5 }));
    },

    claim: (targetId, leaseMs) =>
      sequelize.transaction(async (transaction) => {
        await select(LOCK_WALL, [targetId], transaction);
        const [row] = await select<ClaimRow>(CLAIM, [targetId, leaseMs], transaction);
        if (!row) return null;
        await logMove(row.task_id, row.id, { to: 'running', epoch: row.epoch }, transaction);
        await taskRepository.refreshStatus(row.task_id, transaction);
        return {
          id: row.id,
          taskId: row.task_id,
          epoch: row.epoch,
          refs: row.refs,
          ownerId: row.owner_id,
          postId: row.post_id,
          barrenClaims: row.barren_claims,
        };
      }),

    async heartbeat(target, leaseMs) {
      const rows = await select(
        `UPDATE targets SET lease_until = now() + make_interval(secs => $3::float / 1000)
         WHERE id = $1 AND epoch = $2 AND status = 'running' RETURNING id`,
        [target.id, target.epoch, leaseMs],
      );
      return rows.length > 0;
    },

    async fence(target, transaction) {
      const rows = await select(
        `SELECT id FROM targets WHERE id = $1 AND epoch = $2 AND status = 'running' FOR NO KEY UPDATE`,
        [target.id, target.epoch],
        transaction,
      );
      return rows.length > 0;
    },

    async addCounters(target, counters, postsExpected, leaseMs, transaction) {
      await select(
        `UPDATE targets SET posts = posts + $2, comments = comments + $3, authors = authors + $4,
           new_rows = new_rows + $5, changed_rows = changed_rows + $6,
           deleted_rows = deleted_rows + $7, walks_total = walks_total + $8,
           walks_done = walks_done + $9, calls = calls + $10, requests = requests + $11,
           errors = errors + $12, posts_expected = coalesce($13, posts_expected),
           barren_claims = 0, lease_until = now() + make_interval(secs => $14::float / 1000)
         WHERE id = $1 RETURNING id`,
        [
          target.id,
          counters.posts,
          counters.comments,
          counters.authors,
          counters.newRows,
          counters.changedRows,
          counters.deletedRows,
          counters.walksTotal,
          counters.walksDone,
          counters.calls,
          counters.requests,
          counters.errors,
          postsExpected,
          leaseMs,
        ],
        transaction,
      );
    },

    settleOwner: (target, ownerId) =>
      sequelize.transaction(async (transaction) => {
        await select('SELECT pg_advisory_xact_lock(7836502, hashint8($1))', [ownerId], transaction);
        if (
          !(await models.Target.findOne({
            where: { id: target.id, epoch: target.epoch, status: 'running' },
            transaction,
            lock: transaction.LOCK.NO_KEY_UPDATE,
          }))
        ) {
          return 'lost';
        }
        const twin = await models.Target.findOne({
          where: { taskId: target.taskId, ownerId, postId: null },
          transaction,
        });
        if (twin && target.postId === null && Number(twin.id) !== target.id) {
          await mergeInto(Number(twin.id), target, transaction);
          return 'merged';
        }
        await models.Target.update({ ownerId }, { where: { id: target.id }, transaction });
        const held = await select(
          `SELECT id FROM targets WHERE owner_id = $1 AND id <> $2 AND status = 'running'
             AND lease_until >= now()`,
          [ownerId, target.id],
          transaction,
        );
        if (held.length === 0) return 'settled';
        await release(target, transaction);
        await taskRepository.refreshStatus(target.taskId, transaction);
        return 'busy';
      }),

    end: (target, end) =>
      sequelize.transaction(async (transaction) => {
        const reason = 'reason' in end ? end.reason : null;
        const [row] = await select<{ task_id: number }>(
          END,
          [
            target.id,
            target.epoch,
            end.status satisfies TargetStatus,
            reason?.kind ?? null,
            reason?.code ?? null,
            end.status === 'waiting' ? end.waitingFor : null,
            end.status === 'waiting' ? end.waitingUntil : null,
          ],
          transaction,
        );
        if (!row) return false;
        await sequelize.query(RECOUNT, { bind: [target.id], transaction });
        const data = { to: end.status, kind: reason?.kind ?? null, code: reason?.code ?? null };
        await logMove(row.task_id, target.id, data, transaction);
        await taskRepository.raiseProgress(row.task_id, transaction);
        await taskRepository.refreshStatus(row.task_id, transaction);
        return true;
      }),

    requeueWaitingForTokens: () =>
      sequelize.transaction(async (transaction) => {
        const rows = await select<{ task_id: number }>(
          `UPDATE targets SET status = 'queued', waiting_for = NULL
           WHERE status = 'waiting' AND waiting_for IN ('token', 'captcha') RETURNING task_id`,
          [],
          transaction,
        );
        const taskIds = [...new Set(rows.map((row) => row.task_id))].sort((a, b) => a - b);
        for (const taskId of taskIds) await taskRepository.refreshStatus(taskId, transaction);
      }),

    listDue: (limit) => select<DueTarget>(DUE, [limit]),
  };
};
