import { QueryTypes, type Sequelize } from 'sequelize';

export interface SettingsRepository {
  /**
   * Remembers the VK host that this database is filled from, once.
   * @returns the host that is remembered, which may be another.
   */
  rememberVkHost(host: string): Promise<string>;
  /**
   * Remembers the key that cursors are signed with, once.
   * @returns the key that is remembered: the same in all processes of an installation.
   */
  rememberCursorKey(key: string): Promise<string>;
}

export const createSettingsRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): SettingsRepository => ({
  async rememberVkHost(host) {
    const rows = await sequelize.query<{ host: string }>(
      `WITH inserted AS (
         INSERT INTO settings (key, value) VALUES ('vk_host', to_jsonb($1::text))
         ON CONFLICT (key) DO NOTHING RETURNING value)
       SELECT value #>> '{}' AS host FROM inserted
       UNION ALL SELECT value #>> '{}' FROM settings WHERE key = 'vk_host' LIMIT 1`,
      { bind: [host], type: QueryTypes.SELECT },
    );
    return rows[0]?.host ?? host;
  },

  async rememberCursorKey(key) {
    // Two statements: another process may have stored its key a moment ago.
    await sequelize.query(
      `INSERT INTO settings (key, value) VALUES ('cursor_key', to_jsonb($1::text))
       ON CONFLICT (key) DO NOTHING`,
      { bind: [key] },
    );
    const rows = await sequelize.query<{ key: string }>(
      `SELECT value #>> '{}' AS key FROM settings WHERE key = 'cursor_key'`,
      { type: QueryTypes.SELECT },
    );
    return rows[0]?.key ?? key;
  },
});
