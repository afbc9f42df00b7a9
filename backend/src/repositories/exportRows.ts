import type {
  AuthorRecord,
  CommentRecord,
  CommunityRecord,
  PostRecord,
} from '@stenograf/contracts/exportRecords';

/** A row as the driver hands it over: times are dates, and what is made here is missing. */
type RowOf<Rec, Times extends keyof Rec> = Omit<Rec, Times | 'kind' | 'url' | 'name'> & {
  [Key in Times]: Date | Extract<Rec[Key], null>;
};

export type PostRow = RowOf<PostRecord, 'date' | 'edited_at' | 'deleted_at' | 'erased_at'>;
export type CommentRow = RowOf<CommentRecord, 'date' | 'deleted_at' | 'erased_at'>;
export type AuthorRow = Omit<AuthorRecord, 'kind' | 'name'>;
type CommunityRow = Omit<CommunityRecord, 'kind'>;

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

export const toPostRecord = (row: PostRow): PostRecord => ({
  kind: 'post',
  owner_id: row.owner_id,
  id: row.id,
  from_id: row.from_id,
  date: row.date.toISOString(),
  text: row.text,
  post_type: row.post_type,
  likes: row.likes,
  reposts: row.reposts,
  views: row.views,
  comments: row.comments,
  comments_stored: row.comments_stored,
  is_pinned: row.is_pinned,
  marked_as_ads: row.marked_as_ads,
  signer_id: row.signer_id,
  edited_at: time(row.edited_at),
  attachments: row.attachments,
  copy_history: row.copy_history,
  geo: row.geo,
  deleted_at: time(row.deleted_at),
  url: `https://vk.com/wall${row.owner_id}_${row.id}`,
  erased_at: time(row.erased_at),
});

export const toCommentRecord = (row: CommentRow): CommentRecord => ({
  kind: 'comment',
  owner_id: row.owner_id,
  post_id: row.post_id,
  id: row.id,
  from_id: row.from_id,
  date: row.date.toISOString(),
  text: row.text,
  likes: row.likes,
  thread_root_id: row.thread_root_id,
  reply_to_comment_id: row.reply_to_comment_id,
  reply_to_user_id: row.reply_to_user_id,
  is_deleted: row.is_deleted,
  attachments: row.attachments,
  deleted_at: time(row.deleted_at),
  url: `https://vk.com/wall${row.owner_id}_${row.post_id}?reply=${row.id}`,
  erased_at: time(row.erased_at),
});

const joinName = ({ first_name: first, last_name: last }: AuthorRow): string | null =>
  first === null && last === null ? null : `${first ?? ''} ${last ?? ''}`.trim();

export const toAuthorRecord = (row: AuthorRow): AuthorRecord => ({
  kind: 'author',
  id: row.id,
  name: joinName(row),
  first_name: row.first_name,
  last_name: row.last_name,
  screen_name: row.screen_name,
  deactivated: row.deactivated,
});

export const toCommunityRecord = (row: CommunityRow): CommunityRecord => ({
  kind: 'community',
  id: row.id,
  screen_name: row.screen_name,
  name: row.name,
  type: row.type,
  is_closed: row.is_closed,
  deactivated: row.deactivated,
});
