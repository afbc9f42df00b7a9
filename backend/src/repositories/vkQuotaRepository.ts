import type { TokenKind } from '@stenograf/contracts/statuses';
import type { Sequelize, Transaction } from 'sequelize';
import { createSelect } from './select';

/** Calls made, or taken back where VK refused them as a whole; below zero if more were taken back. */
export interface SpentCalls {
  fingerprint: string;
  method: string;
  calls: number;
}

/** What one token used of one method within the last 24 hours. */
export interface QuotaRow {
  tokenId: number;
  fingerprint: string;
  last4: string;
  tokenKind: TokenKind;
  method: string;
  /** By hour, those without calls left out. */
  buckets: { calls: number; leavesInMs: number }[];
  learnedCap: number | null;
  /** How long VK's last word still makes the method of the token rest; null: it does not. */
  restLeftMs: number | null;
  /** By the clock of PostgreSQL. */
  now: Date;
}

export interface VkQuotaRepository {
  /** Adds to the current hour, by PostgreSQL's clock. */
  add(spent: readonly SpentCalls[], transaction: Transaction): Promise<void>;
  /**
   * By token and method: those with calls in the last 24 hours, with a learned cap or at rest, and
   * the methods named, whether or not they were called.
   */
  list(methods: readonly string[]): Promise<QuotaRow[]>;
  /** Forgets hours that no window reaches any more. */
  deleteOld(): Promise<void>;
}

/** VK's day is a sliding one; an hour leaves it when its last call is 24 hours old. */
export const BUCKETS_OF_DAY = `
SELECT coalesce(jsonb_agg(jsonb_build_object('calls', calls, 'leavesInMs', round(
  extract(epoch FROM hour + interval '25 hours' - now()) * 1000))), '[]')
FROM vk_quota WHERE hour > now() - interval '25 hours' AND calls > 0`;

// What is taken back may be more than its hour holds, when that has just begun.
const ADD = `
WITH spent AS (
  SELECT * FROM unnest($1::text[], $2::text[], $3::int[]) AS spent (fingerprint, method, calls))
INSERT INTO vk_quota AS quota (fingerprint, method, hour, calls)
SELECT fingerprint, method, date_trunc('hour', now(), 'UTC'), greatest(0, calls) FROM spent
ORDER BY fingerprint, method
ON CONFLICT (fingerprint, method, hour) DO UPDATE SET calls = greatest(0, quota.calls + (
  SELECT calls FROM spent
  WHERE spent.fingerprint = quota.fingerprint AND spent.method = quota.method))`;

const LIST = `
SELECT tokens.id AS "tokenId", tokens.fingerprint, last4, tokens.kind AS "tokenKind", named.method,
  learned_cap AS "learnedCap", now() AS now,
  CASE WHEN rest_until > now() THEN extract(epoch FROM rest_until - now()) * 1000 END::float8
    AS "restLeftMs",
  (${BUCKETS_OF_DAY} AND fingerprint = tokens.fingerprint AND method = named.method) AS buckets
FROM vk_tokens AS tokens
CROSS JOIN LATERAL (
  SELECT unnest($1::text[]) AS method
  UNION SELECT method FROM vk_quota
    WHERE fingerprint = tokens.fingerprint AND hour > now() - interval '25 hours' AND calls > 0
  UNION SELECT method FROM vk_token_methods
    WHERE fingerprint = tokens.fingerprint AND (learned_cap IS NOT NULL OR rest_until > now())
) AS named
LEFT JOIN vk_token_methods AS methods
  ON methods.fingerprint = tokens.fingerprint AND methods.method = named.method
WHERE named.method NOT IN ('*', 'execute')
  AND NOT (tokens.kind = 'community' AND named.method LIKE 'wall.%')
ORDER BY tokens.id, named.method`;

export const createVkQuotaRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): VkQuotaRepository => {
  const select = createSelect(sequelize);
  return {
    async add(spent, transaction) {
      const columns = [
        spent.map(({ fingerprint }) => fingerprint),
        spent.map(({ method }) => method),
        spent.map(({ calls }) => calls),
      ];
      await select(ADD, columns, transaction);
    },
    list: (methods) => select<QuotaRow>(LIST, [methods]),
    async deleteOld() {
      await select(`DELETE FROM vk_quota WHERE hour < now() - interval '7 days'`, []);
    },
  };
};
