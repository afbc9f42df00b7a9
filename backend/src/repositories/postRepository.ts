import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { bigints, booleans, integers, jsons, texts, timestamps } from './arrays';
import { distinctNewest } from './upsert';

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
FROM (SELECT
    unnest($1::bigint[]) AS owner_id, unnest($2::bigint[]) AS id, unnest($3::bigint[]) AS from_id,
    unnest($4::timestamptz[]) AS date, unnest($5::text[]) AS text,
    unnest($6::text[]) AS post_type, unnest($7::int[]) AS likes, unnest($8::int[]) AS reposts,
    unnest($9::int[]) AS views, unnest($10::int[]) AS comments,
    unnest($11::boolean[]) AS is_pinned, unnest($12::boolean[]) AS marked_as_ads,
    unnest($13::bigint[]) AS signer_id, unnest($14::timestamptz[]) AS edited_at,
    unnest($15::text[]) AS attachments, unnest($16::text[]) AS copy_history,
    unnest($17::text[]) AS geo, unnest($18::text[]) AS raw, unnest($19::bigint[]) AS content_hash,
    unnest($20::timestamptz[]) AS fetched_at) AS read
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
  bigints(rows, (row) => row.ownerId),
  bigints(rows, (row) => row.id),
  bigints(rows, (row) => row.fromId),
  timestamps(rows, (row) => row.date),
  texts(rows, (row) => row.text),
  texts(rows, (row) => row.postType),
  integers(rows, (row) => row.likes),
  integers(rows, (row) => row.reposts),
  integers(rows, (row) => row.views),
  integers(rows, (row) => row.comments),
  booleans(rows, (row) => row.isPinned),
  booleans(rows, (row) => row.markedAsAds),
  bigints(rows, (row) => row.signerId),
  timestamps(rows, (row) => row.editedAt),
  jsons(rows, (row) => row.attachments),
  jsons(rows, (row) => row.copyHistory),
  jsons(rows, (row) => row.geo),
  jsons(rows, (row) => row.raw),
  bigints(rows, (row) => row.contentHash),
  timestamps(rows, (row) => row.fetchedAt),
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
