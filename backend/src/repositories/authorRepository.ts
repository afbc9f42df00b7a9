import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { column, distinctNewest } from './upsert';

export interface AuthorInput {
  id: number;
  firstName: string | null;
  lastName: string | null;
  screenName: string | null;
  deactivated: string | null;
  contentHash: number;
  fetchedAt: Date;
}

export interface AuthorRepository {
  /** Idempotent; an unchanged person writes nothing. */
  upsertMany(authors: AuthorInput[], transaction?: Transaction): Promise<void>;
  /** People who wrote in this task and of whom VK has sent nothing but the id. */
  listUnnamed(taskId: number, limit: number): Promise<number[]>;
  /** The same for communities that wrote; positive ids. */
  listUnnamedCommunities(taskId: number, limit: number): Promise<number[]>;
}

const UPSERT = `
INSERT INTO authors AS kept (id, first_name, last_name, screen_name, deactivated, content_hash,
  fetched_at)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[],
  $7::timestamptz[])
ON CONFLICT (id) DO UPDATE SET
  first_name = excluded.first_name, last_name = excluded.last_name,
  screen_name = excluded.screen_name, deactivated = excluded.deactivated,
  content_hash = excluded.content_hash, fetched_at = excluded.fetched_at
WHERE kept.fetched_at <= excluded.fetched_at AND kept.content_hash <> excluded.content_hash`;

export const createAuthorRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): AuthorRepository => {
  const listIds = async (sql: string, bind: unknown[]): Promise<number[]> => {
    const rows = await sequelize.query<{ id: number }>(sql, { bind, type: QueryTypes.SELECT });
    return rows.map((row) => row.id);
  };
  return {
    async upsertMany(authors, transaction) {
      if (authors.length === 0) return;
      const rows = distinctNewest(authors, [(row) => row.id]);
      await sequelize.query(UPSERT, {
        bind: [
          column(rows, (row) => row.id),
          column(rows, (row) => row.firstName),
          column(rows, (row) => row.lastName),
          column(rows, (row) => row.screenName),
          column(rows, (row) => row.deactivated),
          column(rows, (row) => row.contentHash),
          column(rows, (row) => row.fetchedAt),
        ],
        transaction: transaction ?? null,
      });
    },

    listUnnamed: (taskId, limit) =>
      listIds(
        `SELECT author_id AS id FROM task_authors
         WHERE task_id = $1 AND author_id > 0
           AND NOT EXISTS (SELECT FROM authors WHERE authors.id = author_id)
         ORDER BY 1 LIMIT $2`,
        [taskId, limit],
      ),

    listUnnamedCommunities: (taskId, limit) =>
      listIds(
        `SELECT -author_id AS id FROM task_authors
         WHERE task_id = $1 AND author_id < 0
           AND NOT EXISTS (SELECT FROM communities WHERE communities.id = -author_id)
         ORDER BY 1 LIMIT $2`,
        [taskId, limit],
      ),
  };
};
