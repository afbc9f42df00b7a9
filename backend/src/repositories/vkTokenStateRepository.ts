import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { TokenKind } from '@stenograf/contracts/statuses';
import type { Sequelize, Transaction } from 'sequelize';
import { createSelect, type Select } from './select';

/** Why a method of a token, or with `*` the token, is not used. Durations are milliseconds. */
export interface HoldRow {
  method: string;
  sinceMsAgo: number;
  /** Below zero when it is over; null: until a person acts. */
  leftMs: number | null;
  level: number;
  kind: ReasonKind;
  code: number | null;
}

export interface TokenStateRow {
  fingerprint: string;
  kind: TokenKind;
  /** null for a token that is only in the environment of some process. */
  ciphertext: Buffer | null;
  keyId: string | null;
  canExecute: boolean | null;
  holds: HoldRow[];
  learnedCaps: { method: string; cap: number }[];
  /** Calls of the last 24 hours, by hour. */
  spent: { method: string; buckets: { calls: number; leavesInMs: number }[] }[];
  /** By the clock of PostgreSQL, as all times here. */
  now: Date;
}

/** What happened in one process; durations are as of the moment of writing. */
export interface TokenStateNews {
  holds: (HoldRow & { fingerprint: string })[];
  served: { fingerprint: string; method: string; msAgo: number }[];
  learnedCaps: { fingerprint: string; method: string; cap: number | null }[];
  executes: { fingerprint: string; canExecute: boolean }[];
}

export interface VkTokenStateRepository {
  list(transaction?: Transaction): Promise<TokenStateRow[]>;
  /** Writing the same news again changes nothing; those of a token that is not there are dropped. */
  save(news: TokenStateNews, transaction: Transaction): Promise<void>;
  /** Says that a process has these tokens in its environment; those in the vault stay there. */
  registerEnvironment(
    tokens: readonly { fingerprint: string; kind: TokenKind; last4: string }[],
  ): Promise<void>;
  /** Lets tokens that wait for a person be tried again; those in the vault wait for a check. */
  retryEnvironment(fingerprints: readonly string[]): Promise<void>;
}

const msSince = (time: string): string => `extract(epoch FROM now() - ${time}) * 1000`;
const after = (ms: string): string => `now() + make_interval(secs => ${ms} / 1000)`;
const before = (ms: string): string => `now() - make_interval(secs => ${ms} / 1000)`;

/** A refusal is a hold without an end, and so is a quarantine, of all methods. */
const LIST = `
SELECT fingerprint, kind, ciphertext, key_id AS "keyId", can_execute AS "canExecute", now() AS now,
  (SELECT coalesce(jsonb_agg(hold), '[]') FROM (
    SELECT '*' AS method, ${msSince('quarantined_at')} AS "sinceMsAgo", NULL AS "leftMs",
      0 AS level, reason_kind AS kind, reason_code AS code
    WHERE quarantined_at IS NOT NULL
    UNION ALL
    SELECT method, coalesce(${msSince('rest_since')}, 0),
      CASE WHEN refused_code IS NULL THEN -${msSince('rest_until')} END,
      coalesce(rest_level, 0), CASE WHEN refused_code IS NULL THEN rest_kind ELSE 'no_token' END,
      coalesce(refused_code, rest_code)
    FROM vk_token_methods AS methods
    WHERE methods.fingerprint = tokens.fingerprint
      AND (refused_code IS NOT NULL OR rest_until IS NOT NULL)
      AND NOT (method = '*' AND quarantined_at IS NOT NULL)) AS hold) AS holds,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('method', method, 'cap', learned_cap)), '[]')
    FROM vk_token_methods AS methods
    WHERE methods.fingerprint = tokens.fingerprint AND learned_cap IS NOT NULL) AS "learnedCaps",
  (SELECT coalesce(jsonb_agg(jsonb_build_object('method', method, 'buckets', buckets)), '[]') FROM (
    SELECT method, jsonb_agg(jsonb_build_object('calls', calls,
      'leavesInMs', -${msSince("(hour + interval '25 hours')")})) AS buckets
    FROM vk_quota AS quota
    WHERE quota.fingerprint = tokens.fingerprint
      AND hour > now() - interval '25 hours' AND calls > 0
    GROUP BY method) AS spent) AS spent
FROM vk_tokens AS tokens ORDER BY id`;

const REGISTER = `
INSERT INTO vk_tokens AS tokens (fingerprint, kind, last4, source)
SELECT fingerprint, kind, last4, 'environment'
FROM unnest($1::text[], $2::text[], $3::text[]) AS seen (fingerprint, kind, last4)
ORDER BY fingerprint
ON CONFLICT (fingerprint) DO UPDATE SET seen_at = now(), kind = excluded.kind
WHERE tokens.source = 'environment'`;

/** The level of a rest stays: a captcha that was not passed is waited for longer than before. */
const RETRY = [
  `UPDATE vk_tokens SET quarantined_at = NULL, reason_kind = NULL, reason_code = NULL
WHERE fingerprint = ANY ($1::text[]) AND source = 'environment' AND quarantined_at IS NOT NULL`,
  `UPDATE vk_token_methods AS methods SET rest_until = now()
FROM vk_tokens AS tokens
WHERE tokens.fingerprint = ANY ($1::text[]) AND tokens.source = 'environment'
  AND methods.fingerprint = tokens.fingerprint
  AND rest_kind = 'captcha' AND rest_until > now()`,
];

