import type { Sequelize } from 'sequelize';
import { createSelect } from './select';

/** What the database remembers about itself. What is remembered first stays. */
export interface SettingsRepository {
  /**
   * Remembers the VK host that this database is filled from.
   * @returns the host that is remembered, which may be another.
   */
  rememberVkHost(host: string): Promise<string>;
  /**
   * Remembers the key that cursors are signed with.
   * @returns the key that is remembered: the same in all processes of an installation.
   */
  rememberCursorKey(key: string): Promise<string>;
}

// The update that changes nothing makes the row of another process visible, also one of just now.
const REMEMBER = `
INSERT INTO settings (key, value) VALUES ($1, to_jsonb($2::text))
ON CONFLICT (key) DO UPDATE SET value = settings.value RETURNING value #>> '{}' AS value`;

export const createSettingsRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): SettingsRepository => {
  const select = createSelect(sequelize);
  const remember = async (key: string, value: string): Promise<string> => {
    const [row] = await select<{ value: string }>(REMEMBER, [key, value]);
    return row?.value ?? value;
  };
  return {
    rememberVkHost: (host) => remember('vk_host', host),
    rememberCursorKey: (key) => remember('cursor_key', key),
  };
};
