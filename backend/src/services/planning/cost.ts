import type { TokenKind } from '@stenograf/contracts/statuses';
import type { QuotaRow } from '../../repositories/vkQuotaRepository';
import { CALLS_PER_EXECUTE } from '../../vkApi/executeBatch';
import { spacingMs } from '../../vkApi/rateLimiter';
import type { TokenState } from '../../vkApi/types';
import { forecastQuota } from '../tokens/quotaForecast';

export interface PlanCost {
  /** HTTP requests to VK. */
  requests: number;
  /** At the pace of the tokens at hand, were nothing else asked meanwhile. */
  seconds: number;
  quota: QuotaShare[];
}

/** What of VK's quota of a method is used up by the task. */
export interface QuotaShare {
  method: string;
  calls: number;
  /** Calls left today, of the tokens that may make them here. */
  left: number;
  /** Calls ÷ calls left; above 1 the task waits on the way and goes on by itself. */
  share: number;
}

export interface CostOptions {
  tokens: TokenState[];
  /** Requests per second by kind of token. */
  rps: Record<TokenKind, number>;
  jitterMs: number;
  quotas: QuotaRow[];
  dailyCaps: Readonly<Record<string, number>>;
}

/** Calls of a full pack that are really in it over a whole run. */
const PACK = CALLS_PER_EXECUTE * 0.92;

/** Requests per second of a token, and how many calls each carries. */
const paceOf = (
  { kind, canExecute }: TokenState,
  { rps, jitterMs }: CostOptions,
): { perSecond: number; pack: number } => ({
  perSecond: 1_000 / spacingMs(rps[kind], jitterMs),
  pack: (canExecute ?? kind === 'user') ? PACK : 1,
});

/** Those of this process that no person has to see to first. */
const inUse = ({ kind, state }: TokenState): boolean =>
  kind !== 'community' && (state === 'ready' || state === 'waiting');

/** Calls of a method left to a token; null where nobody knows its limit. */
const leftOf = (
  { fingerprint }: TokenState,
  method: string,
  { quotas, dailyCaps }: CostOptions,
): number | null => {
  const row = quotas.find((row) => row.fingerprint === fingerprint && row.method === method);
  return row ? forecastQuota(row, dailyCaps).left : (dailyCaps[method] ?? null);
};

const sharesOf = (
  calls: Readonly<Record<string, number>>,
  tokens: TokenState[],
  options: CostOptions,
): QuotaShare[] =>
  Object.entries(calls).flatMap(([method, count]) => {
    const left = tokens
      .filter(({ refused }) => !refused.includes(method))
      .map((token) => leftOf(token, method, options));
    const known = left.filter((calls) => calls !== null);
    // A token whose limit nobody knows is none.
    if (known.length === 0 || known.length < left.length) return [];
    const sum = known.reduce((all, calls) => all + calls, 0);
    return [{ method, calls: count, left: sum, share: count / Math.max(1, sum) }];
  });

/** What the calls of a plan cost with the tokens at hand; those that rest are counted in. */
export const costOf = (calls: Readonly<Record<string, number>>, options: CostOptions): PlanCost => {
  const sum = Object.values(calls).reduce((all, count) => all + count, 0);
  const tokens = options.tokens.filter(inUse);
  const paces = tokens.map((token) => paceOf(token, options));
  const requestsPerSecond = paces.reduce((all, { perSecond }) => all + perSecond, 0);
  const callsPerSecond = paces.reduce((all, { perSecond, pack }) => all + perSecond * pack, 0);
  const seconds = callsPerSecond === 0 ? 0 : sum / callsPerSecond;
  const quota = sharesOf(calls, tokens, options);
  return { requests: seconds * requestsPerSecond, seconds, quota };
};
