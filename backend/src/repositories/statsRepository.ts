import type { TimelineUnit } from '@stenograf/contracts/reading';
import { type AppError, invalidParameter } from '../errors';
import { isUnknownZone } from './databaseErrors';
import {
  buildConditions,
  createBinder,
  EVERY_RECORD,
  type Bind,
  type RecordFilter,
  type RecordKind,
} from './recordFilters';
import type { Statement } from './recordStatements';
import type { Select } from './select';

/** Posts and comments that are counted: each by its own filter, since a query means both. */
export interface CountedRecords {
  posts: RecordFilter;
  comments: RecordFilter;
}

export interface Bucket {
  /** Local time of the zone: `2026-01-31T10:00`. */
  start: string;
  posts: number;
  comments: number;
}

/** `day` 0 is Monday. */
export interface HeatCell {
  day: number;
  hour: number;
  posts: number;
  comments: number;
}

export interface CountedWriter {
  id: number;
  name: string | null;
  screenName: string | null;
  posts: number;
  comments: number;
}

export interface CountedWall {
  id: number;
  name: string | null;
  screenName: string | null;
  posts: number;
  comments: number;
  likes: number;
  reposts: number;
  views: number;
  firstPostAt: Date | null;
  lastPostAt: Date | null;
}

export interface StatsRepository {
  /**
   * Oldest first; buckets without anything are left out.
   * @throws AppError `validation_failed` for a zone that PostgreSQL does not know, `query_too_slow`.
   */
  timeline(
    records: CountedRecords,
    by: { unit: TimelineUnit; zone: string; bucketsMax: number },
  ): Promise<Bucket[]>;
  heatmap(records: CountedRecords, zone: string): Promise<HeatCell[]>;
  /** Those who wrote most, by one of the counts; both are of the same filter. */
  topAuthors(
    records: CountedRecords,
    by: { kind: 'posts' | 'comments'; limit: number },
  ): Promise<CountedWriter[]>;
  /** Walls by the id of their community, within the dates. */
  walls(
    filter: Pick<RecordFilter, 'since' | 'until'> & { communityIds: readonly number[] },
  ): Promise<CountedWall[]>;
}

const where = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;

/**
 * Counts by the quarter of an hour, which every zone's days and hours consist of: the costly
 * arithmetic of zones is then done once a quarter, not once a row.
 */
const quarters = ({ posts, comments }: CountedRecords, bind: Bind): string => {
  const count = (kind: RecordKind, filter: RecordFilter, columns: string): string => `
    SELECT date_bin('15 minutes', r.date, timestamptz 'epoch') AS quarter, ${columns}
    FROM ${kind} r ${where(buildConditions(kind, 'r', filter, bind))} GROUP BY 1`;
  return `${count('posts', posts, 'count(*) AS posts, 0 AS comments')}
    UNION ALL ${count('comments', comments, '0, count(*)')}`;
};

/** Of the top, the other count too: within the same filter, writer by writer. */
const OTHER = { posts: 'comments', comments: 'posts' } as const;

type WriterRow = Omit<CountedWriter, 'screenName'> & { screen_name: string | null };

interface WallRow {
  id: number;
  name: string | null;
  screen_name: string | null;
  posts: number;
  comments: number;
  likes: number;
  reposts: number;
  views: number;
  first_post_at: Date | null;
  last_post_at: Date | null;
}

const toWall = (row: WallRow): CountedWall => ({
  id: row.id,
  name: row.name,
  screenName: row.screen_name,
  posts: row.posts,
  comments: row.comments,
  likes: row.likes,
  reposts: row.reposts,
  views: row.views,
  firstPostAt: row.first_post_at,
  lastPostAt: row.last_post_at,
});

const buildTimeline = (
  records: CountedRecords,
  { unit, zone, bucketsMax }: Parameters<StatsRepository['timeline']>[1],
): Statement => {
  const { values, bind } = createBinder();
  const inner = quarters(records, bind);
  return {
    text: `
      SELECT to_char(bucket, 'YYYY-MM-DD"T"HH24:MI') AS start, sum(posts)::bigint AS posts,
        sum(comments)::bigint AS comments
      FROM (SELECT date_trunc(${bind(unit, 'text')}, quarter AT TIME ZONE ${bind(zone, 'text')})
          AS bucket, posts, comments FROM (${inner}) AS counted) AS placed
      GROUP BY bucket ORDER BY bucket LIMIT ${bucketsMax}`,
    values,
  };
};

