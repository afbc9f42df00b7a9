import type { Sequelize, Transaction } from 'sequelize';
import { createSelect } from './select';

export interface SealedErasureKey {
  ciphertext: Buffer;
  /** Names the secret that it is encrypted under. */
  keyId: string;
}

/** The list of erased people, and the key that its marks are made with. */
export interface ErasureRepository {
  /** Keeps the list as it is until the transaction ends. @returns how many are on it. */
  hold(transaction: Transaction): Promise<number>;
  listMarks(transaction: Transaction): Promise<Buffer[]>;
  /** Waits for all who hold the list; idempotent. @returns when the person came on it. */
  add(mark: Buffer, transaction: Transaction): Promise<Date>;
  find(mark: Buffer): Promise<Date | null>;
  findKey(transaction?: Transaction): Promise<SealedErasureKey | null>;
  /** To be called under the lock of the vault: a rotation forgets secrets that nothing is under. */
  storeKey(key: SealedErasureKey, transaction: Transaction): Promise<void>;
}

export const createErasureRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): ErasureRepository => {
  const select = createSelect(sequelize);
  return {
    async hold(transaction) {
      const [row] = await select<{ people: number }>(
        'SELECT hold_erased_people() AS people',
        [],
        transaction,
      );
      return row?.people ?? 0;
    },

    async listMarks(transaction) {
      const rows = await select<{ mark: Buffer }>(
        'SELECT mark FROM erased_people',
        [],
        transaction,
      );
      return rows.map(({ mark }) => mark);
    },

    async add(mark, transaction) {
      await select('SELECT pg_advisory_xact_lock(7836505)', [], transaction);
      await select(
        'INSERT INTO erased_people (mark) VALUES ($1) ON CONFLICT DO NOTHING RETURNING 1',
        [mark],
        transaction,
      );
      const [row] = await select<{ at: Date }>(
        'SELECT erased_at AS at FROM erased_people WHERE mark = $1',
        [mark],
        transaction,
      );
      if (!row) throw new Error('A person that was just put on the list is not there.');
      return row.at;
    },

    async find(mark) {
      const [row] = await select<{ at: Date }>(
        'SELECT erased_at AS at FROM erased_people WHERE mark = $1',
        [mark],
      );
      return row?.at ?? null;
    },

    async findKey(transaction) {
      const [row] = await select<SealedErasureKey>(
        `SELECT decode(value ->> 'sealed', 'base64') AS ciphertext, value ->> 'key_id' AS "keyId"
         FROM settings WHERE key = 'erasure_key'`,
        [],
        transaction,
      );
      return row ?? null;
    },

    async storeKey({ ciphertext, keyId }, transaction) {
      await select(
        `INSERT INTO settings (key, value)
         VALUES ('erasure_key', jsonb_build_object('sealed', $1::text, 'key_id', $2::text))
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = now() RETURNING 1`,
        [ciphertext.toString('base64'), keyId],
        transaction,
      );
    },
  };
};
