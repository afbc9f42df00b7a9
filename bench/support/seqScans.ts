import type { Client } from 'pg';

const COUNT = `SELECT sum(seq_scan)::int AS scans FROM pg_stat_user_tables
  WHERE relname IN ('posts', 'comments')`;

/**
 * How often posts and comments were read from one end to the other so far, as PostgreSQL itself counts
 * it: over all connections that have ended, and this one.
 */
export const countSeqScans = async (client: Client): Promise<number> => {
  await client.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await client.query<{ scans: number }>(COUNT);
  return rows[0]?.scans ?? 0;
};
