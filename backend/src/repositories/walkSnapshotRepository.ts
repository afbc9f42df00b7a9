import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { WalkKind, WalkState } from '@stenograf/contracts/statuses';
import type { Sequelize } from 'sequelize';
import { createSelect } from './select';
import type { Page } from './snapshots';

/** One list of a task with its ledger. */
export interface WalkSnapshot {
  id: number;
  targetId: number;
  kind: WalkKind;
  state: WalkState;
  ownerId: number;
  /** 0 for a wall. */
  postId: number;
  /** 0 unless it is a thread. */
  rootId: number;
  vkCount: number | null;
  stored: number;
  stubs: number;
  vanished: number;
  unlisted: number | null;
  reasonKind: ReasonKind | null;
  reasonCode: number | null;
}

export interface WalkSnapshotRepository {
  /** In the order in which they were opened, behind the walk `after`. */
  listSnapshots(
    taskId: number,
    after: number | undefined,
    limit: number,
  ): Promise<Page<WalkSnapshot>>;
}

const SNAPSHOTS = `
SELECT id, target_id AS "targetId", kind, state, owner_id AS "ownerId", post_id AS "postId",
  root_id AS "rootId", vk_count AS "vkCount", stored, stubs, vanished, unlisted,
  reason_kind AS "reasonKind", reason_code AS "reasonCode"
FROM walks
WHERE target_id IN (SELECT targets.id FROM targets WHERE task_id = $1) AND id > $2
ORDER BY id LIMIT $3`;

export const createWalkSnapshotRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): WalkSnapshotRepository => {
  const select = createSelect(sequelize);
  return {
    async listSnapshots(taskId, after, limit) {
      const rows = await select<WalkSnapshot>(SNAPSHOTS, [taskId, after ?? 0, limit + 1]);
      const items = rows.slice(0, limit);
      return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  };
};
