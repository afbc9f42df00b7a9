import { expect, test } from 'bun:test';
import type { TokenStatus } from '@stenograf/contracts/statuses';
import type { TokenQuota } from '../tokens/quotaService';
import type { VkTokenSnapshot } from '../tokens/tokenReader';
import { tokenMetrics } from './tokenMetrics';

const token = (id: number, status: TokenStatus): VkTokenSnapshot => ({
  id,
  fingerprint: `print-${id}`,
  kind: 'user',
  name: `name-${id}`,
  last4: `x-${id}`,
  source: 'vault',
  seenAt: new Date(0),
  isNamed: false,
  quarantinedAt: null,
  reasonKind: null,
  reasonCode: null,
  canExecute: null,
  addedAt: new Date(0),
  checkedAt: null,
  methods: [],
  standing: { status, reasonKind: null, code: null, until: null },
});

const quota = (tokenId: number, method: string, over: Partial<TokenQuota>): TokenQuota => ({
  tokenId,
  last4: `x-${tokenId}`,
  tokenKind: 'user',
  method,
  used: 0,
  cap: null,
  capSource: null,
  left: null,
  perHour: 0,
  exhaustedAt: null,
  restingUntil: null,
  ...over,
});

const samplesOf = (name: string, ...given: Parameters<typeof tokenMetrics>): unknown =>
  tokenMetrics(...given).find((family) => family.name === name)?.samples;

const TOKENS = [token(1, 'ready'), token(2, 'waiting'), token(3, 'quarantined')];

test('a quota is that of all tokens but those which wait for a person', () => {
  const quotas = [
    quota(1, 'wall.get', { used: 10, cap: 100 }),
    quota(2, 'wall.get', { used: 5, cap: 50, restingUntil: new Date(1) }),
    quota(3, 'wall.get', { used: 7, cap: 70, restingUntil: new Date(1) }),
  ];
  const only = (value: number) => [{ labels: { method: 'wall.get' }, value }];
  expect(samplesOf('stenograf_vk_quota_used_calls', TOKENS, quotas)).toEqual(only(15));
  expect(samplesOf('stenograf_vk_quota_cap_calls', TOKENS, quotas)).toEqual(only(150));
  expect(samplesOf('stenograf_vk_quota_resting_tokens', TOKENS, quotas)).toEqual(only(1));
});

test('no cap is told of a method that one of the tokens may call without one', () => {
  const quotas = [
    quota(1, 'users.get', { used: 10, cap: 100 }),
    quota(2, 'users.get', { used: 5 }),
  ];
  expect(samplesOf('stenograf_vk_quota_cap_calls', TOKENS, quotas)).toEqual([]);
});

test('tokens are counted, and nothing of them is shown', () => {
  const families = tokenMetrics(TOKENS, [quota(1, 'wall.get', {})]);
  expect(families[0]?.samples.filter(({ value }) => value > 0)).toEqual([
    { labels: { kind: 'user', status: 'ready' }, value: 1 },
    { labels: { kind: 'user', status: 'waiting' }, value: 1 },
    { labels: { kind: 'user', status: 'quarantined' }, value: 1 },
  ]);
  expect(JSON.stringify(families)).not.toMatch(/name-|print-|x-/);
});
