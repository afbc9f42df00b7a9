import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { TokenKind, TokenSource } from '@stenograf/contracts/statuses';
import type { Sequelize, Transaction } from 'sequelize';
import { createSelect } from './select';
import type { Page } from './snapshots';

/** What VK said of one method of a token; of all methods where the method is `*`. */
export interface VkTokenMethod {
  method: string;
  refusedCode: number | null;
  /** null once it is over. */
  restUntil: string | null;
  restKind: ReasonKind | null;
  restCode: number | null;
}

export interface VkTokenRow {
  id: number;
  fingerprint: string;
  kind: TokenKind;
  name: string | null;
  last4: string;
  source: TokenSource;
  seenAt: Date;
  /** Whether some process has named it in its VK_TOKENS within the last minute. */
  isNamed: boolean;
  ciphertext: Buffer | null;
  keyId: string | null;
  quarantinedAt: Date | null;
  reasonKind: ReasonKind | null;
  reasonCode: number | null;
  canExecute: boolean | null;
  addedAt: Date;
  checkedAt: Date | null;
  methods: VkTokenMethod[];
}

export interface NewVkToken {
  fingerprint: string;
  kind: TokenKind;
  name: string | null;
  last4: string;
  ciphertext: Buffer;
  keyId: string;
}

/** What asking VK told about a token. */
export interface TokenFindings {
  /** VK took it for at least one call: whatever was held against it is over. */
  isAccepted: boolean;
  quarantine: { kind: ReasonKind; code: number | null } | null;
  /** VK asked for a captcha: the token rests for so many milliseconds. */
  captcha: { code: number | null; restMs: number } | null;
  /** null: it did not show. */
  canExecute: boolean | null;
  allowed: string[];
  refused: { method: string; code: number }[];
}

export interface VkTokenRepository {
  /** Oldest first, behind the token `after`. */
  list(after: number | undefined, limit: number): Promise<Page<VkTokenRow>>;
  find(id: number): Promise<VkTokenRow | null>;
  findByFingerprint(fingerprint: string, transaction: Transaction): Promise<VkTokenRow | null>;
  /** Stores a token, in place of what is known of the same one; VK's quarantine of it is over. */
  put(token: NewVkToken, transaction: Transaction): Promise<number>;
  /** @returns false when it is not there, or named in some VK_TOKENS. */
  remove(id: number): Promise<boolean>;
  /** @returns false when the token is gone. */
  saveFindings(
    fingerprint: string,
    findings: TokenFindings,
    transaction: Transaction,
  ): Promise<boolean>;
}

const COLUMNS = `
SELECT id, fingerprint, kind, name, last4, source, seen_at AS "seenAt",
  source = 'environment' AND seen_at > now() - interval '1 minute' AS "isNamed",
  ciphertext, key_id AS "keyId", quarantined_at AS "quarantinedAt", reason_kind AS "reasonKind",
  reason_code AS "reasonCode", can_execute AS "canExecute", added_at AS "addedAt",
  checked_at AS "checkedAt",
  (SELECT coalesce(jsonb_agg(jsonb_build_object('method', method, 'refusedCode', refused_code,
      'restUntil', CASE WHEN rest_until > now() THEN rest_until END,
      'restKind', rest_kind, 'restCode', rest_code) ORDER BY method), '[]')
    FROM vk_token_methods AS methods WHERE methods.fingerprint = vk_tokens.fingerprint) AS methods
FROM vk_tokens`;

const PUT = `
INSERT INTO vk_tokens (fingerprint, kind, name, last4, source, ciphertext, key_id)
VALUES ($1, $2, $3, $4, 'vault', $5, $6)
ON CONFLICT (fingerprint) DO UPDATE SET kind = excluded.kind, name = excluded.name,
  source = 'vault', ciphertext = excluded.ciphertext, key_id = excluded.key_id,
  quarantined_at = NULL, reason_kind = NULL, reason_code = NULL, checked_at = NULL,
  added_at = now()
RETURNING id`;

const REMOVE = `
DELETE FROM vk_tokens
WHERE id = $1 AND (source = 'vault' OR seen_at <= now() - interval '1 minute') RETURNING id`;

