import type {
  AuthorRecord,
  CommentRecord,
  CommunityRecord,
  PostRecord,
} from '@stenograf/contracts/exportRecords';
import type { TestApi } from '../http/startApi';

type Table = 'posts' | 'comments' | 'authors' | 'communities';

/** Columns that no export shows. */
const HIDDEN = { content_hash: 1, fetched_at: '2026-01-01', first_seen_at: '2026-01-01' };

/** What a row is inserted with: all columns but those that PostgreSQL makes itself. */
const columnsOf = async (api: TestApi, table: Table): Promise<string> => {
  const [row] = await api.query<{ columns: string }>(
    `SELECT string_agg(attname, ', ' ORDER BY attnum) AS columns FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
    [table],
  );
  return row?.columns ?? '';
};

const insert = async (api: TestApi, table: Table, records: readonly object[]) => {
  const columns = await columnsOf(api, table);
  return api.query(
    `INSERT INTO ${table} (${columns})
     SELECT ${columns} FROM jsonb_populate_recordset(null::${table}, $1::jsonb)`,
    [JSON.stringify(records.map((record) => ({ ...HIDDEN, ...record })))],
  );
};

export const insertPosts = (api: TestApi, posts: PostRecord[]) => insert(api, 'posts', posts);
export const insertComments = (api: TestApi, comments: CommentRecord[]) =>
  insert(api, 'comments', comments);
export const insertAuthors = (api: TestApi, authors: AuthorRecord[]) =>
  insert(api, 'authors', authors);
export const insertCommunities = (api: TestApi, communities: CommunityRecord[]) =>
  insert(api, 'communities', communities);

/** A task that saw these posts; resolves to its id. */
export const insertTask = async (
  api: TestApi,
  ownerIds: number[],
  posts: Pick<PostRecord, 'owner_id' | 'id'>[],
): Promise<number> => {
  const rows = await api.query<{ id: number }>('INSERT INTO tasks DEFAULT VALUES RETURNING id');
  const taskId = rows[0]?.id ?? 0;
  for (const ownerId of ownerIds) {
    await api.query(
      `INSERT INTO targets (task_id, refs, owner_id, status) VALUES ($1, '{x}', $2, 'completed')`,
      [taskId, ownerId],
    );
  }
  for (const { owner_id: ownerId, id } of posts) {
    await api.query(`INSERT INTO task_posts VALUES ($1, $2, $3, 'new')`, [taskId, ownerId, id]);
  }
  return taskId;
};

export const makePost = (post: Partial<PostRecord> & { owner_id: number; id: number }) => ({
  kind: 'post' as const,
  from_id: post.owner_id,
  date: '2026-01-01T00:00:00.000Z',
  text: '',
  post_type: 'post',
  likes: 0,
  reposts: 0,
  views: null,
  comments: 0,
  comments_stored: 0,
  is_pinned: false,
  marked_as_ads: false,
  signer_id: null,
  edited_at: null,
  attachments: [],
  copy_history: [],
  geo: null,
  deleted_at: null,
  url: `https://vk.com/wall${post.owner_id}_${post.id}`,
  erased_at: null,
  ...post,
});

export const makeComment = (
  comment: Partial<CommentRecord> & { owner_id: number; post_id: number; id: number },
) => ({
  kind: 'comment' as const,
  from_id: 77,
  date: '2026-01-02T00:00:00.000Z',
  text: '',
  likes: 0,
  thread_root_id: null,
  reply_to_comment_id: null,
  reply_to_user_id: null,
  is_deleted: false,
  attachments: [],
  deleted_at: null,
  url: `https://vk.com/wall${comment.owner_id}_${comment.post_id}?reply=${comment.id}`,
  erased_at: null,
  ...comment,
});

/** An author or a community of whom nothing but the id is known. */
export const unknownAuthor = (id: number): AuthorRecord => ({
  kind: 'author',
  id,
  name: null,
  first_name: null,
  last_name: null,
  screen_name: null,
  deactivated: null,
});

export const unknownCommunity = (id: number): CommunityRecord => ({
  kind: 'community',
  id,
  screen_name: null,
  name: null,
  type: null,
  is_closed: null,
  deactivated: null,
});
