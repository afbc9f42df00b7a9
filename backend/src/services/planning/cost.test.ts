import { describe, expect, test } from 'bun:test';
import type { QuotaRow } from '../../repositories/vkQuotaRepository';
import type { TokenState } from '../../vkApi/types';
import { costOf, type CostOptions } from './cost';

const tokenOf = (fingerprint: string, fields: Partial<TokenState> = {}): TokenState => ({
  kind: 'user',
  fingerprint,
  last4: fingerprint,
  state: 'ready',
  reason: null,
  until: null,
  canExecute: true,
  refused: [],
  ...fields,
});
const quotaOf = (fingerprint: string, used: number): QuotaRow => ({
  tokenId: 1,
  fingerprint,
  last4: fingerprint,
  tokenKind: 'user',
  method: 'wall.get',
  buckets: [{ calls: used, leavesInMs: 3_600_000 }],
  learnedCap: null,
  restLeftMs: null,
  now: new Date(),
});
const leftFor = (tokens: TokenState[], options: Partial<CostOptions> = {}): number | undefined =>
  costOf(
    { 'wall.get': 60 },
    {
      tokens,
      rps: { user: 3, service: 3, community: 20 },
      jitterMs: 100,
      quotas: [quotaOf('mine', 40), quotaOf('other', 10)],
      dailyCaps: { 'wall.get': 100 },
      ...options,
    },
  ).quota[0]?.left;

describe('what is left of a quota today', () => {
  test('is that of the tokens here, and of nobody else who is in the table', () => {
    expect(leftFor([tokenOf('mine')])).toBe(60);
    expect(leftFor([tokenOf('mine'), tokenOf('other')])).toBe(150);
    expect(leftFor([tokenOf('mine', { state: 'waiting' })])).toBe(60);
  });

  test.each<[string, Partial<TokenState>]>([
    ['is quarantined', { state: 'disabled' }],
    ['waits for a captcha', { state: 'captcha' }],
    ['is refused this method', { refused: ['wall.get'] }],
    ['is of a community', { kind: 'community' }],
  ])('counts no token that %s', (_what, fields) => {
    expect(leftFor([tokenOf('mine'), tokenOf('other', fields)])).toBe(60);
  });

  test('is all of it for a token that was not used yet', () => {
    expect(leftFor([tokenOf('new')])).toBe(100);
  });

  test('is not told where a token has no limit that is known', () => {
    const quotas = [{ ...quotaOf('mine', 1), learnedCap: 10 }];
    expect(leftFor([tokenOf('mine')], { quotas, dailyCaps: {} })).toBe(9);
    expect(leftFor([tokenOf('mine'), tokenOf('other')], { quotas, dailyCaps: {} })).toBeUndefined();
  });
});
