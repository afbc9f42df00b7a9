import type { AuthorRecord } from '@stenograf/contracts/exportRecords';
import { AUTHORS, createAuthorFinder, type AuthorFinder } from './authorFinder';
import { toAuthorRecord, type AuthorRow } from './exportRows';
import type { LookBounds } from './lookPace';
import type { Select } from './select';

/** What one writer has written, as far as it is stored. */
export interface WriterCounts {
  posts: number;
  comments: number;
  firstAt: Date | null;
  lastAt: Date | null;
}

export interface AuthorReadRepository extends AuthorFinder {
  /** A person, or (below zero) a community as one who writes; null if unknown. */
  find(id: number): Promise<AuthorRecord | null>;
  count(id: number): Promise<WriterCounts>;
}

const FIND_COMMUNITY = `
SELECT -id AS id, NULL AS first_name, NULL AS last_name, name, screen_name, deactivated
FROM communities WHERE id = -($1::bigint)`;

const COUNT = `
SELECT p.posts, c.comments, least(p.first, c.first) AS first_at, greatest(p.last, c.last) AS last_at
FROM (SELECT count(*) AS posts, min(date) AS first, max(date) AS last
    FROM posts WHERE from_id = $1) AS p,
  (SELECT count(*) AS comments, min(date) AS first, max(date) AS last
    FROM comments WHERE from_id = $1) AS c`;

interface CountRow {
  posts: number;
  comments: number;
  first_at: Date | null;
  last_at: Date | null;
}

export const createAuthorReadRepository = (dependencies: {
  select: Select;
  nowMs: () => number;
  bounds?: LookBounds;
}): AuthorReadRepository => {
  const { select } = dependencies;
  return {
    ...createAuthorFinder(dependencies),

    async find(id) {
      if (id > 0) {
        const sql = `SELECT ${AUTHORS.columns} FROM authors n WHERE n.id = $1`;
        const [row] = await select<AuthorRow>(sql, [id]);
        return row ? toAuthorRecord(row) : null;
      }
      const [row] = await select<AuthorRow & { name: string | null }>(FIND_COMMUNITY, [id]);
      return row ? { ...toAuthorRecord(row), name: row.name } : null;
    },

    async count(id) {
      const [row] = await select<CountRow>(COUNT, [id]);
      return {
        posts: row?.posts ?? 0,
        comments: row?.comments ?? 0,
        firstAt: row?.first_at ?? null,
        lastAt: row?.last_at ?? null,
      };
    },
  };
};
