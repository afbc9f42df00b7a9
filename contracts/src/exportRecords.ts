/**
 * One line of an NDJSON export. Stable: fields may be added, never renamed or removed.
 * Times are ISO 8601 with milliseconds, UTC. VK's own names where VK has one.
 */
export interface PostRecord {
  kind: 'post';
  owner_id: number;
  id: number;
  from_id: number | null;
  date: string;
  text: string;
  post_type: string | null;
  likes: number;
  reposts: number;
  /** null where VK shows none, as on posts that users wrote on a community wall. */
  views: number | null;
  /** VK's own number, all levels. */
  comments: number;
  /** Rows of ours. */
  comments_stored: number;
  is_pinned: boolean;
  marked_as_ads: boolean;
  signer_id: number | null;
  edited_at: string | null;
  attachments: unknown[];
  copy_history: unknown[];
  geo: unknown;
  deleted_at: string | null;
  url: string;
}

export interface CommentRecord {
  kind: 'comment';
  owner_id: number;
  post_id: number;
  id: number;
  /** null where VK shows a deleted stub without author. */
  from_id: number | null;
  date: string;
  text: string;
  likes: number;
  /** null for a root comment. */
  thread_root_id: number | null;
  reply_to_comment_id: number | null;
  reply_to_user_id: number | null;
  /** True for a stub that VK left in place of a deleted comment. */
  is_deleted: boolean;
  attachments: unknown[];
  deleted_at: string | null;
  url: string;
}

export interface AuthorRecord {
  kind: 'author';
  id: number;
  name: string | null;
  first_name: string | null;
  last_name: string | null;
  screen_name: string | null;
  deactivated: string | null;
}

export interface CommunityRecord {
  kind: 'community';
  /** Positive; its wall has `owner_id = -id`. */
  id: number;
  screen_name: string | null;
  name: string | null;
  type: string | null;
  is_closed: number | null;
  deactivated: string | null;
}

export type ExportRecord = PostRecord | CommentRecord | AuthorRecord | CommunityRecord;
