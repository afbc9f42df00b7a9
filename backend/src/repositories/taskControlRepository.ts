import type { TaskStatus } from '@stenograf/contracts/statuses';
import type { Sequelize, Transaction } from 'sequelize';
import type { Models } from '../models/models';
import { createSelect } from './select';
import type { DueTarget } from './targetRepository';
import type { TaskRepository } from './taskRepository';
import { FROM_START } from './walkSql';

/** What came of a move: done, or the status that does not allow it; null where there is no task. */
export type MoveOutcome = { allowed: true } | { allowed: false; status: TaskStatus } | null;

/**
 * Moves that people make. Each is one transaction that raises the epoch of the targets it touches,
 * so that whoever is reading them commits nothing more: it is in effect when it returns.
 */
export interface TaskControlRepository {
  pause(taskId: number): Promise<MoveOutcome>;
  resume(taskId: number): Promise<MoveOutcome>;
  /** What was read stays. */
  cancel(taskId: number): Promise<MoveOutcome>;
  /** Queues what failed, and nothing else. */
  retry(taskId: number): Promise<MoveOutcome>;
  /** Forgets the task; posts and comments belong to nobody and stay. */
  remove(taskId: number): Promise<MoveOutcome>;
  listDueOf(taskId: number): Promise<DueTarget[]>;
}

const ACTIVE: TaskStatus[] = ['queued', 'running', 'waiting'];

// Targets first, in key order, as everybody else does: then the task.
const LOCK_TARGETS = 'SELECT id FROM targets WHERE task_id = $1 ORDER BY id FOR NO KEY UPDATE';

const LOCK_TASK = 'SELECT status FROM tasks WHERE id = $1 FOR NO KEY UPDATE';

const SET_STATUS = `
UPDATE tasks SET status = $2, waiting_for = NULL, waiting_until = NULL, reason_kind = NULL,
  finished_at = NULL
WHERE id = $1 RETURNING id`;

const HAND_BACK = `
UPDATE targets SET status = 'queued', epoch = epoch + 1, lease_until = NULL, barren_claims = 0
WHERE task_id = $1 AND status = 'running' RETURNING id`;

const CANCEL = `
UPDATE targets SET status = 'cancelled', epoch = epoch + 1, lease_until = NULL, finished_at = now(),
  waiting_for = NULL, waiting_until = NULL, reason_kind = 'cancelled', reason_code = NULL
WHERE task_id = $1 AND status IN ('queued', 'running', 'waiting') RETURNING id`;

const RETRY_WALKS = `
UPDATE walks SET ${FROM_START}, passes = 0
FROM targets
WHERE targets.id = walks.target_id AND targets.task_id = $1 AND walks.state = 'failed'
RETURNING walks.id`;

const RETRY_TARGETS = `
UPDATE targets SET status = 'queued', epoch = epoch + 1, barren_claims = 0, finished_at = NULL,
  reason_kind = NULL, reason_code = NULL
WHERE task_id = $1 AND status IN ('failed', 'partial') RETURNING id`;

/** The bar begins again: what is retried was counted as done. */
const RESET_PROGRESS = 'UPDATE tasks SET progress = 0 WHERE id = $1 RETURNING id';

const DUE_OF = `
SELECT targets.id AS "targetId", epoch, priority
FROM targets JOIN tasks ON tasks.id = targets.task_id
WHERE task_id = $1 AND targets.status = 'queued' ORDER BY targets.id`;

interface Dependencies {
  sequelize: Sequelize;
  models: Models;
  taskRepository: TaskRepository;
}

export const createTaskControlRepository = ({
  sequelize,
  models,
  taskRepository,
}: Dependencies): TaskControlRepository => {
  const select = createSelect(sequelize);

  const logMove = async (
    taskId: number,
    from: TaskStatus,
    to: TaskStatus,
    transaction: Transaction,
  ): Promise<void> => {
    await models.TaskEvent.create(
      { taskId, targetId: null, type: 'task.status', data: { from, to } },
      { transaction },
    );
  };

  const move = (
    taskId: number,
    allowed: readonly TaskStatus[],
    work: (from: TaskStatus, transaction: Transaction) => Promise<unknown>,
  ): Promise<MoveOutcome> =>
    sequelize.transaction(async (transaction) => {
      await select(LOCK_TARGETS, [taskId], transaction);
      const [task] = await select<{ status: TaskStatus }>(LOCK_TASK, [taskId], transaction);
      if (!task) return null;
      if (!allowed.includes(task.status)) return { allowed: false, status: task.status };
      await work(task.status, transaction);
      return { allowed: true };
    });

  return {
    pause: (taskId) =>
      move(taskId, ACTIVE, async (from, transaction) => {
        await select(HAND_BACK, [taskId], transaction);
        await select(SET_STATUS, [taskId, 'paused'], transaction);
        await logMove(taskId, from, 'paused', transaction);
      }),

    resume: (taskId) =>
      move(taskId, ['paused'], async (from, transaction) => {
        await select(SET_STATUS, [taskId, 'queued'], transaction);
        await logMove(taskId, from, 'queued', transaction);
        await taskRepository.refreshStatus(taskId, transaction);
      }),

    cancel: (taskId) =>
      move(taskId, [...ACTIVE, 'paused'], async (from, transaction) => {
        await select(CANCEL, [taskId], transaction);
        // A pause is left first: a paused task stays so whatever its targets say.
        if (from === 'paused') await select(SET_STATUS, [taskId, 'queued'], transaction);
        await taskRepository.refreshStatus(taskId, transaction);
      }),

    retry: (taskId) =>
      move(taskId, ['partial', 'failed'], async (from, transaction) => {
        await select(RETRY_WALKS, [taskId], transaction);
        await select(RETRY_TARGETS, [taskId], transaction);
        await select(RESET_PROGRESS, [taskId], transaction);
        await select(SET_STATUS, [taskId, 'queued'], transaction);
        await logMove(taskId, from, 'queued', transaction);
      }),

    remove: (taskId) =>
      move(
        taskId,
        ['paused', 'cancelled', 'completed', 'partial', 'failed'],
        async (_from, transaction) => models.Task.destroy({ where: { id: taskId }, transaction }),
      ),

    listDueOf: (taskId) => select<DueTarget>(DUE_OF, [taskId]),
  };
};
