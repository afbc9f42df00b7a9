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
  /** When what its writer wrote was erased; the place in the list stays. */
  erased_at: string | null;
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
  /** When what its writer wrote was erased; the place in the list stays. */
  erased_at: string | null;
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

/** What a field holds, for formats whose columns have a type; `?` allows null. */
export type ExportColumnType = 'integer' | 'boolean' | 'time' | 'text' | 'json';
export type ExportColumn = ExportColumnType | `${ExportColumnType}?`;

type ColumnOf<Value> = unknown extends Value
  ? 'json?'
  : null extends Value
    ? `${TypeOf<NonNullable<Value>>}?`
    : TypeOf<Value>;
type TypeOf<Value> = Value extends number
  ? 'integer'
  : Value extends boolean
    ? 'boolean'
    : Value extends string
      ? 'text' | 'time'
      : 'json';
type ColumnsOf<Rec> = { [Key in keyof Rec]-?: ColumnOf<Rec[Key]> };

/** Every field of each record in the order in which it is written: one column each. */
export const EXPORT_COLUMNS = {
  post: {
    kind: 'text',
    owner_id: 'integer',
    id: 'integer',
    from_id: 'integer?',
    date: 'time',
    text: 'text',
    post_type: 'text?',
    likes: 'integer',
    reposts: 'integer',
    views: 'integer?',
    comments: 'integer',
    comments_stored: 'integer',
    is_pinned: 'boolean',
    marked_as_ads: 'boolean',
    signer_id: 'integer?',
    edited_at: 'time?',
    attachments: 'json',
    copy_history: 'json',
    geo: 'json?',
    deleted_at: 'time?',
    url: 'text',
    erased_at: 'time?',
  },
  comment: {
    kind: 'text',
    owner_id: 'integer',
    post_id: 'integer',
    id: 'integer',
    from_id: 'integer?',
    date: 'time',
    text: 'text',
    likes: 'integer',
    thread_root_id: 'integer?',
    reply_to_comment_id: 'integer?',
    reply_to_user_id: 'integer?',
    is_deleted: 'boolean',
    attachments: 'json',
    deleted_at: 'time?',
    url: 'text',
    erased_at: 'time?',
  },
  author: {
    kind: 'text',
    id: 'integer',
    name: 'text?',
    first_name: 'text?',
    last_name: 'text?',
    screen_name: 'text?',
    deactivated: 'text?',
  },
  community: {
    kind: 'text',
    id: 'integer',
    screen_name: 'text?',
    name: 'text?',
    type: 'text?',
    is_closed: 'integer?',
    deactivated: 'text?',
  },
} as const satisfies {
  [Kind in ExportRecord['kind']]: ColumnsOf<Extract<ExportRecord, { kind: Kind }>>;
};

export const EXPORT_KINDS = ['posts', 'comments', 'all'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

/** The formats of each export; `all` has several kinds of records, so only those that can. */
export const EXPORT_FORMATS = {
  posts: ['ndjson', 'csv', 'xlsx', 'parquet'],
  comments: ['ndjson', 'csv', 'xlsx', 'parquet'],
  all: ['ndjson', 'xlsx'],
} as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[ExportKind][number];

/** `excel` opens in Excel as it is; `rfc4180` is for programs. */
export const CSV_PROFILES = ['excel', 'rfc4180'] as const;
export type CsvProfile = (typeof CSV_PROFILES)[number];
