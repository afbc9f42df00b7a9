import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { column, distinctNewest, jsonColumn } from './upsert';

export interface CommentInput {
  ownerId: number;
  id: number;
  postId: number;
  fromId: number | null;
  date: Date;
  text: string;
  likes: number;
  threadRootId: number | null;
  replyToCommentId: number | null;
  replyToUserId: number | null;
  /** True for a stub: VK then shows neither author nor text. */
  isDeleted: boolean;
  attachments: unknown[];
  raw: unknown;
  contentHash: number;
  fetchedAt: Date;
}

export interface CommentsUpserted {
  inserted: number;
  changed: number;
  /** Of these, comments that VK now shows as deleted. */
  deleted: number;
}

export interface CommentRepository {
  /**
   * Idempotent; an unchanged comment writes nothing, and a stub marks the stored comment as deleted
   * without touching its text and author.
   */
  upsertMany(comments: CommentInput[], transaction: Transaction): Promise<CommentsUpserted>;
}

const UPSERT = `
INSERT INTO comments AS kept (owner_id, id, post_id, from_id, date, text, likes, thread_root_id,
  reply_to_comment_id, reply_to_user_id, is_deleted, attachments, raw, deleted_at, content_hash,
  fetched_at)
SELECT owner_id, id, post_id, from_id, date, text, likes, thread_root_id, reply_to_comment_id,
  reply_to_user_id, is_deleted, attachments::jsonb, raw::jsonb,
  CASE WHEN is_deleted THEN fetched_at END, content_hash, fetched_at
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::text[],
  $7::int[], $8::bigint[], $9::bigint[], $10::bigint[], $11::boolean[], $12::text[], $13::text[],
  $14::bigint[], $15::timestamptz[])
  AS read (owner_id, id, post_id, from_id, date, text, likes, thread_root_id, reply_to_comment_id,
    reply_to_user_id, is_deleted, attachments, raw, content_hash, fetched_at)
ON CONFLICT (owner_id, id) DO UPDATE SET
  post_id = excluded.post_id, date = excluded.date,
  from_id = CASE WHEN excluded.is_deleted THEN kept.from_id ELSE excluded.from_id END,
  text = CASE WHEN excluded.is_deleted THEN kept.text ELSE excluded.text END,
  likes = CASE WHEN excluded.is_deleted THEN kept.likes ELSE excluded.likes END,
  thread_root_id = excluded.thread_root_id,
  reply_to_comment_id = CASE WHEN excluded.is_deleted
    THEN coalesce(excluded.reply_to_comment_id, kept.reply_to_comment_id)
    ELSE excluded.reply_to_comment_id END,
  reply_to_user_id = CASE WHEN excluded.is_deleted
    THEN coalesce(excluded.reply_to_user_id, kept.reply_to_user_id)
    ELSE excluded.reply_to_user_id END,
  attachments = CASE WHEN excluded.is_deleted THEN kept.attachments ELSE excluded.attachments END,
  raw = CASE WHEN excluded.is_deleted THEN kept.raw ELSE excluded.raw END,
  is_deleted = excluded.is_deleted,
  deleted_at = CASE WHEN excluded.is_deleted THEN coalesce(kept.deleted_at, excluded.fetched_at) END,
  content_hash = excluded.content_hash, fetched_at = excluded.fetched_at
WHERE kept.fetched_at <= excluded.fetched_at AND kept.content_hash <> excluded.content_hash
RETURNING xmax = 0 AS inserted, is_deleted`;

const upsertBind = (rows: CommentInput[]): unknown[] => [
  column(rows, (row) => row.ownerId),
  column(rows, (row) => row.id),
  column(rows, (row) => row.postId),
  column(rows, (row) => row.fromId),
  column(rows, (row) => row.date),
  column(rows, (row) => row.text),
  column(rows, (row) => row.likes),
  column(rows, (row) => row.threadRootId),
  column(rows, (row) => row.replyToCommentId),
  column(rows, (row) => row.replyToUserId),
  column(rows, (row) => row.isDeleted),
  jsonColumn(rows, (row) => row.attachments),
  jsonColumn(rows, (row) => row.raw),
  column(rows, (row) => row.contentHash),
  column(rows, (row) => row.fetchedAt),
];

/** A stub tells nothing of what was said: an older reading in the same batch still does. */
const underStub = (newer: CommentInput, older: CommentInput): CommentInput => {
  if (!newer.isDeleted || older.isDeleted) return newer;
  const { isDeleted, contentHash, fetchedAt } = newer;
  return { ...older, isDeleted, contentHash, fetchedAt };
};

export const createCommentRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): CommentRepository => ({
  async upsertMany(comments, transaction) {
    if (comments.length === 0) return { inserted: 0, changed: 0, deleted: 0 };
    const rows = distinctNewest(comments, [(row) => row.ownerId, (row) => row.id], underStub);
    const written = await sequelize.query<{ inserted: boolean; is_deleted: boolean }>(UPSERT, {
      bind: upsertBind(rows),
      type: QueryTypes.SELECT,
      transaction,
    });
    return {
      inserted: written.filter((row) => row.inserted).length,
      changed: written.filter((row) => !row.inserted).length,
      deleted: written.filter((row) => row.is_deleted).length,
    };
  },
});
