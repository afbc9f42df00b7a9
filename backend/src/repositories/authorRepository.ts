import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';
import { bigints, texts, timestamps } from './arrays';
import { distinctNewest } from './upsert';

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
SELECT unnest($1::bigint[]), unnest($2::text[]), unnest($3::text[]), unnest($4::text[]),
  unnest($5::text[]), unnest($6::bigint[]), unnest($7::timestamptz[])
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
          bigints(rows, (row) => row.id),
          texts(rows, (row) => row.firstName),
          texts(rows, (row) => row.lastName),
          texts(rows, (row) => row.screenName),
          texts(rows, (row) => row.deactivated),
          bigints(rows, (row) => row.contentHash),
          timestamps(rows, (row) => row.fetchedAt),
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
