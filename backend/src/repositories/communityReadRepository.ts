import type { CommunityRecord } from '@stenograf/contracts/exportRecords';
import { toCommunityRecord } from './exportRows';
import { selectNamed, type NamedTable } from './namedRows';
import type { Select } from './select';
import type { Page } from './snapshots';

export interface CommunityFilter {
  /** Beginnings of the words of the name or short name. */
  name: string | null;
  /** Communities that this task has targets for. */
  taskId: number | null;
  /** Only those whose wall was read, or only the others; null for all. */
  isCollected: boolean | null;
}

export interface ReadCommunity {
  record: CommunityRecord;
  /** It has posts here. */
  isCollected: boolean;
}

/** What is stored of one wall. */
export interface WallCounts {
  posts: number;
  comments: number;
  firstPostAt: Date | null;
  lastPostAt: Date | null;
}

export interface CommunityReadRepository {
  /** By id. @throws AppError `validation_failed` if too many bear such a name. */
  list(filter: CommunityFilter, after: number | null, limit: number): Promise<Page<ReadCommunity>>;
  find(id: number): Promise<(ReadCommunity & { fetchedAt: Date }) | null>;
  count(id: number): Promise<WallCounts>;
  /** Ids of the communities that a task has targets for, at most `max`; null if there is no task. */
  findOfTask(taskId: number, max: number): Promise<number[] | null>;
}

const IS_COLLECTED = 'EXISTS (SELECT FROM posts p WHERE p.owner_id = -n.id)';

export const COMMUNITIES: NamedTable = {
  table: 'communities',
  columns: `n.id, n.screen_name, n.name, n.type, n.is_closed, n.deactivated, n.fetched_at,
    ${IS_COLLECTED} AS is_collected`,
  nameWords: 'name_words(name, NULL, screen_name)',
};

const COUNT = `
SELECT p.posts, p.first_post_at, p.last_post_at, c.comments
FROM (SELECT count(*) AS posts, min(date) AS first_post_at, max(date) AS last_post_at
    FROM posts WHERE owner_id = -($1::bigint)) AS p,
  (SELECT count(*) AS comments FROM comments WHERE owner_id = -($1::bigint)) AS c`;

const FIND_OF_TASK = `
SELECT ARRAY(SELECT DISTINCT -owner_id FROM targets WHERE task_id = tasks.id AND owner_id < 0
  LIMIT $2) AS ids
FROM tasks WHERE id = $1`;

type Row = Omit<CommunityRecord, 'kind'> & { is_collected: boolean; fetched_at: Date };

interface CountRow {
  posts: number;
  comments: number;
  first_post_at: Date | null;
  last_post_at: Date | null;
}

const toRead = (row: Row): ReadCommunity => ({
  record: toCommunityRecord(row),
  isCollected: row.is_collected,
});

const ofTask =
  (taskId: number) =>
  (bind: (value: unknown, type: string) => string): string =>
    `SELECT DISTINCT -owner_id AS id FROM targets WHERE task_id = ${bind(taskId, 'bigint')}
     AND owner_id < 0`;

export const createCommunityReadRepository = ({
  select,
}: {
  select: Select;
}): CommunityReadRepository => ({
  async list({ name, taskId, isCollected }, after, limit) {
    const rows = await selectNamed<Row>(select, COMMUNITIES, {
      name,
      among: taskId === null ? null : ofTask(taskId),
      conditions: isCollected === null ? [] : [isCollected ? IS_COLLECTED : `NOT ${IS_COLLECTED}`],
      after,
      limit: limit + 1,
    });
    const items = rows.slice(0, limit).map(toRead);
    return { items, next: rows.length > limit ? (items.at(-1)?.record.id ?? null) : null };
  },

  async find(id) {
    const sql = `SELECT ${COMMUNITIES.columns} FROM communities n WHERE n.id = $1`;
    const [row] = await select<Row>(sql, [id]);
    return row ? { ...toRead(row), fetchedAt: row.fetched_at } : null;
  },

  async count(id) {
    const [row] = await select<CountRow>(COUNT, [id]);
    return {
      posts: row?.posts ?? 0,
      comments: row?.comments ?? 0,
      firstPostAt: row?.first_post_at ?? null,
      lastPostAt: row?.last_post_at ?? null,
    };
  },

  async findOfTask(taskId, max) {
    const [row] = await select<{ ids: (number | string)[] }>(FIND_OF_TASK, [taskId, max]);
    // The driver reads the elements of an array as it read numbers once: as text.
    return row ? row.ids.map(Number) : null;
  },
});
