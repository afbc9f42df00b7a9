import { QueryTypes, type Sequelize } from 'sequelize';

const TABLES = ['posts', 'comments', 'authors', 'communities'];

/**
 * The version of every row of collected data, by table and place: a write of any kind, even of the
 * same values, gives another one.
 */
export const rowVersions = async (sequelize: Sequelize): Promise<Record<string, string>> => {
  const versions: Record<string, string> = {};
  for (const table of TABLES) {
    const rows = await sequelize.query<{ versions: string }>(
      `SELECT coalesce(string_agg(ctid::text || xmin::text, ',' ORDER BY ctid), '') AS versions
       FROM ${table}`,
      { type: QueryTypes.SELECT },
    );
    versions[table] = rows[0]?.versions ?? '';
  }
  return versions;
};
