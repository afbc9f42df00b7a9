import type { QuotaRow } from '../../repositories/vkQuotaRepository';
import { exhaustedInMs, freeInMs, perHourOf, usedOf } from './quotaWindow';

/** Calls of a method that a token may make within any 24 hours, by method. */
export type DailyCaps = Readonly<Record<string, number>>;

export interface QuotaForecast {
  /** Calls of the last 24 hours, single or within `execute`. */
  used: number;
  /** null: no limit is known. */
  cap: number | null;
  capSource: 'setting' | 'learned' | null;
  left: number | null;
  /** Calls of the last 60 minutes. */
  perHour: number;
  /** When the cap is reached at this pace; null: not within a day. */
  exhaustedAt: Date | null;
  /** Until when the method rests, for VK's word or for a cap that is reached. */
  restingUntil: Date | null;
}

const capOf = (
  learned: number | null,
  set: number | undefined,
): Pick<QuotaForecast, 'cap' | 'capSource'> => {
  if (learned !== null && learned < (set ?? Infinity))
    return { cap: learned, capSource: 'learned' };
  return set === undefined ? { cap: null, capSource: null } : { cap: set, capSource: 'setting' };
};

/** How far a token is with VK's quota of a method, and how it goes on. */
export const forecastQuota = (row: QuotaRow, dailyCaps: DailyCaps): QuotaForecast => {
  const { method, buckets, learnedCap, restLeftMs, now } = row;
  const { cap, capSource } = capOf(learnedCap, dailyCaps[method]);
  const used = usedOf(buckets);
  const perHour = perHourOf(buckets);
  const after = (ms: number | null): Date | null => (ms === null ? null : new Date(+now + ms));
  // A learned cap that is reached begins a rest of its own; only a set one holds until hours leave.
  const windowMs = freeInMs(buckets, dailyCaps[method] ?? Infinity);
  const restMs = Math.max(restLeftMs ?? 0, windowMs ?? 0);
  return {
    used,
    cap,
    capSource,
    left: cap === null ? null : Math.max(0, cap - used),
    perHour,
    exhaustedAt: cap === null ? null : after(exhaustedInMs(buckets, cap, perHour)),
    restingUntil: restMs > 0 ? after(restMs) : null,
  };
};
