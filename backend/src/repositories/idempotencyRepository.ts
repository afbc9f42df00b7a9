import type { Sequelize, Transaction } from 'sequelize';
import { createSelect } from './select';

/** The reply to a request that was carried out. */
export interface StoredReply {
  status: number;
  location: string | null;
  body: unknown;
}

export interface IdempotencyKey {
  /** Who sent the key. */
  owner: string;
  key: string;
}

export interface IdempotencyRepository {
  /** Holds the key until the transaction ends. @returns false while another one holds it. */
  tryLock(key: IdempotencyKey, transaction: Transaction): Promise<boolean>;
  find(
    key: IdempotencyKey,
    transaction: Transaction,
  ): Promise<{ requestHash: Buffer; reply: StoredReply } | null>;
  insert(
    key: IdempotencyKey,
    requestHash: Buffer,
    reply: StoredReply,
    transaction: Transaction,
  ): Promise<void>;
}

/** A class of advisory locks of its own, beside that of walls. */
const TRY_LOCK = `
SELECT pg_try_advisory_xact_lock(7836503, hashtext($1 || ' ' || $2)) AS held`;

const FIND = `
SELECT request_hash, status, location, body FROM idempotency_keys
WHERE owner = $1 AND key = $2 AND created_at > now() - interval '24 hours'`;

/** A few at each use are enough; those that another request clears away are left to it. */
const CLEAR_OLD = `
DELETE FROM idempotency_keys WHERE (owner, key) IN (
  SELECT owner, key FROM idempotency_keys WHERE created_at <= now() - interval '24 hours'
  LIMIT 100 FOR UPDATE SKIP LOCKED)
RETURNING key`;

// A key may be used again after its day.
const INSERT = `
INSERT INTO idempotency_keys (owner, key, request_hash, status, location, body)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (owner, key) DO UPDATE SET request_hash = excluded.request_hash,
  status = excluded.status, location = excluded.location, body = excluded.body, created_at = now()
RETURNING key`;

interface Row {
  request_hash: Buffer;
  status: number;
  location: string | null;
  body: unknown;
}

export const createIdempotencyRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): IdempotencyRepository => {
  const select = createSelect(sequelize);
  return {
    async tryLock({ owner, key }, transaction) {
      const [row] = await select<{ held: boolean }>(TRY_LOCK, [owner, key], transaction);
      return row?.held === true;
    },
    async find({ owner, key }, transaction) {
      const [row] = await select<Row>(FIND, [owner, key], transaction);
      if (!row) return null;
      const { request_hash: requestHash, status, location, body } = row;
      return { requestHash, reply: { status, location, body } };
    },
    async insert({ owner, key }, requestHash, { status, location, body }, transaction) {
      await select(CLEAR_OLD, [], transaction);
      const bind = [owner, key, requestHash, status, location, JSON.stringify(body)];
      await select(INSERT, bind, transaction);
    },
  };
};
