import {
  buildConditions,
  createBinder,
  toOwners,
  type Bind,
  type RecordFilter,
  type RecordKind,
} from './recordFilters';
import { orderBy, type RecordOrder } from './recordOrders';

/** A statement whose parameters all stand as `$n::type`. */
export interface ExportQuery {
  text: string;
  values: unknown[];
}

/** Comments stored under a post of `posts p`. */
export const COMMENTS_STORED =
  '(SELECT count(*) FROM comments c WHERE c.owner_id = p.owner_id AND c.post_id = p.id)';

const POST_COLUMNS = `p.owner_id, p.id, p.from_id, p.date, p.text, p.post_type, p.likes, p.reposts,
  p.views, p.comments, p.is_pinned, p.marked_as_ads, p.signer_id, p.edited_at, p.attachments,
  p.copy_history, p.geo, p.deleted_at, p.erased_at, ${COMMENTS_STORED} AS comments_stored`;
const COMMENT_COLUMNS = `c.owner_id, c.post_id, c.id, c.from_id, c.date, c.text, c.likes,
  c.thread_root_id, c.reply_to_comment_id, c.reply_to_user_id, c.is_deleted, c.attachments,
  c.deleted_at, c.erased_at`;

const whereAll = (conditions: string[]): string =>
  conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;

const conditionsOn = (kind: RecordKind, filter: RecordFilter, bind: Bind): string[] =>
  buildConditions(kind, kind === 'posts' ? 'p' : 'c', filter, bind);

/** Which records are meant, and their order: null is that of their keys. */
export interface RecordChoice {
  filter: RecordFilter;
  order: RecordOrder | null;
}

/** Posts `p`. */
export const buildPostsQuery = (
  { filter, order }: RecordChoice,
  columns = POST_COLUMNS,
): ExportQuery => {
  const { values, bind } = createBinder();
  const where = whereAll(conditionsOn('posts', filter, bind));
  const by = order === null ? 'p.owner_id, p.id' : orderBy(order, 'p');
  return { text: `SELECT ${columns} FROM posts p${where} ORDER BY ${by}`, values };
};

/** Comments `c`; the filter is about the comments themselves. */
export const buildCommentsQuery = (
  { filter, order }: RecordChoice,
  columns = COMMENT_COLUMNS,
): ExportQuery => {
  const { values, bind } = createBinder();
  const where = whereAll(conditionsOn('comments', filter, bind));
  const by = order === null ? 'c.owner_id, c.id' : orderBy(order, 'c');
  return { text: `SELECT ${columns} FROM comments c${where} ORDER BY ${by}`, values };
};

/** Whether the filter is true of any record at all: one row or none. */
export const buildAnyQuery = (kind: RecordKind, filter: RecordFilter): ExportQuery => {
  const { values, bind } = createBinder();
  const from = kind === 'posts' ? 'posts p' : 'comments c';
  const where = whereAll(conditionsOn(kind, filter, bind));
  return { text: `SELECT 1 FROM ${from}${where} LIMIT 1`, values };
};

/** What an export of everything reads: the filter chooses posts, and the rest follows them. */
const choosePosts = (filter: RecordFilter) => {
  const { values, bind } = createBinder();
  const ofPosts = conditionsOn('posts', filter, bind);
  const ofComments =
    ofPosts.length === 0
      ? []
      : [`(c.owner_id, c.post_id) IN (SELECT p.owner_id, p.id FROM posts p${whereAll(ofPosts)})`];
  const writers = (sign: '>' | '<'): string => `
    SELECT p.from_id FROM posts p${whereAll([...ofPosts, `p.from_id ${sign} 0`])}
    UNION SELECT c.from_id FROM comments c${whereAll([...ofComments, `c.from_id ${sign} 0`])}`;
  return { values, bind, ofPosts, ofComments, writers };
};

/** All comments of the chosen posts, whatever their own date. */
export const buildCommentsOfPostsQuery = (filter: RecordFilter): ExportQuery => {
  const { values, ofComments } = choosePosts(filter);
  const where = whereAll(ofComments);
  return {
    text: `SELECT ${COMMENT_COLUMNS} FROM comments c${where} ORDER BY c.owner_id, c.id`,
    values,
  };
};

/** All people that the chosen posts and their comments name, known or not. */
export const buildAuthorsQuery = (filter: RecordFilter): ExportQuery => {
  const { values, writers } = choosePosts(filter);
  return {
    text: `
      SELECT w.from_id AS id, a.first_name, a.last_name, a.screen_name, a.deactivated
      FROM (${writers('>')}) w LEFT JOIN authors a ON a.id = w.from_id ORDER BY w.from_id`,
    values,
  };
};

/**
 * All communities whose walls the chosen posts stand on or that wrote there, known or not, and
 * those of the chosen targets that could be read.
 */
export const buildCommunitiesQuery = (filter: RecordFilter): ExportQuery => {
  const { values, bind, ofPosts, writers } = choosePosts(filter);
  const ofTargets = ["t.status <> 'failed'", 't.owner_id < 0'];
  if (filter.taskId !== null) ofTargets.push(`t.task_id = ${bind(filter.taskId, 'bigint')}`);
  if (filter.communityIds !== null) {
    const ownerIds = toOwners(filter.communityIds);
    ofTargets.push(`t.owner_id = ANY (${bind(ownerIds, 'bigint[]')})`);
  }
  return {
    text: `
      SELECT -w.from_id AS id, c.screen_name, c.name, c.type, c.is_closed, c.deactivated
      FROM (${writers('<')}
        UNION SELECT p.owner_id FROM posts p${whereAll([...ofPosts, 'p.owner_id < 0'])}
        UNION SELECT t.owner_id FROM targets t${whereAll(ofTargets)}) w
      LEFT JOIN communities c ON c.id = -w.from_id ORDER BY -w.from_id`,
    values,
  };
};
