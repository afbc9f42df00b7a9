import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { Sequelize, Transaction } from 'sequelize';
import type { Models } from '../models/models';
import { createSelect } from './select';
import type { TaskRepository } from './taskRepository';

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

export interface TargetRepository {
  insertMany(taskId: number, targets: NewTarget[], transaction: Transaction): Promise<DueTarget[]>;
  /** Queues what waits for a token, its quota or a person: some token can do more than before. */
  requeueWaitingForTokens(): Promise<void>;
  /** Queued targets that want the wall of this one, which is let go. */
  listQueuedBehind(targetId: number): Promise<DueTarget[]>;
  /** Targets that a worker should be told of: queued, abandoned, or waiting no longer. */
  listDue(limit: number): Promise<DueTarget[]>;
}

const QUEUED_BEHIND = `
SELECT targets.id AS "targetId", epoch, priority
FROM targets JOIN tasks ON tasks.id = targets.task_id
WHERE targets.status = 'queued' AND tasks.status <> 'paused' AND targets.id <> $1
  AND targets.owner_id = (SELECT owner_id FROM targets WHERE id = $1)
ORDER BY priority, targets.id LIMIT 100`;

const DUE = `
SELECT targets.id AS "targetId", epoch, priority
FROM targets JOIN tasks ON tasks.id = targets.task_id
WHERE tasks.status <> 'paused'
  AND (targets.status = 'queued'
    OR (targets.status = 'running' AND lease_until < now())
    OR (targets.status = 'waiting' AND targets.waiting_until <= now()))
ORDER BY priority, targets.id LIMIT $1`;

/** In key order: processes that start at the same time never wait for each other in a ring. */
const REQUEUE = `
WITH waiting AS (
  SELECT id FROM targets WHERE status = 'waiting' ORDER BY id FOR NO KEY UPDATE)
UPDATE targets SET status = 'queued', waiting_for = NULL, waiting_until = NULL,
  reason_kind = NULL, reason_code = NULL
FROM waiting WHERE targets.id = waiting.id RETURNING task_id`;

export const createTargetRepository = ({
  sequelize,
  models,
  taskRepository,
}: {
  sequelize: Sequelize;
  models: Models;
  taskRepository: TaskRepository;
}): TargetRepository => {
  const select = createSelect(sequelize);
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
        .map((row) => ({ targetId: row.id, epoch: 0, priority: task?.priority ?? 5 }));
    },

    requeueWaitingForTokens: () =>
      sequelize.transaction(async (transaction) => {
        const rows = await select<{ task_id: number }>(REQUEUE, [], transaction);
        const taskIds = [...new Set(rows.map((row) => row.task_id))].sort((a, b) => a - b);
        for (const taskId of taskIds) await taskRepository.refreshStatus(taskId, transaction);
      }),

    listQueuedBehind: (targetId) => select<DueTarget>(QUEUED_BEHIND, [targetId]),

    listDue: (limit) => select<DueTarget>(DUE, [limit]),
  };
};
