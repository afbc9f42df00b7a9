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

export interface StoredRequest {
  requestHash: Buffer;
  /** null while it is at work. */
  reply: StoredReply | null;
}

export interface IdempotencyRepository {
  /** Holds the key until the transaction ends. @returns false while another one holds it. */
  tryLock(key: IdempotencyKey, transaction: Transaction): Promise<boolean>;
  /** Of the last 24 hours; what was at work in a process that died is not there. */
  find(key: IdempotencyKey, transaction: Transaction): Promise<StoredRequest | null>;
  /**
   * Keeps the reply, or without one that the request is at work for the next `holdMs`. What is
   * older than a day is cleared away.
   */
  store(
    key: IdempotencyKey,
    request: StoredRequest & { holdMs?: number },
    transaction?: Transaction,
  ): Promise<void>;
  /** Of a request that is still at work. */
  renew(key: IdempotencyKey, holdMs: number): Promise<void>;
  /** Of a request that failed. */
  forget(key: IdempotencyKey): Promise<void>;
}

/** A class of advisory locks of its own, beside that of walls. */
const TRY_LOCK = `
SELECT pg_try_advisory_xact_lock(7836503, hashtext($1 || ' ' || $2)) AS held`;

const FIND = `
SELECT request_hash, status, location, body FROM idempotency_keys
WHERE owner = $1 AND key = $2 AND created_at > now() - interval '24 hours'
  AND (status IS NOT NULL OR held_until > now())`;

/** A few at each use are enough; those that another request clears away are left to it. */
const CLEAR_OLD = `
DELETE FROM idempotency_keys WHERE (owner, key) IN (
  SELECT owner, key FROM idempotency_keys WHERE created_at <= now() - interval '24 hours'
  LIMIT 100 FOR UPDATE SKIP LOCKED)
RETURNING key`;

// A key may be used again after its day.
const STORE = `
INSERT INTO idempotency_keys (owner, key, request_hash, status, location, body, held_until)
VALUES ($1, $2, $3, $4, $5, $6, now() + make_interval(secs => $7::float / 1000))
ON CONFLICT (owner, key) DO UPDATE SET request_hash = excluded.request_hash,
  status = excluded.status, location = excluded.location, body = excluded.body,
  held_until = excluded.held_until, created_at = now()
RETURNING key`;

// A renewal that comes late must not undo the reply.
const RENEW = `
UPDATE idempotency_keys SET held_until = now() + make_interval(secs => $3::float / 1000)
WHERE owner = $1 AND key = $2 AND status IS NULL RETURNING key`;

const FORGET = 'DELETE FROM idempotency_keys WHERE owner = $1 AND key = $2 RETURNING key';

interface Row {
  request_hash: Buffer;
  status: number | null;
  location: string | null;
  body: unknown;
}

const toStored = ({ request_hash: requestHash, status, location, body }: Row): StoredRequest => ({
  requestHash,
  reply: status === null ? null : { status, location, body },
});

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
      return row ? toStored(row) : null;
    },
    async store({ owner, key }, { requestHash, reply, holdMs }, transaction) {
      await select(CLEAR_OLD, [], transaction);
      const { status, location, body } = reply ?? { status: null, location: null, body: null };
      const stored = body === null ? null : JSON.stringify(body);
      const bind = [owner, key, requestHash, status, location, stored, holdMs ?? null];
      await select(STORE, bind, transaction);
    },
    async renew({ owner, key }, holdMs) {
      await select(RENEW, [owner, key, holdMs]);
    },
    async forget({ owner, key }) {
      await select(FORGET, [owner, key]);
    },
  };
};
