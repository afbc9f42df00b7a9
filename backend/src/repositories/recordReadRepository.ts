import type { CommentRecord, PostRecord } from '@stenograf/contracts/exportRecords';
import type { WriterDto } from '@stenograf/contracts/reading';
import { toCommentRecord, toPostRecord, type CommentRow, type PostRow } from './exportRows';
import { buildConditions, createBinder, EVERY_RECORD } from './recordFilters';
import type { RecordKey } from './recordOrders';
import type { Select } from './select';

/** A post or comment with its writer, and the text that was searched with its hits marked. */
export interface ReadRecord<Rec> {
  record: Rec;
  author: WriterDto | null;
  /** What can be found by words: the text, and of a repost what it repeats. */
  content: string;
  /** `content` with U+0001 and U+0002 around each hit; null without a query. */
  marked: string | null;
}

export type ReadPost = ReadRecord<PostRecord>;
export type ReadComment = ReadRecord<CommentRecord>;

/** Of one thread: its first replies, and how many there are. */
export interface Thread {
  replies: ReadComment[];
  total: number;
}

export interface RecordReadRepository {
  /** In the order of the keys; a row that is gone is left out. */
  loadPosts(keys: readonly RecordKey[], marks: string | null): Promise<ReadPost[]>;
  loadComments(keys: readonly RecordKey[], marks: string | null): Promise<ReadComment[]>;
  /**
   * Comments under one post by id, which is the order of writing.
   * @param thread null for all, 'roots' for root comments alone, or the root whose replies are meant
   */
  listUnderPost(
    post: { ownerId: number; postId: number },
    page: { thread: number | 'roots' | null; after: number | null; limit: number },
  ): Promise<ReadComment[]>;
  /** By the id of the root. */
  loadThreads(
    ownerId: number,
    rootIds: readonly number[],
    repliesMax: number,
  ): Promise<Map<number, Thread>>;
}

/** Each hit between U+0001 and U+0002; `<>&` would make PostgreSQL drop what looks like markup. */
const marked = (content: string, marks: string): string => `
  CASE WHEN ${marks}::text IS NULL THEN NULL ELSE ts_headline('pg_catalog.russian',
    translate(searchable_text(${content}), '<>&', '   '), ${marks}::tsquery,
    E'HighlightAll=true, StartSel="\\x01", StopSel="\\x02"') END`;

const WRITER = `
  coalesce(nullif(trim(concat_ws(' ', a.first_name, a.last_name)), ''), w.name) AS writer_name,
  coalesce(a.screen_name, w.screen_name) AS writer_screen_name`;
const writerOf = (row: string): string => `
  LEFT JOIN authors a ON a.id = ${row}.from_id
  LEFT JOIN communities w ON w.id = -${row}.from_id`;

const POST = `p.owner_id, p.id, p.from_id, p.date, p.text, p.post_type, p.likes, p.reposts, p.views,
  p.comments, p.is_pinned, p.marked_as_ads, p.signer_id, p.edited_at, p.attachments,
  p.copy_history, p.geo, p.deleted_at, p.erased_at,
  (SELECT count(*) FROM comments c WHERE c.owner_id = p.owner_id AND c.post_id = p.id)
    AS comments_stored`;
const POST_CONTENT = `concat_ws(' ', nullif(p.text, ''), p.copy_history -> 0 ->> 'text')`;
const COMMENT = `c.owner_id, c.post_id, c.id, c.from_id, c.date, c.text, c.likes, c.thread_root_id,
  c.reply_to_comment_id, c.reply_to_user_id, c.is_deleted, c.attachments, c.deleted_at,
  c.erased_at`;

const byKeys = (kind: 'posts' | 'comments', row: string): string => `
  FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS key (owner_id, id, place)
  JOIN ${kind} ${row} ON ${row}.owner_id = key.owner_id AND ${row}.id = key.id`;

