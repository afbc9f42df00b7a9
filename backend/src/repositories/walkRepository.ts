import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { WalkKind, WalkState } from '@stenograf/contracts/statuses';
import type { Sequelize, Transaction } from 'sequelize';
import type { Models } from '../models/models';
import { createSelect } from './select';
import { bigints, integers, jsons, texts } from './arrays';
import { byKey } from './upsert';

/** One list and how far it is read. `memory` belongs to the proof of the walk. */
export interface Walk {
  id: number;
  targetId: number;
  kind: WalkKind;
  ownerId: number;
  /** 0 for a wall. */
  postId: number;
  /** 0 unless it is a thread. */
  rootId: number;
  position: number;
  anchors: number[];
  memory: Record<string, unknown>;
  version: number;
  passes: number;
  stored: number;
  inlineStored: number;
  stubs: number;
  vanished: number;
}

export interface NewWalk {
  kind: WalkKind;
  ownerId: number;
  postId: number;
  rootId: number;
  /** Set for a list that is believed empty without being read. */
  reasonKind?: ReasonKind;
  /** What its reader must know from the start. */
  memory?: Record<string, unknown>;
}

/** The next state of a walk; `version` is the one that it moves from. */
export interface WalkMove extends Walk {
  state: WalkState;
  reasonKind: ReasonKind | null;
  reasonCode: number | null;
  vkCount: number | null;
  vkCountAll: number | null;
  unlisted: number | null;
}

export interface WalkRepository {
  /** Walks that exist already are left as they are. @returns those that are new and open. */
  insertMany(targetId: number, walks: NewWalk[], transaction: Transaction): Promise<Walk[]>;
  /** True once a target has begun to read. */
  hasAny(targetId: number): Promise<boolean>;
  listOpen(targetId: number): Promise<Walk[]>;
  /** Compare-and-set. @returns ids that moved; one that is missing was moved by someone else. */
  moveMany(moves: WalkMove[], transaction: Transaction): Promise<Set<number>>;
}

const COLUMNS = `id, target_id AS "targetId", kind, owner_id AS "ownerId", post_id AS "postId",
  root_id AS "rootId", position, anchors, memory, version, passes, stored,
  inline_stored AS "inlineStored", stubs, vanished`;

const INSERT = `
INSERT INTO walks (target_id, kind, owner_id, post_id, root_id, reason_kind, memory, state,
  finished_at)
SELECT $1, kind, owner_id, post_id, root_id, reason_kind, memory::jsonb,
  CASE WHEN reason_kind IS NULL THEN 'open' ELSE 'done' END,
  CASE WHEN reason_kind IS NOT NULL THEN now() END
FROM (SELECT
    unnest($2::text[]) AS kind, unnest($3::bigint[]) AS owner_id, unnest($4::bigint[]) AS post_id,
    unnest($5::bigint[]) AS root_id, unnest($6::text[]) AS reason_kind,
    unnest($7::text[]) AS memory) AS new
ON CONFLICT (target_id, kind, post_id, root_id) DO NOTHING
RETURNING state, ${COLUMNS}`;

// Anchors travel as jsonb: unnest would flatten an array of arrays.
const MOVE = `
UPDATE walks SET position = new.position, memory = new.memory::jsonb,
  anchors = ARRAY(SELECT jsonb_array_elements_text(new.anchors::jsonb)::bigint),
  version = walks.version + 1, passes = new.passes, state = new.state,
  reason_kind = new.reason_kind, reason_code = new.reason_code, vk_count = new.vk_count,
  vk_count_all = new.vk_count_all, stored = new.stored, inline_stored = new.inline_stored,
  stubs = new.stubs, vanished = new.vanished, unlisted = new.unlisted,
  finished_at = CASE WHEN new.state <> 'open' THEN now() END
FROM (SELECT
    unnest($1::bigint[]) AS id, unnest($2::int[]) AS version, unnest($3::int[]) AS position,
    unnest($4::text[]) AS anchors, unnest($5::text[]) AS memory, unnest($6::int[]) AS passes,
    unnest($7::text[]) AS state, unnest($8::text[]) AS reason_kind,
    unnest($9::int[]) AS reason_code, unnest($10::int[]) AS vk_count,
    unnest($11::int[]) AS vk_count_all, unnest($12::int[]) AS stored,
    unnest($13::int[]) AS inline_stored, unnest($14::int[]) AS stubs,
    unnest($15::int[]) AS vanished, unnest($16::int[]) AS unlisted) AS new
WHERE walks.id = new.id AND walks.version = new.version AND walks.state = 'open'
RETURNING walks.id`;

const moveBind = (rows: WalkMove[]): unknown[] => [
  bigints(rows, (row) => row.id),
  integers(rows, (row) => row.version),
  integers(rows, (row) => row.position),
  jsons(rows, (row) => row.anchors),
  jsons(rows, (row) => row.memory),
  integers(rows, (row) => row.passes),
  texts(rows, (row) => row.state),
  texts(rows, (row) => row.reasonKind),
  integers(rows, (row) => row.reasonCode),
  integers(rows, (row) => row.vkCount),
  integers(rows, (row) => row.vkCountAll),
  integers(rows, (row) => row.stored),
  integers(rows, (row) => row.inlineStored),
  integers(rows, (row) => row.stubs),
  integers(rows, (row) => row.vanished),
  integers(rows, (row) => row.unlisted),
];

export const createWalkRepository = ({
  sequelize,
  models,
}: {
  sequelize: Sequelize;
  models: Models;
}): WalkRepository => {
  const select = createSelect(sequelize);
  return {
    async insertMany(targetId, walks, transaction) {
      if (walks.length === 0) return [];
      const rows = await select<Walk & { state: WalkState }>(
        INSERT,
        [
          targetId,
          texts(walks, (walk) => walk.kind),
          bigints(walks, (walk) => walk.ownerId),
          bigints(walks, (walk) => walk.postId),
          bigints(walks, (walk) => walk.rootId),
          texts(walks, (walk) => walk.reasonKind ?? null),
          jsons(walks, (walk) => walk.memory ?? {}),
        ],
        transaction,
      );
      return rows.filter((row) => row.state === 'open');
    },

    hasAny: async (targetId) => (await models.Walk.count({ where: { targetId } })) > 0,

    listOpen: (targetId) =>
      select<Walk>(
        `SELECT ${COLUMNS} FROM walks WHERE target_id = $1 AND state = 'open' ORDER BY id`,
        [targetId],
      ),

    async moveMany(moves, transaction) {
      const rows = [...moves].sort(byKey((row) => row.id));
      const moved = await select<{ id: number }>(MOVE, moveBind(rows), transaction);
      return new Set(moved.map((row) => row.id));
    },
  };
};
