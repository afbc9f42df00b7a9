import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { WaitingFor } from '@stenograf/contracts/statuses';
import type { Sequelize, Transaction } from 'sequelize';
import type { Models } from '../models/models';
import { createSelect, type Select } from './select';
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
  /** That of its task: 1 (first) to 10 (last). */
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

/** What the holder of a claim may do; every call names the epoch that it holds. */
export interface ClaimRepository {
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
  /** Exact counts, taken once more from the rows, then the end. @returns false when lost. */
  end(target: ClaimedTarget, end: TargetEnd): Promise<boolean>;
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
      AND (other.post_id IS NULL OR targets.post_id IS NULL OR other.post_id = targets.post_id)
      AND other.status = 'running' AND other.lease_until >= now())
  AND NOT EXISTS (SELECT FROM tasks WHERE tasks.id = task_id AND tasks.status = 'paused')
RETURNING id, task_id, epoch, refs, owner_id, post_id, barren_claims,
  (SELECT priority FROM tasks WHERE tasks.id = task_id)`;

/** Two claims of one wall must not both find it free; unresolved targets have no wall yet. */
const LOCK_WALL = `SELECT pg_advisory_xact_lock(7836502, hashint8(owner_id))
FROM targets WHERE id = $1 AND owner_id IS NOT NULL`;

/**
 * A pause that runs at the same time is waited for here, so that the claim's own statement sees it.
 */
const LOCK_TARGET = 'SELECT id FROM targets WHERE id = $1 FOR NO KEY UPDATE';

/**
 * A lease that ran out is never taken up again, not even where nobody has claimed the target yet:
 * its wall may by then be in the hands of another target.
 */
const IS_MINE = "id = $1 AND epoch = $2 AND status = 'running' AND lease_until >= now()";

const END = `
UPDATE targets SET status = $3::text, reason_kind = $4, reason_code = $5, waiting_for = $6,
  waiting_until = $7, lease_until = NULL,
  finished_at = CASE WHEN $3::text IN ('completed', 'partial', 'failed') THEN now() END
WHERE id = $1 AND epoch = $2 AND status = 'running' RETURNING task_id`;

/**
 * Rows that vanished or were read twice move the running counts; at the end the rows decide, of the
 * kinds that the task asked for: others may have stored more of the same posts.
 */
const RECOUNT = `
UPDATE targets SET
  posts = (SELECT count(*) FROM task_posts
    WHERE task_posts.task_id = targets.task_id AND task_posts.owner_id = targets.owner_id
      AND (targets.post_id IS NULL OR task_posts.post_id = targets.post_id)),
  comments = CASE WHEN tasks.collect_comments THEN (SELECT count(*) FROM comments
    JOIN task_posts USING (owner_id, post_id)
    WHERE task_posts.task_id = targets.task_id AND task_posts.owner_id = targets.owner_id
      AND (targets.post_id IS NULL OR task_posts.post_id = targets.post_id)
      AND (tasks.collect_threads OR comments.thread_root_id IS NULL)) ELSE 0 END
FROM tasks
WHERE tasks.id = targets.task_id AND targets.id = $1 AND owner_id IS NOT NULL
RETURNING targets.id`;

const ADD_COUNTERS = `
UPDATE targets SET posts = posts + $2, comments = comments + $3, authors = authors + $4,
  new_rows = new_rows + $5, changed_rows = changed_rows + $6, deleted_rows = deleted_rows + $7,
  walks_total = walks_total + $8, walks_done = walks_done + $9, calls = calls + $10,
  requests = requests + $11, errors = errors + $12,
  posts_expected = coalesce($13, posts_expected), barren_claims = 0,
  lease_until = now() + make_interval(secs => $14::float / 1000)
WHERE id = $1 RETURNING id`;

interface ClaimRow {
  id: number;
  task_id: number;
  epoch: number;
  refs: string[];
  owner_id: number | null;
  post_id: number | null;
  barren_claims: number;
  priority: number;
}

const toClaimed = (row: ClaimRow): ClaimedTarget => ({
  id: row.id,
  taskId: row.task_id,
  epoch: row.epoch,
  refs: row.refs,
  ownerId: row.owner_id,
  postId: row.post_id,
  barrenClaims: row.barren_claims,
  priority: row.priority,
});

interface Dependencies {
  sequelize: Sequelize;
  models: Models;
  taskRepository: TaskRepository;
}

const logMove = async (
  { models }: Dependencies,
  target: Pick<ClaimedTarget, 'id' | 'taskId'>,
  data: Record<string, unknown>,
  transaction: Transaction,
): Promise<void> => {
  const { id: targetId, taskId } = target;
  await models.TaskEvent.create({ taskId, targetId, type: 'target.status', data }, { transaction });
};

const endBind = (target: ClaimedTarget, end: TargetEnd): unknown[] => {
  const reason = 'reason' in end ? end.reason : null;
  const wait = end.status === 'waiting' ? end : null;
  return [
    target.id,
    target.epoch,
    end.status,
    reason?.kind ?? null,
    reason?.code ?? null,
    wait?.waitingFor ?? null,
    wait?.waitingUntil ?? null,
  ];
};

const countersBind = (
  target: ClaimedTarget,
  counters: TargetCounters,
  postsExpected: number | null,
  leaseMs: number,
): unknown[] => [
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
];

export const createClaimRepository = (dependencies: Dependencies): ClaimRepository => {
  const { sequelize, taskRepository } = dependencies;
  const select: Select = createSelect(sequelize);
  return {
    claim: (targetId, leaseMs) =>
      sequelize.transaction(async (transaction) => {
        await select(LOCK_WALL, [targetId], transaction);
        await select(LOCK_TARGET, [targetId], transaction);
        const [row] = await select<ClaimRow>(CLAIM, [targetId, leaseMs], transaction);
        if (!row) return null;
        const target = toClaimed(row);
        const move = { to: 'running', epoch: target.epoch };
        await logMove(dependencies, target, move, transaction);
        await taskRepository.refreshStatus(target.taskId, transaction);
        return target;
      }),

    async heartbeat(target, leaseMs) {
      const rows = await select(
        `UPDATE targets SET lease_until = now() + make_interval(secs => $3::float / 1000)
         WHERE ${IS_MINE} RETURNING id`,
        [target.id, target.epoch, leaseMs],
      );
      return rows.length > 0;
    },

    async fence(target, transaction) {
      const rows = await select(
        `SELECT id FROM targets WHERE ${IS_MINE} FOR NO KEY UPDATE`,
        [target.id, target.epoch],
        transaction,
      );
      return rows.length > 0;
    },

    async addCounters(target, counters, postsExpected, leaseMs, transaction) {
      const bind = countersBind(target, counters, postsExpected, leaseMs);
      await select(ADD_COUNTERS, bind, transaction);
    },

    end: (target, end) =>
      sequelize.transaction(async (transaction) => {
        const ended = await select(END, endBind(target, end), transaction);
        if (ended.length === 0) return false;
        await select(RECOUNT, [target.id], transaction);
        const reason = 'reason' in end ? end.reason : null;
        const move = { to: end.status, kind: reason?.kind ?? null, code: reason?.code ?? null };
        await logMove(dependencies, target, move, transaction);
        await taskRepository.raiseProgress(target.taskId, transaction);
        await taskRepository.refreshStatus(target.taskId, transaction);
        return true;
      }),
  };
};
