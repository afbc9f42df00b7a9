import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { WalkKind } from '@stenograf/contracts/statuses';
import { Op, type Sequelize, type Transaction } from 'sequelize';
import type { Models } from '../models/models';
import { createSelect } from './select';
import { FROM_START } from './walkSql';

/** What came of the walks of a target, and which of them deserve a second try. */
export interface WalkOutcomeRepository {
  /**
   * Opens walks for threads that seemed to be whole, under posts where VK counts more comments than
   * were found. @returns how many.
   */
  openSuspects(targetId: number, transaction: Transaction): Promise<number>;
  /** Opens failed walks whose reason may have passed, up to twice. @returns how many. */
  reopenFailed(targetId: number, kinds: ReasonKind[], transaction: Transaction): Promise<number>;
  /** Opens lists that were believed empty, if VK was caught counting too few. */
  reopenCountedZero(targetId: number, transaction: Transaction): Promise<number>;
  /** The first failed walk of a target, walls first; null when all were read. */
  findFailed(
    targetId: number,
  ): Promise<{ kind: WalkKind; reasonKind: ReasonKind; reasonCode: number | null } | null>;
  countDone(targetId: number): Promise<number>;
}

// What could not be proven is read once more as it was, which is enough to tell that it stays so; a
// list that was believed empty begins. Only what VK failed at is asked for in small pages first.
const REOPEN = `${FROM_START}, passes = passes + CASE reason_kind
  WHEN 'unproven' THEN 2 WHEN 'counted_zero' THEN 0 ELSE 1 END`;

const OPEN_SUSPECTS = `
INSERT INTO walks (target_id, kind, owner_id, post_id, root_id)
SELECT roots.target_id, 'thread', roots.owner_id, roots.post_id, suspect::bigint
FROM walks AS roots, jsonb_array_elements_text(roots.memory -> 'suspects') AS suspect
WHERE roots.target_id = $1 AND roots.kind = 'comments' AND roots.state = 'done'
  AND roots.vk_count_all > roots.stored + roots.inline_stored + (
    SELECT coalesce(sum(threads.stored), 0) FROM walks AS threads
    WHERE threads.target_id = $1 AND threads.kind = 'thread' AND threads.post_id = roots.post_id)
ON CONFLICT (target_id, kind, post_id, root_id) DO NOTHING
RETURNING id`;

const COUNT_AGAIN = `
UPDATE targets SET walks_total = walks_total + $2 WHERE id = $1 RETURNING id`;

export const createWalkOutcomeRepository = ({
  sequelize,
  models,
}: {
  sequelize: Sequelize;
  models: Models;
}): WalkOutcomeRepository => {
  const select = createSelect(sequelize);
  const reopen = async (
    which: string,
    [targetId, ...bind]: [number, ...unknown[]],
    transaction: Transaction,
  ): Promise<number> => {
    const sql = `UPDATE walks SET ${REOPEN} WHERE target_id = $1 AND ${which} RETURNING id`;
    const reopened = await select(sql, [targetId, ...bind], transaction);
    await select(COUNT_AGAIN, [targetId, reopened.length], transaction);
    return reopened.length;
  };
  return {
    async openSuspects(targetId, transaction) {
      const opened = await select(OPEN_SUSPECTS, [targetId], transaction);
      await select(COUNT_AGAIN, [targetId, opened.length], transaction);
      return opened.length;
    },

    reopenFailed: (targetId, kinds, transaction) =>
      reopen(
        `state = 'failed' AND passes < 2 AND reason_kind = ANY($2::text[])`,
        [targetId, kinds],
        transaction,
      ),

    reopenCountedZero: (targetId, transaction) =>
      reopen(
        `state = 'done' AND reason_kind = 'counted_zero'
           AND EXISTS (SELECT FROM walks AS caught
             WHERE caught.target_id = $1 AND caught.memory @> '{"undercounted": true}')`,
        [targetId],
        transaction,
      ),

    async findFailed(targetId) {
      const walk = await models.Walk.findOne({
        where: { targetId, state: 'failed', reasonKind: { [Op.ne]: null } },
        order: [
          [sequelize.literal("kind IN ('wall', 'post')"), 'DESC'],
          ['id', 'ASC'],
        ],
      });
      if (!walk) return null;
      const { kind, reasonCode } = walk;
      return { kind, reasonKind: walk.reasonKind ?? 'internal', reasonCode };
    },

    countDone: (targetId) => models.Walk.count({ where: { targetId, state: 'done' } }),
  };
};
