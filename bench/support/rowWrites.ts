import type { Client } from 'pg';

const COUNT = `SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::int AS written
  FROM pg_stat_user_tables WHERE relname IN ('posts', 'comments', 'authors', 'communities')`;

/**
 * Rows of collected data that were inserted, updated or deleted so far, as PostgreSQL itself counts
 * them over all connections that have ended.
 */
export const countRowWrites = async (client: Client): Promise<number> => {
  const { rows } = await client.query<{ written: number }>(COUNT);
  return rows[0]?.written ?? 0;
};
