import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { column, distinctNewest, jsonColumn } from './upsert';

export interface PostInput {
  ownerId: number;
  id: number;
  fromId: number | null;
  date: Date;
  text: string;
  postType: string | null;
  likes: number;
  reposts: number;
  views: number | null;
  comments: number;
  isPinned: boolean;
  markedAsAds: boolean;
  signerId: number | null;
  editedAt: Date | null;
  attachments: unknown[];
  copyHistory: unknown[];
  geo: unknown;
  raw: unknown;
  contentHash: number;
  /** When the request was sent; of two readings the newer wins. */
  fetchedAt: Date;
}

export interface PostKey {
  ownerId: number;
  id: number;
}

/** How a task found a post: never seen before, changed since, or as it was. */
export type PostSeen = PostKey & { seen: 'new' | 'changed' | 'same' };

export interface PostRepository {
  /** Idempotent; an unchanged post writes nothing. Every given key comes back once. */
  upsertMany(posts: PostInput[], transaction: Transaction): Promise<PostSeen[]>;
  /** VK said that the post is gone; text and comments stay. @returns rows newly marked. */
  markDeleted(post: PostKey, transaction: Transaction): Promise<number>;
}

const UPSERT = `
INSERT INTO posts AS kept (owner_id, id, from_id, date, text, post_type, likes, reposts, views,
  comments, is_pinned, marked_as_ads, signer_id, edited_at, attachments, copy_history, geo, raw,
  content_hash, fetched_at)
SELECT owner_id, id, from_id, date, text, post_type, likes, reposts, views, comments, is_pinned,
  marked_as_ads, signer_id, edited_at, attachments::jsonb, copy_history::jsonb, geo::jsonb,
  raw::jsonb, content_hash, fetched_at
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::text[], $6::text[],
  $7::int[], $8::int[], $9::int[], $10::int[], $11::boolean[], $12::boolean[], $13::bigint[],
  $14::timestamptz[], $15::text[], $16::text[], $17::text[], $18::text[], $19::bigint[],
  $20::timestamptz[])
  AS read (owner_id, id, from_id, date, text, post_type, likes, reposts, views, comments, is_pinned,
    marked_as_ads, signer_id, edited_at, attachments, copy_history, geo, raw, content_hash,
    fetched_at)
ON CONFLICT (owner_id, id) DO UPDATE SET
  from_id = excluded.from_id, date = excluded.date, text = excluded.text,
  post_type = excluded.post_type, likes = excluded.likes, reposts = excluded.reposts,
  views = excluded.views, comments = excluded.comments, is_pinned = excluded.is_pinned,
  marked_as_ads = excluded.marked_as_ads, signer_id = excluded.signer_id,
  edited_at = excluded.edited_at, attachments = excluded.attachments,
  copy_history = excluded.copy_history, geo = excluded.geo, raw = excluded.raw,
  deleted_at = NULL, content_hash = excluded.content_hash, fetched_at = excluded.fetched_at
WHERE kept.fetched_at <= excluded.fetched_at
  AND (kept.content_hash <> excluded.content_hash OR kept.deleted_at IS NOT NULL)
RETURNING owner_id, id, xmax = 0 AS inserted`;

const upsertBind = (rows: PostInput[]): unknown[] => [
  column(rows, (row) => row.ownerId),
  column(rows, (row) => row.id),
  column(rows, (row) => row.fromId),
  column(rows, (row) => row.date),
  column(rows, (row) => row.text),
  column(rows, (row) => row.postType),
  column(rows, (row) => row.likes),
  column(rows, (row) => row.reposts),
  column(rows, (row) => row.views),
  column(rows, (row) => row.comments),
  column(rows, (row) => row.isPinned),
  column(rows, (row) => row.markedAsAds),
  column(rows, (row) => row.signerId),
  column(rows, (row) => row.editedAt),
  jsonColumn(rows, (row) => row.attachments),
  jsonColumn(rows, (row) => row.copyHistory),
  jsonColumn(rows, (row) => row.geo),
  jsonColumn(rows, (row) => row.raw),
  column(rows, (row) => row.contentHash),
  column(rows, (row) => row.fetchedAt),
];

const keyOf = ({ ownerId, id }: PostKey): string => `${ownerId}_${id}`;

export const createPostRepository = ({ sequelize }: { sequelize: Sequelize }): PostRepository => ({
  async upsertMany(posts, transaction) {
    if (posts.length === 0) return [];
    const rows = distinctNewest(posts, [(row) => row.ownerId, (row) => row.id]);
    const written = await sequelize.query<{ owner_id: number; id: number; inserted: boolean }>(
      UPSERT,
      { bind: upsertBind(rows), type: QueryTypes.SELECT, transaction },
    );
    const seenByKey = new Map(
      written.map(({ owner_id: ownerId, id, inserted }) => [
        keyOf({ ownerId, id }),
        inserted ? ('new' as const) : ('changed' as const),
      ]),
    );
    return rows.map(({ ownerId, id }) => ({
      ownerId,
      id,
      seen: seenByKey.get(keyOf({ ownerId, id })) ?? 'same',
    }));
  },

  async markDeleted({ ownerId, id }, transaction) {
    const rows = await sequelize.query<{ id: number }>(
      `UPDATE posts SET deleted_at = now()
       WHERE owner_id = $1 AND id = $2 AND deleted_at IS NULL RETURNING id`,
      { bind: [ownerId, id], type: QueryTypes.SELECT, transaction },
    );
    return rows.length;
  },
});
