import type { Sequelize, Transaction } from 'sequelize';
import { createSelect } from './select';

export interface SealedRow {
  id: number;
  fingerprint: string;
  ciphertext: Buffer;
  keyId: string;
}

/** The tokens of the vault as they are stored: encrypted. */
export interface SealedTokenRepository {
  /** Held until the transaction ends, by whoever adds tokens or changes secrets. */
  lockVault(transaction: Transaction): Promise<void>;
  /** Tokens of the vault that are not under this secret. */
  listSealedUnderOthers(keyId: string, transaction: Transaction): Promise<SealedRow[]>;
  reseal(row: Omit<SealedRow, 'fingerprint'>, transaction: Transaction): Promise<void>;
  /** Secrets that anything of this database is under. */
  listKeyIds(transaction: Transaction): Promise<string[]>;
  hasAny(): Promise<boolean>;
}

/** Any number will do, as long as nothing else of this project takes the same. */
const VAULT_LOCK = 7_836_504;

export const createSealedTokenRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): SealedTokenRepository => {
  const select = createSelect(sequelize);
  return {
    async lockVault(transaction) {
      await select('SELECT pg_advisory_xact_lock($1)', [VAULT_LOCK], transaction);
    },

    listSealedUnderOthers: (keyId, transaction) =>
      select<SealedRow>(
        `SELECT id, fingerprint, ciphertext, key_id AS "keyId" FROM vk_tokens
         WHERE source = 'vault' AND key_id <> $1 ORDER BY id FOR NO KEY UPDATE`,
        [keyId],
        transaction,
      ),

    async reseal({ id, ciphertext, keyId }, transaction) {
      await select(
        'UPDATE vk_tokens SET ciphertext = $2, key_id = $3 WHERE id = $1 RETURNING id',
        [id, ciphertext, keyId],
        transaction,
      );
    },

    async listKeyIds(transaction) {
      const rows = await select<{ keyId: string }>(
        `SELECT key_id AS "keyId" FROM vk_tokens WHERE key_id IS NOT NULL
         UNION SELECT value ->> 'key_id' FROM settings WHERE key = 'erasure_key'`,
        [],
        transaction,
      );
      return rows.map(({ keyId }) => keyId);
    },

    async hasAny() {
      const rows = await select(`SELECT 1 FROM vk_tokens WHERE source = 'vault' LIMIT 1`, []);
      return rows.length > 0;
    },
  };
};