/** What began after the call was sent is not ended by its success. */
const END_HOLDS = `
UPDATE vk_token_methods AS methods SET refused_code = NULL, rest_since = NULL, rest_until = NULL,
  rest_level = NULL, rest_kind = NULL, rest_code = NULL
FROM unnest($1::text[], $2::text[], $3::float8[]) AS served (fingerprint, method, ms_ago)
WHERE methods.fingerprint = served.fingerprint AND methods.method = served.method
  AND coalesce(rest_since, '-infinity') < ${before('ms_ago')}`;

const END_QUARANTINES = `
UPDATE vk_tokens SET quarantined_at = NULL, reason_kind = NULL, reason_code = NULL
FROM unnest($1::text[], $2::text[], $3::float8[]) AS served (fingerprint, method, ms_ago)
WHERE vk_tokens.fingerprint = served.fingerprint AND served.method = '*'
  AND quarantined_at < ${before('ms_ago')}`;

const QUARANTINE = `
UPDATE vk_tokens SET quarantined_at = ${before('ms_ago')}, reason_kind = kind_, reason_code = code
FROM unnest($1::text[], $2::float8[], $3::text[], $4::int[]) AS held (fingerprint, ms_ago, kind_, code)
WHERE vk_tokens.fingerprint = held.fingerprint AND quarantined_at IS NULL`;

/** Key share, so that a token that is being removed is waited for; the same order everywhere. */
const OF_TOKENS_THERE =
  'JOIN vk_tokens USING (fingerprint) ORDER BY 1, 2 FOR KEY SHARE OF vk_tokens';

/** Two processes that met the same refusal at once write one rest, not two in a row. */
const HOLD = `
INSERT INTO vk_token_methods AS methods (fingerprint, method, refused_code,
  rest_since, rest_until, rest_level, rest_kind, rest_code)
SELECT fingerprint, method, CASE WHEN left_ms IS NULL THEN code END, ${before('ms_ago')},
  ${after('left_ms')}, CASE WHEN left_ms IS NOT NULL THEN level END,
  CASE WHEN left_ms IS NOT NULL THEN held.kind END, CASE WHEN left_ms IS NOT NULL THEN code END
FROM unnest($1::text[], $2::text[], $3::float8[], $4::float8[], $5::int[], $6::text[], $7::int[])
  AS held (fingerprint, method, ms_ago, left_ms, level, kind, code) ${OF_TOKENS_THERE}
ON CONFLICT (fingerprint, method) DO UPDATE SET
  refused_code = coalesce(excluded.refused_code, methods.refused_code),
  rest_since = greatest(methods.rest_since, excluded.rest_since),
  rest_until = greatest(methods.rest_until, excluded.rest_until),
  rest_level = CASE WHEN excluded.rest_code <> methods.rest_code THEN excluded.rest_level
    ELSE greatest(methods.rest_level, excluded.rest_level) END,
  rest_kind = coalesce(excluded.rest_kind, methods.rest_kind),
  rest_code = coalesce(excluded.rest_code, methods.rest_code)`;

const LEARN_CAPS = `
INSERT INTO vk_token_methods (fingerprint, method, learned_cap, learned_at)
SELECT fingerprint, method, cap, CASE WHEN cap IS NOT NULL THEN now() END
FROM unnest($1::text[], $2::text[], $3::int[]) AS learnt (fingerprint, method, cap) ${OF_TOKENS_THERE}
ON CONFLICT (fingerprint, method) DO UPDATE SET
  learned_cap = excluded.learned_cap, learned_at = excluded.learned_at`;

const LEARN_EXECUTE = `
UPDATE vk_tokens SET can_execute = learnt.can_execute
FROM unnest($1::text[], $2::boolean[]) AS learnt (fingerprint, can_execute)
WHERE vk_tokens.fingerprint = learnt.fingerprint`;

/** The columns of some rows, in the order of their keys. */
const columns = <Row>(rows: readonly Row[], keys: readonly (keyof Row)[]): unknown[][] =>
  keys.map((key) => rows.map((row) => row[key]));

const isQuarantine = ({ method, leftMs }: HoldRow): boolean => method === '*' && leftMs === null;

const saveNews = async (
  select: Select,
  { holds, served, learnedCaps, executes }: TokenStateNews,
  transaction: Transaction,
): Promise<void> => {
  const write = async <Row>(
    statements: readonly string[],
    rows: readonly Row[],
    keys: readonly (keyof Row)[],
  ): Promise<void> => {
    if (rows.length === 0) return;
    for (const sql of statements) await select(sql, columns(rows, keys), transaction);
  };
  // In this order: a hold that began after a success must not be ended by it.
  await write([END_QUARANTINES, END_HOLDS], served, ['fingerprint', 'method', 'msAgo']);
  await write([QUARANTINE], holds.filter(isQuarantine), [
    'fingerprint',
    'sinceMsAgo',
    'kind',
    'code',
  ]);
  await write([LEARN_EXECUTE], executes, ['fingerprint', 'canExecute']);
  await write(
    [HOLD],
    holds.filter((hold) => !isQuarantine(hold)),
    ['fingerprint', 'method', 'sinceMsAgo', 'leftMs', 'level', 'kind', 'code'],
  );
  await write([LEARN_CAPS], learnedCaps, ['fingerprint', 'method', 'cap']);
};

export const createVkTokenStateRepository = ({
  sequelize,
}: {
  sequelize: Sequelize;
}): VkTokenStateRepository => {
  const select = createSelect(sequelize);
  return {
    list: (transaction) => select<TokenStateRow>(LIST, [], transaction),
    save: (news, transaction) => saveNews(select, news, transaction),
    async registerEnvironment(tokens) {
      await select(REGISTER, columns(tokens, ['fingerprint', 'kind', 'last4']));
    },
    async retryEnvironment(fingerprints) {
      for (const sql of RETRY) await select(sql, [fingerprints]);
    },
  };
};
