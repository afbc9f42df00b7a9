/** null leaves a bound open. `since` and `until` are inclusive and about the date of the post. */
export interface ExportFilter {
  taskId: number | null;
  /** Positive ids. */
  communityIds: number[] | null;
  since: Date | null;
  until: Date | null;
}

export interface ExportQuery {
  text: string;
  values: unknown[];
}

export interface ExportQueries {
  posts: ExportQuery;
  comments: ExportQuery;
  authors: ExportQuery;
  communities: ExportQuery;
}

const POSTS = `
SELECT p.owner_id, p.id, p.from_id, p.date, p.text, p.post_type, p.likes, p.reposts, p.views,
  p.comments, p.is_pinned, p.marked_as_ads, p.signer_id, p.edited_at, p.attachments,
  p.copy_history, p.geo, p.deleted_at,
  (SELECT count(*) FROM comments c WHERE c.owner_id = p.owner_id AND c.post_id = p.id)
    AS comments_stored
FROM posts p`;
const COMMENTS = `
SELECT c.owner_id, c.post_id, c.id, c.from_id, c.date, c.text, c.likes, c.thread_root_id,
  c.reply_to_comment_id, c.reply_to_user_id, c.is_deleted, c.attachments, c.deleted_at
FROM comments c`;

const whereAll = (conditions: string[]): string =>
  conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;

/** Conditions rather than `$1 IS NULL OR …`, which would keep the planner from using an index. */
const readFilter = (filter: ExportFilter) => {
  const values: unknown[] = [];
  const bind = (value: unknown, type: string): string => `$${values.push(value)}::${type}`;
  const ofPosts: string[] = [];
  const ofTargets: string[] = ['t.owner_id < 0'];
  if (filter.taskId !== null) {
    const taskId = bind(filter.taskId, 'bigint');
    ofPosts.push(
      `(p.owner_id, p.id) IN (SELECT owner_id, post_id FROM task_posts WHERE task_id = ${taskId})`,
    );
    ofTargets.push(`t.task_id = ${taskId}`);
  }
  if (filter.communityIds !== null) {
    const ownerIds = bind(
      filter.communityIds.map((id) => -id),
      'bigint[]',
    );
    ofPosts.push(`p.owner_id = ANY (${ownerIds})`);
    ofTargets.push(`t.owner_id = ANY (${ownerIds})`);
  }
  if (filter.since !== null) ofPosts.push(`p.date >= ${bind(filter.since, 'timestamptz')}`);
  if (filter.until !== null) ofPosts.push(`p.date <= ${bind(filter.until, 'timestamptz')}`);
  return { values, ofPosts, ofTargets };
};

/**
 * What an export reads, each list in the order of its key. Comments follow their posts whatever
 * their own date; authors and communities are all that the chosen posts and comments name, known
 * or not, and the communities of the chosen targets that could be read.
 */
export const buildExportQueries = (filter: ExportFilter): ExportQueries => {
  const { values, ofPosts, ofTargets } = readFilter(filter);
  const ofComments =
    ofPosts.length === 0
      ? []
      : [`(c.owner_id, c.post_id) IN (SELECT p.owner_id, p.id FROM posts p${whereAll(ofPosts)})`];
  const writers = (sign: '>' | '<'): string => `
    SELECT p.from_id FROM posts p${whereAll([...ofPosts, `p.from_id ${sign} 0`])}
    UNION SELECT c.from_id FROM comments c${whereAll([...ofComments, `c.from_id ${sign} 0`])}`;
  return {
    posts: { text: `${POSTS}${whereAll(ofPosts)} ORDER BY p.owner_id, p.id`, values },
    comments: { text: `${COMMENTS}${whereAll(ofComments)} ORDER BY c.owner_id, c.id`, values },
    authors: {
      text: `
        SELECT w.from_id AS id, a.first_name, a.last_name, a.screen_name, a.deactivated
        FROM (${writers('>')}) w LEFT JOIN authors a ON a.id = w.from_id ORDER BY w.from_id`,
      values,
    },
    communities: {
      text: `
        SELECT -w.from_id AS id, c.screen_name, c.name, c.type, c.is_closed, c.deactivated
        FROM (${writers('<')}
          UNION SELECT p.owner_id FROM posts p${whereAll([...ofPosts, 'p.owner_id < 0'])}
          UNION SELECT t.owner_id FROM targets t
            ${whereAll([...ofTargets, `t.status <> 'failed'`, 't.owner_id IS NOT NULL'])}) w
        LEFT JOIN communities c ON c.id = -w.from_id ORDER BY -w.from_id`,
      values,
    },
  };
};
