import type { ReasonKind } from '@stenograf/contracts/reasons';
import { QUOTA_CODE, QUOTA_RESTS_MS } from './errorActions';
import { CALLS_PER_EXECUTE } from './executeBatch';
import { ALL_METHODS, type Hold, type MethodQuota, type Token } from './token';
import type { TokenJournal } from './tokenJournal';

/** When the request was sent and its answer judged, by the monotonic clock. */
interface AnswerTimes {
  sentMs: number;
  nowMs: number;
}

interface Verdict {
  kind: ReasonKind;
  code: number;
  /** How long the hold lasts, longer each time in a row. */
  restsMs: readonly number[];
}

/** What requests and their answers mean for the token that they were sent with. */
export interface TokenVerdicts {
  /**
   * Holds a method of a token, or with `ALL_METHODS` the token. Answers to requests sent before the
   * last hold began say nothing new and change nothing.
   * @returns whether this one did
   */
  hold: (token: Token, method: string, verdict: Verdict, times: AnswerTimes) => boolean;
  /** A success ends what was held against the method and, but for `execute`, against the token. */
  served: (token: Token, method: string, sentMs: number) => void;
  learnExecute: (token: Token, canExecute: boolean) => void;
  /** Counts calls that are being made, or takes back those that VK does not count. */
  spend: (token: Token, method: string, calls: number, nowMs: number) => void;
  /** VK said to one call that the quota of its method is used up, and so did not count it. */
  exhausted: (token: Token, method: string, nowMs: number) => void;
  /** To be called when others told of a token: a success here may have ended what they hold. */
  reconsider: (token: Token) => void;
}

const QUOTA_USED_UP: Verdict = { kind: 'quota', code: QUOTA_CODE, restsMs: QUOTA_RESTS_MS };
/** For so many seconds other processes may have spent what was not heard of here. */
const UNHEARD_SECONDS = 3;

interface Dependencies {
  journal: TokenJournal;
  /** Something happened that the other processes should hear of soon. */
  onNews: () => void;
}

export const quotaOf = ({ quotas }: Token, method: string): MethodQuota => {
  const known = quotas.get(method);
  if (known) return known;
  const quota = { used: 0, learnedCap: null, freeAtMs: null };
  quotas.set(method, quota);
  return quota;
};

const capOf = ({ dailyCaps }: Token, method: string): number => dailyCaps[method] ?? Infinity;

export const createTokenVerdicts = ({ journal, onNews }: Dependencies): TokenVerdicts => {
  const hold: TokenVerdicts['hold'] = (token, method, { kind, code, restsMs }, times) => {
    const last = token.holds.get(method);
    if (last && (times.sentMs < last.sinceMs || last.untilMs === Infinity)) return false;
    const level = last?.code === code ? last.level + 1 : 0;
    const restMs = restsMs[Math.min(level, restsMs.length - 1)] ?? Infinity;
    const next: Hold = { sinceMs: times.nowMs, untilMs: times.nowMs + restMs, level, kind, code };
    token.holds.set(method, next);
    journal.holds.set(token, method, next);
    return true;
  };

  const endHold = (token: Token, method: string): void => {
    const servedMs = token.servedMs.get(method) ?? -Infinity;
    if (servedMs <= (token.holds.get(method)?.sinceMs ?? Infinity)) return;
    token.holds.delete(method);
    journal.holds.drop(token, method);
    journal.served.set(token, method, servedMs);
  };

  const learnCap = (token: Token, method: string, cap: number | null): void => {
    const quota = quotaOf(token, method);
    if (quota.learnedCap === cap) return;
    quota.learnedCap = cap;
    journal.learnedCaps.set(token, method, cap);
  };

  /** As if VK had said it; once the rest is over one call at a time asks whether it still does. */
  const restAtLearnedCap = (token: Token, method: string, calls: number, nowMs: number): void => {
    const { used, learnedCap } = quotaOf(token, method);
    const isReached = learnedCap !== null && used >= learnedCap && used - calls < learnedCap;
    if (!isReached || token.holds.has(method)) return;
    hold(token, method, QUOTA_USED_UP, { sentMs: nowMs, nowMs });
  };

  const spend: TokenVerdicts['spend'] = (token, method, calls, nowMs) => {
    const quota = quotaOf(token, method);
    quota.used += calls;
    journal.spent.add(token, method, calls);
    restAtLearnedCap(token, method, calls, nowMs);
    const left = Math.min(capOf(token, method), quota.learnedCap ?? Infinity) - quota.used;
    if (left < UNHEARD_SECONDS * token.rps * CALLS_PER_EXECUTE) onNews();
  };

  return {
    hold,
    served: (token, method, sentMs) => {
      for (const key of method === 'execute' ? [method] : [ALL_METHODS, method]) {
        token.servedMs.set(key, Math.max(sentMs, token.servedMs.get(key) ?? -Infinity));
        endHold(token, key);
      }
      const { used, learnedCap } = quotaOf(token, method);
      if (used > (learnedCap ?? Infinity)) learnCap(token, method, null);
    },
    learnExecute: (token, canExecute) => {
      if (token.canExecute === canExecute) return;
      token.canExecute = canExecute;
      journal.executes.set(token, 'execute', canExecute);
    },
    spend,
    exhausted: (token, method, nowMs) => {
      spend(token, method, -1, nowMs);
      const { used, learnedCap } = quotaOf(token, method);
      if (used >= Math.min(capOf(token, method), learnedCap ?? Infinity)) return;
      // Before the first call nothing shows but that somebody else used it up.
      learnCap(token, method, used < 1 ? null : used);
    },
    reconsider: (token) => {
      for (const method of token.holds.keys()) endHold(token, method);
    },
  };
};
