import type { Sequelize, Transaction } from 'sequelize';
import { bigints, jsons, texts } from './arrays';
import type { CommentInput } from './commentRepository';
import type { PostInput } from './postRepository';
import { createSelect } from './select';

export interface RowKey {
  ownerId: number;
  id: number;
}

/** Rows between two keys of a table; null stands for its end. */
export interface KeyRange {
  after: RowKey | null;
  upTo: RowKey | null;
}

/** Posts, or comments: what was written, as it is stored. */
export interface ErasedRows<Row extends RowKey> {
  countBy(personId: number): Promise<number>;
  /** The first rows that a person wrote, locked in the order of their keys. */
  takeBy(personId: number, limit: number, transaction: Transaction): Promise<Row[]>;
  /** The key that is `rows` further on; null where the table ends before. */
  findEdge(after: RowKey | null, rows: number): Promise<RowKey | null>;
  /** Rows that may name a person, wider than those which do; locked if in a transaction. */
  listSuspects(
    personId: number,
    range: KeyRange,
    limit: number,
    transaction?: Transaction,
  ): Promise<Row[]>;
  /** Leaves empty nodes; what is one already is not written. @returns how many became one. */
  empty(rows: readonly Row[], transaction: Transaction): Promise<number>;
  /** Writes what is left of rows that named somebody. */
  update(rows: readonly Row[], transaction: Transaction): Promise<void>;
}

const POST_COLUMNS = `owner_id AS "ownerId", id, from_id AS "fromId", date, text,
  post_type AS "postType", likes, reposts, views, comments, is_pinned AS "isPinned",
  marked_as_ads AS "markedAsAds", signer_id AS "signerId", edited_at AS "editedAt", attachments,
  copy_history AS "copyHistory", geo, raw, content_hash AS "contentHash",
  fetched_at AS "fetchedAt"`;
const COMMENT_COLUMNS = `owner_id AS "ownerId", id, post_id AS "postId", from_id AS "fromId", date,
  text, likes, thread_root_id AS "threadRootId", reply_to_comment_id AS "replyToCommentId",
  reply_to_user_id AS "replyToUserId", is_deleted AS "isDeleted", attachments, raw,
  content_hash AS "contentHash", fetched_at AS "fetchedAt"`;

/** A number that stands alone, wherever it stands: the cheap search before the regular one. */
const named = (columns: string[]): string =>
  columns
    .map(
      (column) =>
        `(${column} LIKE '%' || $1 || '%' AND ${column} ~ ('(^|\\D)' || $1 || '(\\D|$)'))`,
    )
    .join(' OR ');

interface Table {
  name: 'posts' | 'comments';
  columns: string;
  suspect: string;
  empty: string;
  update: string;
}

const POSTS: Table = {
  name: 'posts',
  columns: POST_COLUMNS,
  suspect: `signer_id = $1::bigint OR ${named(['text', 'attachments::text', 'copy_history::text', 'geo::text', 'raw::text'])}`,
  empty: `from_id = NULL, text = '', signer_id = NULL, edited_at = NULL, attachments = '[]',
    copy_history = '[]', geo = NULL, raw = NULL`,
  update: `signer_id = next.reference, text = next.text, attachments = next.attachments::jsonb,
    copy_history = next.copy_history::jsonb, geo = next.geo::jsonb, raw = next.raw::jsonb`,
};
const COMMENTS: Table = {
  name: 'comments',
  columns: COMMENT_COLUMNS,
  suspect: `reply_to_user_id = $1::bigint OR ${named(['text', 'attachments::text', 'raw::text'])}`,
  empty: `from_id = NULL, text = '', likes = 0, reply_to_user_id = NULL, is_deleted = true,
    attachments = '[]', raw = NULL`,
  update: `reply_to_user_id = next.reference, text = next.text,
    attachments = next.attachments::jsonb, raw = next.raw::jsonb`,
};

const NEXT = `(SELECT unnest($1::bigint[]) AS owner_id, unnest($2::bigint[]) AS id,
  unnest($3::bigint[]) AS content_hash, unnest($4::bigint[]) AS reference, unnest($5::text[]) AS text,
  unnest($6::text[]) AS attachments, unnest($7::text[]) AS copy_history, unnest($8::text[]) AS geo,
  unnest($9::text[]) AS raw) AS next`;