const LOAD_POSTS = `
SELECT ${POST}, ${POST_CONTENT} AS content, ${marked(POST_CONTENT, '$3')} AS marked, ${WRITER}
${byKeys('posts', 'p')} ${writerOf('p')} ORDER BY key.place`;
const LOAD_COMMENTS = `
SELECT ${COMMENT}, c.text AS content, ${marked('c.text', '$3')} AS marked, ${WRITER}
${byKeys('comments', 'c')} ${writerOf('c')} ORDER BY key.place`;

const LOAD_THREADS = `
SELECT root.id AS root_id, counted.total, ${COMMENT}, c.text AS content, NULL AS marked, ${WRITER}
FROM unnest($2::bigint[]) AS root (id)
CROSS JOIN LATERAL (
  SELECT count(*) AS total FROM comments r
  WHERE r.owner_id = $1 AND r.thread_root_id = root.id) AS counted
CROSS JOIN LATERAL (
  SELECT * FROM comments r WHERE r.owner_id = $1 AND r.thread_root_id = root.id
  ORDER BY r.id LIMIT $3) AS c
${writerOf('c')} ORDER BY c.id`;

interface Read {
  content: string;
  marked: string | null;
  writer_name: string | null;
  writer_screen_name: string | null;
}

const toRead = <Row extends Read & { from_id: number | null }, Rec>(
  row: Row,
  toRecord: (row: Row) => Rec,
): ReadRecord<Rec> => ({
  record: toRecord(row),
  author:
    row.from_id === null
      ? null
      : { id: row.from_id, name: row.writer_name, screen_name: row.writer_screen_name },
  content: row.content,
  marked: row.marked,
});

const toReadComment = (row: CommentRow & Read): ReadComment => toRead(row, toCommentRecord);

const keyColumns = (keys: readonly RecordKey[]): [number[], number[]] => [
  keys.map(([, ownerId]) => ownerId),
  keys.map(([, , id]) => id),
];

export const createRecordReadRepository = ({
  select,
}: {
  select: Select;
}): RecordReadRepository => ({
  async loadPosts(keys, marks) {
    if (keys.length === 0) return [];
    const rows = await select<PostRow & Read>(LOAD_POSTS, [...keyColumns(keys), marks]);
    return rows.map((row) => toRead(row, toPostRecord));
  },

  async loadComments(keys, marks) {
    if (keys.length === 0) return [];
    const rows = await select<CommentRow & Read>(LOAD_COMMENTS, [...keyColumns(keys), marks]);
    return rows.map(toReadComment);
  },

  async listUnderPost({ ownerId, postId }, { thread, after, limit }) {
    const { values, bind } = createBinder();
    const conditions = [
      `c.owner_id = ${bind(ownerId, 'bigint')}`,
      `c.post_id = ${bind(postId, 'bigint')}`,
      ...(after === null ? [] : [`c.id > ${bind(after, 'bigint')}`]),
      ...(typeof thread === 'number' ? [`c.thread_root_id = ${bind(thread, 'bigint')}`] : []),
      ...(thread === 'roots'
        ? buildConditions('comments', 'c', { ...EVERY_RECORD, is: ['root'] }, bind)
        : []),
    ];
    const rows = await select<CommentRow & Read>(
      `SELECT ${COMMENT}, c.text AS content, NULL AS marked, ${WRITER}
       FROM (SELECT * FROM comments c WHERE ${conditions.join(' AND ')}
         ORDER BY c.id LIMIT ${bind(limit, 'int')}) AS c ${writerOf('c')} ORDER BY c.id`,
      values,
    );
    return rows.map(toReadComment);
  },

  async loadThreads(ownerId, rootIds, repliesMax) {
    const threads = new Map<number, Thread>();
    if (rootIds.length === 0) return threads;
    const rows = await select<CommentRow & Read & { root_id: number; total: number }>(
      LOAD_THREADS,
      [ownerId, rootIds, repliesMax],
    );
    for (const row of rows) {
      const thread = threads.get(row.root_id) ?? { replies: [], total: row.total };
      thread.replies.push(toReadComment(row));
      threads.set(row.root_id, thread);
    }
    return threads;
  },
});
