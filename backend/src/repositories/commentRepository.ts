import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { bigints, booleans, integers, jsons, texts, timestamps } from './arrays';
import { distinctNewest } from './upsert';

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

// Counted by the server: thousands of rows of two flags each would come back otherwise.
const UPSERT = `
WITH written AS (
INSERT INTO comments AS kept (owner_id, id, post_id, from_id, date, text, likes, thread_root_id,
  reply_to_comment_id, reply_to_user_id, is_deleted, attachments, raw, deleted_at, content_hash,
  fetched_at)
SELECT owner_id, id, post_id, from_id, date, text, likes, thread_root_id, reply_to_comment_id,
  reply_to_user_id, is_deleted, attachments::jsonb, raw::jsonb,
  CASE WHEN is_deleted THEN fetched_at END, content_hash, fetched_at
FROM (SELECT
    unnest($1::bigint[]) AS owner_id, unnest($2::bigint[]) AS id, unnest($3::bigint[]) AS post_id,
    unnest($4::bigint[]) AS from_id, unnest($5::timestamptz[]) AS date,
    unnest($6::text[]) AS text, unnest($7::int[]) AS likes,
    unnest($8::bigint[]) AS thread_root_id, unnest($9::bigint[]) AS reply_to_comment_id,
    unnest($10::bigint[]) AS reply_to_user_id, unnest($11::boolean[]) AS is_deleted,
    unnest($12::text[]) AS attachments, unnest($13::text[]) AS raw,
    unnest($14::bigint[]) AS content_hash, unnest($15::timestamptz[]) AS fetched_at) AS read
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
RETURNING xmax = 0 AS inserted, is_deleted)
SELECT count(*) FILTER (WHERE inserted)::int AS inserted,
  count(*) FILTER (WHERE NOT inserted)::int AS changed,
  count(*) FILTER (WHERE is_deleted)::int AS deleted
FROM written`;

const upsertBind = (rows: CommentInput[]): unknown[] => [
  bigints(rows, (row) => row.ownerId),
  bigints(rows, (row) => row.id),
  bigints(rows, (row) => row.postId),
  bigints(rows, (row) => row.fromId),
  timestamps(rows, (row) => row.date),
  texts(rows, (row) => row.text),
  integers(rows, (row) => row.likes),
  bigints(rows, (row) => row.threadRootId),
  bigints(rows, (row) => row.replyToCommentId),
  bigints(rows, (row) => row.replyToUserId),
  booleans(rows, (row) => row.isDeleted),
  jsons(rows, (row) => row.attachments),
  jsons(rows, (row) => row.raw),
  bigints(rows, (row) => row.contentHash),
  timestamps(rows, (row) => row.fetchedAt),
];

const NOTHING: CommentsUpserted = { inserted: 0, changed: 0, deleted: 0 };

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
    if (comments.length === 0) return NOTHING;
    const rows = distinctNewest(comments, [(row) => row.ownerId, (row) => row.id], underStub);
    const [counts] = await sequelize.query<CommentsUpserted>(UPSERT, {
      bind: upsertBind(rows),
      type: QueryTypes.SELECT,
      transaction,
    });
    return counts ?? NOTHING;
  },
});
