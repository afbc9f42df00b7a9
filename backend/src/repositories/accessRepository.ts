import type { Sequelize, Transaction } from 'sequelize';
import { createSelect } from './select';

/** What concerns keys and users together: that somebody can still administer the service. */
export interface AccessRepository {
  /** Held until the transaction ends: changes of who is an admin happen one after the other. */
  lock(transaction: Transaction): Promise<void>;
  /**
   * Whether a person holds an admin key in force, or an admin can sign in with a password. The
   * internal keys of running services do not count.
   */
  hasAdmin(transaction: Transaction): Promise<boolean>;
}

/** Any number will do, as long as nothing else of this project takes the same. */
const ACCESS_LOCK = 7_836_502;

const HAS_ADMIN = `
  SELECT EXISTS (
    SELECT FROM api_keys WHERE scope = 'admin' AND NOT is_internal AND revoked_at IS NULL
      AND (expires_at IS NULL OR expires_at > now())
  ) OR EXISTS (
    SELECT FROM users WHERE role = 'admin' AND disabled_at IS NULL AND password_hash IS NOT NULL
  ) AS has_admin`;

export const createAccessRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): AccessRepository => {
  const select = createSelect(sequelize);
  return {
    async lock(transaction) {
      await select('SELECT pg_advisory_xact_lock($1)', [ACCESS_LOCK], transaction);
    },
    async hasAdmin(transaction) {
      const rows = await select<{ has_admin: boolean }>(HAS_ADMIN, [], transaction);
      return rows[0]?.has_admin ?? false;
    },
  };
};
