import { TOKEN_KINDS, TOKEN_STATUSES, type TokenStatus } from '@stenograf/contracts/statuses';
import type { TokenQuota } from '../tokens/quotaService';
import type { VkTokenSnapshot } from '../tokens/tokenReader';
import type { MetricFamily, MetricSample } from './family';

/** Nothing is asked with them until a person acts: what they have left is no use. */
const USELESS: ReadonlySet<TokenStatus> = new Set<TokenStatus>(['quarantined', 'unreadable']);

const byMethod = (
  quotas: readonly TokenQuota[],
  valueOf: (same: TokenQuota[]) => number | null,
): MetricSample[] =>
  [...Map.groupBy(quotas, ({ method }) => method)].flatMap(([method, same]) => {
    const value = valueOf(same);
    return value === null ? [] : [{ labels: { method }, value }];
  });

/** A token without a cap may make any number of calls, and then so may all together. */
const capOf = (same: TokenQuota[]): number | null =>
  same.reduce<number | null>(
    (total, { cap }) => (total === null || cap === null ? null : total + cap),
    0,
  );

/** The tokens by number alone: neither themselves nor a part of them. */
export const tokenMetrics = (
  tokens: readonly VkTokenSnapshot[],
  quotas: readonly TokenQuota[],
): MetricFamily[] => {
  const useful = new Set(
    tokens.filter(({ standing }) => !USELESS.has(standing.status)).map(({ id }) => id),
  );
  const usable = quotas.filter(({ tokenId }) => useful.has(tokenId));
  return [
    {
      name: 'stenograf_vk_tokens',
      help: 'VK tokens by kind and by how they stand.',
      samples: TOKEN_KINDS.flatMap((kind) =>
        TOKEN_STATUSES.map((status) => ({
          labels: { kind, status },
          value: tokens.filter((token) => token.kind === kind && token.standing.status === status)
            .length,
        })),
      ),
    },
    {
      name: 'stenograf_vk_quota_used_calls',
      help: 'Calls of the last 24 hours by method, of all tokens that VK accepts.',
      samples: byMethod(usable, (same) => same.reduce((total, { used }) => total + used, 0)),
    },
    {
      name: 'stenograf_vk_quota_cap_calls',
      help: 'Calls that these tokens may make in 24 hours; absent where one has no known cap.',
      samples: byMethod(usable, capOf),
    },
    {
      name: 'stenograf_vk_quota_resting_tokens',
      help: 'How many of these tokens may not call the method now.',
      samples: byMethod(usable, (same) => same.filter(({ restingUntil }) => restingUntil).length),
    },
  ];
};