const buildHeatmap = (records: CountedRecords, zone: string): Statement => {
  const { values, bind } = createBinder();
  const inner = quarters(records, bind);
  return {
    text: `
      SELECT (extract(isodow FROM local) - 1)::int AS day, extract(hour FROM local)::int AS hour,
        sum(posts)::bigint AS posts, sum(comments)::bigint AS comments
      FROM (SELECT quarter AT TIME ZONE ${bind(zone, 'text')} AS local, posts, comments
        FROM (${inner}) AS counted) AS placed
      GROUP BY 1, 2`,
    values,
  };
};

const buildTopAuthors = (
  records: CountedRecords,
  { kind, limit }: Parameters<StatsRepository['topAuthors']>[1],
): Statement => {
  const { values, bind } = createBinder();
  const other = OTHER[kind];
  const top = buildConditions(kind, 'r', records[kind], bind);
  const beside = buildConditions(other, 'r', records[other], bind);
  return {
    text: `
      SELECT top.from_id AS id, top.counted AS ${kind}, beside.counted AS ${other},
        coalesce(nullif(trim(concat_ws(' ', a.first_name, a.last_name)), ''), w.name) AS name,
        coalesce(a.screen_name, w.screen_name) AS screen_name
      FROM (SELECT r.from_id, count(*) AS counted FROM ${kind} r
        ${where(['r.from_id IS NOT NULL', ...top])}
        GROUP BY r.from_id ORDER BY counted DESC, r.from_id LIMIT ${bind(limit, 'int')}) AS top
      CROSS JOIN LATERAL (SELECT count(*) AS counted FROM ${other} r
        ${where(['r.from_id = top.from_id', ...beside])}) AS beside
      LEFT JOIN authors a ON a.id = top.from_id LEFT JOIN communities w ON w.id = -top.from_id
      ORDER BY top.counted DESC, top.from_id`,
    values,
  };
};

const buildWalls = ({
  since,
  until,
  communityIds,
}: Parameters<StatsRepository['walls']>[0]): Statement => {
  const { values, bind } = createBinder();
  const ids = bind(communityIds, 'bigint[]');
  const within = { ...EVERY_RECORD, since, until };
  const conditions = (kind: RecordKind): string =>
    where(['r.owner_id = -c.id', ...buildConditions(kind, 'r', within, bind)]);
  return {
    text: `
      SELECT c.id, c.name, c.screen_name, p.*, m.comments
      FROM communities c
      CROSS JOIN LATERAL (
        SELECT count(*) AS posts, coalesce(sum(r.likes), 0)::bigint AS likes,
          coalesce(sum(r.reposts), 0)::bigint AS reposts,
          coalesce(sum(r.views), 0)::bigint AS views,
          min(r.date) AS first_post_at, max(r.date) AS last_post_at
        FROM posts r ${conditions('posts')}) AS p
      CROSS JOIN LATERAL (
        SELECT count(*) AS comments FROM comments r ${conditions('comments')}) AS m
      WHERE c.id = ANY (${ids}) ORDER BY c.id`,
    values,
  };
};

const refuseZone = (cause: unknown): AppError =>
  invalidParameter('zone', 'Must be a time zone, such as Europe/Moscow.', cause);

export const createStatsRepository = ({ select }: { select: Select }): StatsRepository => {
  const selectInZone = <Row extends object>({ text, values }: Statement): Promise<Row[]> =>
    select<Row>(text, values).catch((error: unknown) => {
      throw isUnknownZone(error) ? refuseZone(error) : error;
    });

  return {
    timeline: (records, by) => selectInZone<Bucket>(buildTimeline(records, by)),
    heatmap: (records, zone) => selectInZone<HeatCell>(buildHeatmap(records, zone)),

    async topAuthors(records, by) {
      const { text, values } = buildTopAuthors(records, by);
      const rows = await select<WriterRow>(text, values);
      return rows.map(({ screen_name: screenName, ...row }) => ({ ...row, screenName }));
    },

    async walls(filter) {
      const { text, values } = buildWalls(filter);
      return (await select<WallRow>(text, values)).map(toWall);
    },
  };
};
