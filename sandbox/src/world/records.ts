import type { GroupsGroupType } from '@vkontakte/api-schema-typescript';

/** What a collector must have, one record per thing. Times are ISO 8601 with milliseconds, UTC. */
export interface PostRecord {
  kind: 'post';
  owner_id: number;
  id: number;
  from_id: number;
  date: string;
  text: string;
  post_type: 'post';
  likes: number;
  reposts: number;
  views: number | null;
  /** VK's counter. */
  comments: number;
  /** Comments that VK lists under this post, on both levels, stubs included. */
  comments_stored: number;
  is_pinned: boolean;
  marked_as_ads: boolean;
  signer_id: number | null;
  edited_at: string | null;
  /** Like `copy_history` and `geo` without what VK changes from call to call. */
  attachments: unknown;
  copy_history: unknown;
  geo: unknown;
  deleted_at: null;
  url: string;
}

export interface CommentRecord {
  kind: 'comment';
  owner_id: number;
  post_id: number;
  id: number;
  /** null for a stub. */
  from_id: number | null;
  date: string;
  text: string;
  likes: number;
  thread_root_id: number | null;
  reply_to_comment_id: number | null;
  reply_to_user_id: number | null;
  is_deleted: boolean;
  attachments: unknown;
  deleted_at: null;
  url: string;
}

export interface AuthorRecord {
  kind: 'author';
  id: number;
  name: string;
  first_name: string;
  last_name: string;
  screen_name: string | null;
  deactivated: string | null;
}

export interface CommunityRecord {
  kind: 'community';
  id: number;
  screen_name: string;
  name: string;
  type: GroupsGroupType;
  is_closed: number;
  deactivated: string | null;
}
