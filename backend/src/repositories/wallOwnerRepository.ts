import type { Sequelize, Transaction } from 'sequelize';
import type { Models } from '../models/models';
import type { ClaimedTarget } from './claimRepository';
import { createSelect } from './select';
import type { TaskRepository } from './taskRepository';

export type OwnerOutcome =
  /** The wall is this target's to read. */
  | 'settled'
  /** Another target of the task is about the same wall or post and took over the references. */
  | 'merged'
  /** Another task is reading the wall; the target waits in the queue until it is free. */
  | 'busy'
  /** The target is no longer in these hands. */
  | 'lost';

export interface WallOwnerRepository {
  /**
   * Notes whose wall a target is about, once VK has told. Two references of one task may turn out
   * to mean one community, and two tasks may want one wall: it is read once at a time.
   */
  settleOwner(target: ClaimedTarget, ownerId: number): Promise<OwnerOutcome>;
}

interface Dependencies {
  sequelize: Sequelize;
  models: Models;
  taskRepository: TaskRepository;
}

/** Serialises those who settle on one wall; taken before any row is locked. */
const LOCK_WALL = 'SELECT pg_advisory_xact_lock(7836502, hashint8($1))';

const RELEASE = `
UPDATE targets SET status = 'queued', lease_until = NULL WHERE id = $1 RETURNING id`;

const HELD = `
SELECT id FROM targets
WHERE owner_id = $1 AND id <> $2 AND status = 'running' AND lease_until >= now()
  AND (post_id IS NULL OR $3::bigint IS NULL OR post_id = $3)`;

/** What it cost to find out is the task's expense all the same. */
const TAKE_OVER = `
UPDATE targets SET refs = targets.refs || gone.refs, calls = targets.calls + gone.calls,
  requests = targets.requests + gone.requests, errors = targets.errors + gone.errors
FROM targets AS gone WHERE targets.id = $1 AND gone.id = $2 RETURNING targets.id`;

export const createWallOwnerRepository = ({
  sequelize,
  models,
  taskRepository,
}: Dependencies): WallOwnerRepository => {
  const select = createSelect(sequelize);

  const isMine = async (target: ClaimedTarget, transaction: Transaction): Promise<boolean> => {
    const row = await models.Target.findOne({
      where: { id: target.id, epoch: target.epoch, status: 'running' },
      transaction,
      lock: transaction.LOCK.NO_KEY_UPDATE,
    });
    return row !== null;
  };

  const settle = async (
    target: ClaimedTarget,
    ownerId: number,
    transaction: Transaction,
  ): Promise<OwnerOutcome> => {
    await select(LOCK_WALL, [ownerId], transaction);
    if (!(await isMine(target, transaction))) return 'lost';
    const twin = await models.Target.findOne({
      where: { taskId: target.taskId, ownerId, postId: target.postId },
      transaction,
    });
    if (twin && twin.id !== target.id) {
      await select(TAKE_OVER, [twin.id, target.id], transaction);
      await models.Target.destroy({ where: { id: target.id }, transaction });
      return 'merged';
    }
    await models.Target.update({ ownerId }, { where: { id: target.id }, transaction });
    const held = await select(HELD, [ownerId, target.id, target.postId], transaction);
    if (held.length === 0) return 'settled';
    await select(RELEASE, [target.id], transaction);
    return 'busy';
  };

  return {
    settleOwner: (target, ownerId) =>
      sequelize.transaction(async (transaction) => {
        const outcome = await settle(target, ownerId, transaction);
        if (outcome === 'merged' || outcome === 'busy') {
          await taskRepository.refreshStatus(target.taskId, transaction);
        }
        return outcome;
      }),
  };
};
