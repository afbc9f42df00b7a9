import { QueryTypes, type Sequelize } from 'sequelize';
import { LEDGER_COLUMNS, type LedgerRow, toLedger } from './ledgerSql';
import type { Page, TargetSnapshot, WalkProblem } from './snapshots';

export interface TargetSnapshotRepository {
  /** In the order in which they were pasted, behind the target `after`. */
  listSnapshots(
    taskId: number,
    after: number | undefined,
    limit: number,
  ): Promise<Page<TargetSnapshot>>;
}

/** Walks shown as problems of one target; the rest is counted in its ledger. */
const PROBLEMS_MAX = 20;

const SNAPSHOTS = `
SELECT target.*, communities.name, ledger.*, problems.problems
FROM targets AS target
LEFT JOIN communities ON communities.id = -target.owner_id
CROSS JOIN LATERAL (
  SELECT ${LEDGER_COLUMNS} FROM walks
  WHERE walks.target_id = target.id AND walks.state = 'done' AND walks.unlisted IS NOT NULL
) AS ledger
CROSS JOIN LATERAL (
  SELECT coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'state', state, 'ownerId', owner_id,
    'postId', post_id, 'rootId', root_id, 'reasonKind', reason_kind, 'reasonCode', reason_code)
    ORDER BY id), '[]') AS problems
  FROM (
    SELECT * FROM walks
    WHERE walks.target_id = target.id AND walks.state = 'failed' ORDER BY id LIMIT ${PROBLEMS_MAX}
  ) AS first_problems
) AS problems
WHERE target.task_id = $1 AND ($2::bigint IS NULL OR target.id > $2)
ORDER BY target.id LIMIT $3`;

interface SnapshotRow extends LedgerRow {
  id: number;
  task_id: number;
  refs: string[];
  owner_id: number | null;
  post_id: number | null;
  name: string | null;
  status: TargetSnapshot['status'];
  reason_kind: TargetSnapshot['reasonKind'];
  reason_code: number | null;
  waiting_for: TargetSnapshot['waitingFor'];
  waiting_until: Date | null;
  posts: number;
  comments: number;
  authors: number;
  new_rows: number;
  changed_rows: number;
  deleted_rows: number;
  calls: number;
  requests: number;
  errors: number;
  problems: WalkProblem[];
}

const toSnapshot = (row: SnapshotRow): TargetSnapshot => ({
  id: row.id,
  taskId: row.task_id,
  refs: row.refs,
  ownerId: row.owner_id,
  postId: row.post_id,
  name: row.name,
  status: row.status,
  reasonKind: row.reason_kind,
  reasonCode: row.reason_code,
  waitingFor: row.waiting_for,
  waitingUntil: row.waiting_until,
  metrics: {
    posts: row.posts,
    comments: row.comments,
    authors: row.authors,
    new: row.new_rows,
    changed: row.changed_rows,
    deleted: row.deleted_rows,
    calls: row.calls,
    requests: row.requests,
    errors: row.errors,
  },
  ledger: toLedger(row),
  problems: row.problems,
});

export const createTargetSnapshotRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): TargetSnapshotRepository => ({
  async listSnapshots(taskId, after, limit) {
    const rows = await sequelize.query<SnapshotRow>(SNAPSHOTS, {
      bind: [taskId, after ?? null, limit + 1],
      type: QueryTypes.SELECT,
    });
    const items = rows.slice(0, limit).map(toSnapshot);
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
  },
});