const NEXT_HASH = `(SELECT unnest($1::bigint[]) AS owner_id, unnest($2::bigint[]) AS id,
  unnest($3::bigint[]) AS content_hash) AS next`;

type AnyRow = PostInput | CommentInput;

const updateBind = (rows: readonly AnyRow[]): unknown[] => [
  bigints(rows, (row) => row.ownerId),
  bigints(rows, (row) => row.id),
  bigints(rows, (row) => row.contentHash),
  bigints(rows, (row) => ('signerId' in row ? row.signerId : row.replyToUserId)),
  texts(rows, (row) => row.text),
  jsons(rows, (row) => row.attachments),
  jsons(rows, (row) => ('copyHistory' in row ? row.copyHistory : null)),
  jsons(rows, (row) => ('geo' in row ? row.geo : null)),
  jsons(rows, (row) => row.raw),
];

const createRows = <Row extends AnyRow>(
  sequelize: Sequelize,
  { name, columns, suspect, empty, update }: Table,
): ErasedRows<Row> => {
  const select = createSelect(sequelize);
  return {
    async countBy(personId) {
      const [row] = await select<{ count: number }>(
        `SELECT count(*) AS count FROM ${name} WHERE from_id = $1`,
        [personId],
      );
      return row?.count ?? 0;
    },

    takeBy: (personId, limit, transaction) =>
      select<Row>(
        `SELECT ${columns} FROM ${name} WHERE from_id = $1
         ORDER BY owner_id, ${name}.id LIMIT $2 FOR NO KEY UPDATE`,
        [personId, limit],
        transaction,
      ),

    async findEdge(after, rows) {
      const where = after === null ? '' : 'WHERE (owner_id, id) > ($2, $3)';
      const [edge] = await select<RowKey>(
        `SELECT owner_id AS "ownerId", id FROM ${name} ${where}
         ORDER BY owner_id, id OFFSET $1 LIMIT 1`,
        [rows - 1, ...(after === null ? [] : [after.ownerId, after.id])],
      );
      return edge ?? null;
    },

    listSuspects: (personId, { after, upTo }, limit, transaction) =>
      select<Row>(
        `SELECT ${columns} FROM ${name}
         WHERE ($3::bigint IS NULL OR (owner_id, ${name}.id) > ($3, $4::bigint))
           AND ($5::bigint IS NULL OR (owner_id, ${name}.id) <= ($5, $6::bigint))
           AND from_id IS DISTINCT FROM $1::bigint AND (${suspect})
         ORDER BY owner_id, ${name}.id LIMIT $2 ${transaction ? 'FOR NO KEY UPDATE' : ''}`,
        [
          String(personId),
          limit,
          after?.ownerId ?? null,
          after?.id ?? null,
          upTo?.ownerId ?? null,
          upTo?.id ?? null,
        ],
        transaction,
      ),

    async empty(rows, transaction) {
      if (rows.length === 0) return 0;
      const emptied = await select(
        `UPDATE ${name} SET ${empty}, content_hash = next.content_hash, erased_at = now()
         FROM ${NEXT_HASH}
         WHERE ${name}.owner_id = next.owner_id AND ${name}.id = next.id
           AND (${name}.erased_at IS NULL OR ${name}.from_id IS NOT NULL)
         RETURNING 1`,
        updateBind(rows).slice(0, 3),
        transaction,
      );
      return emptied.length;
    },

    async update(rows, transaction) {
      if (rows.length === 0) return;
      await select(
        `UPDATE ${name} SET ${update}, content_hash = next.content_hash FROM ${NEXT}
         WHERE ${name}.owner_id = next.owner_id AND ${name}.id = next.id RETURNING 1`,
        updateBind(rows),
        transaction,
      );
    },
  };
};

export interface ErasedRowRepository {
  posts: ErasedRows<PostInput>;
  comments: ErasedRows<CommentInput>;
}

export const createErasedRowRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): ErasedRowRepository => ({
  posts: createRows(sequelize, POSTS),
  comments: createRows(sequelize, COMMENTS),
});
