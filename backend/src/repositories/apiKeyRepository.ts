import type { Scope } from '@stenograf/contracts/scopes';
import { QueryTypes, type Sequelize, type Transaction } from 'sequelize';

export interface ApiKeyRow {
  id: number;
  keyHash: Buffer;
  scope: Scope;
}

export interface NewApiKey {
  name: string;
  /** SHA-256 of the key; the key itself is never stored. */
  keyHash: Buffer;
  last4: string;
  scope: Scope;
}

export interface ApiKeyRepository {
  insertKey(key: NewApiKey, transaction?: Transaction): Promise<number>;
  /** Puts an internal key in the place of the one of the same name, which ends at once. */
  replaceInternalKey(key: NewApiKey, transaction?: Transaction): Promise<number>;
  /** Not revoked. */
  findKeyByHash(keyHash: Buffer, transaction?: Transaction): Promise<ApiKeyRow | null>;
  /** Whether a person holds an admin key that is not revoked. */
  hasAdminKey(transaction?: Transaction): Promise<boolean>;
  /** @returns false when there is no such key or it was revoked before. */
  revokeKey(id: number, transaction?: Transaction): Promise<boolean>;
  /** Held until the transaction ends: two processes that start at once make one first key. */
  lockFirstKey(transaction: Transaction): Promise<void>;
}

/** Any number will do, as long as nothing else of this project takes the same. */
const FIRST_KEY_LOCK = 7_836_502;

const INSERT = `INSERT INTO api_keys (name, key_hash, last4, scope, is_internal)
  VALUES ($1, $2, $3, $4, $5)`;
const REPLACE = `${INSERT}
  ON CONFLICT (name) WHERE is_internal AND revoked_at IS NULL DO UPDATE
    SET key_hash = excluded.key_hash, last4 = excluded.last4, scope = excluded.scope,
      created_at = now()`;

export const createApiKeyRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): ApiKeyRepository => {
  const select = <Row extends object>(
    sql: string,
    bind: unknown[],
    transaction: Transaction | undefined,
  ): Promise<Row[]> =>
    sequelize.query<Row>(sql, { bind, type: QueryTypes.SELECT, transaction: transaction ?? null });

  const store = async (
    sql: string,
    { name, keyHash, last4, scope }: NewApiKey,
    isInternal: boolean,
    transaction: Transaction | undefined,
  ): Promise<number> => {
    const bind = [name, keyHash, last4, scope, isInternal];
    const rows = await select<{ id: number }>(`${sql} RETURNING id`, bind, transaction);
    return Number(rows[0]?.id);
  };

  return {
    insertKey: (key, transaction) => store(INSERT, key, false, transaction),
    replaceInternalKey: (key, transaction) => store(REPLACE, key, true, transaction),
    async findKeyByHash(keyHash, transaction) {
      const rows = await select<{ id: number; key_hash: Buffer; scope: Scope }>(
        'SELECT id, key_hash, scope FROM api_keys WHERE key_hash = $1 AND revoked_at IS NULL',
        [keyHash],
        transaction,
      );
      const row = rows[0];
      return row ? { id: row.id, keyHash: row.key_hash, scope: row.scope } : null;
    },
    async hasAdminKey(transaction) {
      const rows = await select(
        `SELECT 1 FROM api_keys
         WHERE scope = 'admin' AND NOT is_internal AND revoked_at IS NULL LIMIT 1`,
        [],
        transaction,
      );
      return rows.length > 0;
    },
    async revokeKey(id, transaction) {
      const rows = await select(
        'UPDATE api_keys SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id',
        [id],
        transaction,
      );
      return rows.length > 0;
    },
    async lockFirstKey(transaction) {
      await select('SELECT pg_advisory_xact_lock($1)', [FIRST_KEY_LOCK], transaction);
    },
  };
};
