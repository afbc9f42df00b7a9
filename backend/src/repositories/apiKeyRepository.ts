import type { Scope } from '@stenograf/contracts/scopes';
import type { Sequelize, Transaction } from 'sequelize';
import { createSelect } from './select';
import type { Page } from './snapshots';

export interface NewApiKey {
  name: string;
  /** SHA-256 of the key; the key itself is never stored. */
  keyHash: Buffer;
  last4: string;
  scope: Scope;
  /** null: until it is revoked. */
  expiresAt: Date | null;
}

export interface ApiKey {
  id: number;
  name: string;
  last4: string;
  scope: Scope;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
}

export interface KeyInForce {
  id: number;
  keyHash: Buffer;
  scope: Scope;
}

export interface ApiKeyRepository {
  insertKey(key: NewApiKey, transaction?: Transaction): Promise<ApiKey>;
  /** Puts an internal key in the place of the one of the same name, which ends at once. */
  replaceInternalKey(key: NewApiKey, transaction?: Transaction): Promise<number>;
  /** Puts off the end of an internal key, also of one that has ended. */
  renewInternalKey(id: number, expiresAt: Date): Promise<void>;
  /** Neither revoked nor expired. Notes the use, at most once a minute. */
  useKeyByHash(keyHash: Buffer): Promise<KeyInForce | null>;
  /** Keys of people that are not revoked, newest first; also those that have expired. */
  listKeys(after: number | undefined, limit: number): Promise<Page<ApiKey>>;
  /** @returns null when there is no such key or it was revoked before. */
  revokeKey(
    id: number,
    transaction?: Transaction,
  ): Promise<{ scope: Scope; isInternal: boolean } | null>;
}

interface KeyRow {
  id: number;
  name: string;
  last4: string;
  scope: Scope;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
}

const COLUMNS = 'id, name, last4, scope, created_at, expires_at, last_used_at';

const INSERT = `
  INSERT INTO api_keys (name, key_hash, last4, scope, expires_at, is_internal)
  VALUES ($1, $2, $3, $4, $5, $6)`;
const REPLACE = `${INSERT}
  ON CONFLICT (name) WHERE is_internal AND revoked_at IS NULL DO UPDATE
    SET key_hash = excluded.key_hash, last4 = excluded.last4, scope = excluded.scope,
      expires_at = excluded.expires_at, created_at = now()`;

const USE = `
  WITH found AS (
    SELECT id, key_hash, scope FROM api_keys
    WHERE key_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
  ), used AS (
    UPDATE api_keys SET last_used_at = now() WHERE id = (SELECT id FROM found)
      AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')
  )
  SELECT id, key_hash, scope FROM found`;

const toKey = (row: KeyRow): ApiKey => ({
  id: row.id,
  name: row.name,
  last4: row.last4,
  scope: row.scope,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
});

export const createApiKeyRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): ApiKeyRepository => {
  const select = createSelect(sequelize);

  const store = async (
    sql: string,
    { name, keyHash, last4, scope, expiresAt }: NewApiKey,
    isInternal: boolean,
    transaction: Transaction | undefined,
  ): Promise<ApiKey> => {
    const bind = [name, keyHash, last4, scope, expiresAt, isInternal];
    const returning = `${sql} RETURNING ${COLUMNS}`;
    const [row] = await select<KeyRow>(returning, bind, transaction);
    if (!row) throw new Error('A stored key did not come back.');
    return toKey(row);
  };

  return {
    insertKey: (key, transaction) => store(INSERT, key, false, transaction),
    replaceInternalKey: async (key, transaction) =>
      (await store(REPLACE, key, true, transaction)).id,
    async renewInternalKey(id, expiresAt) {
      await select(
        `UPDATE api_keys SET expires_at = $2
         WHERE id = $1 AND is_internal AND revoked_at IS NULL`,
        [id, expiresAt],
      );
    },
    async useKeyByHash(keyHash) {
      const rows = await select<{ id: number; key_hash: Buffer; scope: Scope }>(USE, [keyHash]);
      const row = rows[0];
      return row ? { id: row.id, keyHash: row.key_hash, scope: row.scope } : null;
    },
    async listKeys(after, limit) {
      const rows = await select<KeyRow>(
        `SELECT ${COLUMNS} FROM api_keys
         WHERE revoked_at IS NULL AND NOT is_internal AND ($1::bigint IS NULL OR id < $1)
         ORDER BY id DESC LIMIT $2`,
        [after ?? null, limit + 1],
      );
      const items = rows.slice(0, limit).map(toKey);
      return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
    async revokeKey(id, transaction) {
      const rows = await select<{ scope: Scope; is_internal: boolean }>(
        `UPDATE api_keys SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL
         RETURNING scope, is_internal`,
        [id],
        transaction,
      );
      const row = rows[0];
      return row ? { scope: row.scope, isInternal: row.is_internal } : null;
    },
  };
};
