import type {
  QuotaDto,
  VkTokenCheckDto,
  VkTokenDto,
  VkTokenMethodDto,
} from '@stenograf/contracts/api';
import { reasonSentence, type Language, type ReasonKind } from '@stenograf/contracts/reasons';
import type { MethodCheck } from '../services/tokens/checkToken';
import type { TokenQuota } from '../services/tokens/quotaService';
import type { VkTokenSnapshot } from '../services/tokens/tokenReader';

const time = (date: Date | null): string | null => date?.toISOString() ?? null;

const sentence = (
  kind: ReasonKind | null,
  language: Language,
  code: number | null,
): string | null => (kind === null ? null : reasonSentence(kind, language, code));

const presentMethods = ({ methods }: VkTokenSnapshot): VkTokenMethodDto[] =>
  methods
    .filter(({ method }) => method !== '*')
    .flatMap(({ method, refusedCode, restUntil, restCode }): VkTokenMethodDto[] => {
      if (refusedCode !== null) {
        return [{ method, status: 'refused', code: refusedCode, until: null }];
      }
      if (restUntil === null) return [];
      return [{ method, status: 'waiting', code: restCode, until: time(new Date(restUntil)) }];
    });

/** By an explicit list of fields: neither the token nor what it is encrypted to is among them. */
export const presentVkToken = (token: VkTokenSnapshot, language: Language): VkTokenDto => {
  const { status, reasonKind, code, until } = token.standing;
  return {
    id: token.id,
    kind: token.kind,
    name: token.name,
    last4: token.last4,
    source: token.source,
    status,
    reason_kind: reasonKind,
    code,
    reason: sentence(reasonKind, language, code),
    until: time(until),
    can_execute: token.canExecute,
    methods: presentMethods(token),
    added_at: token.addedAt.toISOString(),
    checked_at: time(token.checkedAt),
    seen_at: token.source === 'environment' ? token.seenAt.toISOString() : null,
  };
};

export const presentVkTokenCheck = (
  { token, methods }: { token: VkTokenSnapshot; methods: readonly MethodCheck[] },
  language: Language,
): VkTokenCheckDto => ({
  token: presentVkToken(token, language),
  methods: methods.map(({ method, ok, kind, code }) => ({
    method,
    ok,
    kind,
    code,
    reason: sentence(kind, language, code),
  })),
});

export const presentQuota = (quota: TokenQuota): QuotaDto => ({
  token_id: quota.tokenId,
  last4: quota.last4,
  token_kind: quota.tokenKind,
  method: quota.method,
  used: quota.used,
  cap: quota.cap,
  cap_source: quota.capSource,
  left: quota.left,
  per_hour: quota.perHour,
  exhausted_at: time(quota.exhaustedAt),
  resting_until: time(quota.restingUntil),
});