const SAVE_VERDICT = `
UPDATE vk_tokens SET checked_at = now(), can_execute = coalesce($2, can_execute),
  quarantined_at = CASE WHEN $3::text IS NOT NULL THEN coalesce(quarantined_at, now())
    WHEN $5 THEN NULL ELSE quarantined_at END,
  reason_kind = CASE WHEN $3::text IS NOT NULL THEN $3 WHEN $5 THEN NULL ELSE reason_kind END,
  reason_code = CASE WHEN $3::text IS NOT NULL THEN $4::int WHEN $5 THEN NULL ELSE reason_code END
WHERE fingerprint = $1 RETURNING id`;

/** A learned cap stays: that a call went through says nothing about how many may. */
const CLEAR_METHODS = `
UPDATE vk_token_methods SET refused_code = NULL, rest_since = NULL, rest_until = NULL,
  rest_level = NULL, rest_kind = NULL, rest_code = NULL
WHERE fingerprint = $1 AND method = ANY ($2::text[]) RETURNING method`;

const REFUSE_METHODS = `
INSERT INTO vk_token_methods (fingerprint, method, refused_code)
SELECT $1, method, code FROM unnest($2::text[], $3::int[]) AS refused (method, code)
ORDER BY method
ON CONFLICT (fingerprint, method) DO UPDATE SET refused_code = excluded.refused_code`;

const REST_FOR_CAPTCHA = `
INSERT INTO vk_token_methods (fingerprint, method, rest_since, rest_until, rest_level, rest_kind,
  rest_code)
VALUES ($1, '*', now(), now() + $2 * interval '1 millisecond', 0, 'captcha', $3)
ON CONFLICT (fingerprint, method) DO UPDATE SET rest_since = excluded.rest_since,
  rest_until = greatest(vk_token_methods.rest_until, excluded.rest_until),
  rest_level = coalesce(vk_token_methods.rest_level, 0), rest_kind = excluded.rest_kind,
  rest_code = excluded.rest_code`;

export const createVkTokenRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): VkTokenRepository => {
  const select = createSelect(sequelize);
  return {
    async list(after, limit) {
      const where = `${COLUMNS} WHERE id > $1 ORDER BY id LIMIT $2`;
      const rows = await select<VkTokenRow>(where, [after ?? 0, limit + 1]);
      const items = rows.slice(0, limit);
      return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },

    async find(id) {
      const [row] = await select<VkTokenRow>(`${COLUMNS} WHERE id = $1`, [id]);
      return row ?? null;
    },

    async findByFingerprint(fingerprint, transaction) {
      const where = `${COLUMNS} WHERE fingerprint = $1`;
      const [row] = await select<VkTokenRow>(where, [fingerprint], transaction);
      return row ?? null;
    },

    async put({ fingerprint, kind, name, last4, ciphertext, keyId }, transaction) {
      const bind = [fingerprint, kind, name, last4, ciphertext, keyId];
      const rows = await select<{ id: number }>(PUT, bind, transaction);
      return Number(rows[0]?.id);
    },

    async remove(id) {
      return (await select(REMOVE, [id])).length > 0;
    },

    async saveFindings(fingerprint, findings, transaction) {
      const { isAccepted, quarantine, captcha, canExecute, allowed, refused } = findings;
      const verdict = [canExecute, quarantine?.kind ?? null, quarantine?.code ?? null, isAccepted];
      const rows = await select(SAVE_VERDICT, [fingerprint, ...verdict], transaction);
      if (rows.length === 0) return false;
      const cleared = isAccepted ? ['*', ...allowed] : allowed;
      await select(CLEAR_METHODS, [fingerprint, cleared], transaction);
      const methods = [refused.map(({ method }) => method), refused.map(({ code }) => code)];
      await select(REFUSE_METHODS, [fingerprint, ...methods], transaction);
      if (captcha) {
        await select(REST_FOR_CAPTCHA, [fingerprint, captcha.restMs, captcha.code], transaction);
      }
      return true;
    },
  };
};
