import type { TokenStateRow } from '../../repositories/vkTokenStateRepository';
import { Secret } from '../../utils/secret';
import type { SharedToken, SharedTokens } from '../../vkApi/types';
import type { DailyCaps } from './quotaForecast';
import { freeInMs, usedOf } from './quotaWindow';
import type { TokenVault } from './tokenVault';

interface Readers {
  /** The tokens of this process' environment, by fingerprint. */
  environment: ReadonlyMap<string, Secret>;
  tokenVault: Pick<TokenVault, 'open'>;
  dailyCaps: DailyCaps;
}

const secretOf = (
  { fingerprint, ciphertext, keyId }: TokenStateRow,
  { environment, tokenVault }: Readers,
): Secret | null => {
  const own = environment.get(fingerprint);
  if (own || !ciphertext || !keyId) return own ?? null;
  const token = tokenVault.open({ fingerprint, ciphertext, keyId });
  return token === null ? null : new Secret(token);
};

const quotasOf = (
  { learnedCaps, spent }: TokenStateRow,
  dailyCaps: DailyCaps,
): SharedToken['quotas'] => {
  const caps = new Map(learnedCaps.map(({ method, cap }) => [method, cap]));
  const bucketsOf = new Map(spent.map(({ method, buckets }) => [method, buckets]));
  return [...new Set([...caps.keys(), ...bucketsOf.keys()])].map((method) => {
    const buckets = bucketsOf.get(method) ?? [];
    return {
      method,
      used: usedOf(buckets),
      learnedCap: caps.get(method) ?? null,
      freeInMs: freeInMs(buckets, dailyCaps[method] ?? Infinity),
    };
  });
};

/** The tokens that this process can read: those of other processes' environments are left out. */
export const sharedTokensOf = (rows: readonly TokenStateRow[], readers: Readers): SharedTokens => ({
  now: rows[0]?.now ?? null,
  tokens: rows.flatMap((row): SharedToken[] => {
    const secret = secretOf(row, readers);
    if (secret === null) return [];
    const { kind, canExecute, holds } = row;
    return [{ kind, secret, canExecute, holds, quotas: quotasOf(row, readers.dailyCaps) }];
  }),
});
