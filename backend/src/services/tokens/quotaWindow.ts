/** Calls that were made within one hour. */
export interface QuotaBucket {
  calls: number;
  /** Until the last of them is 24 hours old; more than 24 hours while the hour is not over. */
  leavesInMs: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const inOrder = (buckets: readonly QuotaBucket[]): QuotaBucket[] =>
  buckets.toSorted((a, b) => a.leavesInMs - b.leavesInMs);

/** Calls of the last 24 hours; an hour counts until all of it is older. */
export const usedOf = (buckets: readonly QuotaBucket[]): number =>
  buckets.reduce((sum, { calls }) => sum + calls, 0);

/** Calls of the last 60 minutes; those of an hour are taken to be spread over it evenly. */
export const perHourOf = (buckets: readonly QuotaBucket[]): number => {
  const share = (leavesInMs: number): number =>
    Math.min(1, Math.max(0, (leavesInMs - (DAY_MS - HOUR_MS)) / HOUR_MS));
  return Math.round(
    buckets.reduce((sum, { calls, leavesInMs }) => sum + calls * share(leavesInMs), 0),
  );
};

/** Milliseconds until a call is free again under the cap; null while it is not reached. */
export const freeInMs = (buckets: readonly QuotaBucket[], cap: number): number | null => {
  let left = usedOf(buckets);
  if (left < cap) return null;
  for (const { calls, leavesInMs } of inOrder(buckets)) {
    left -= calls;
    if (left < cap) return leavesInMs;
  }
  return null;
};

/**
 * Milliseconds until the cap is reached if calls go on at a pace, while old ones leave the window;
 * null if that is not within a day.
 */
export const exhaustedInMs = (
  buckets: readonly QuotaBucket[],
  cap: number,
  perHour: number,
): number | null => {
  let used = usedOf(buckets);
  if (used >= cap) return 0;
  if (perHour <= 0) return null;
  let atMs = 0;
  for (const { calls, leavesInMs } of [...inOrder(buckets), { calls: 0, leavesInMs: DAY_MS }]) {
    const reachedMs = atMs + ((cap - used) / perHour) * HOUR_MS;
    if (reachedMs <= Math.min(leavesInMs, DAY_MS)) return Math.round(reachedMs);
    used += ((leavesInMs - atMs) / HOUR_MS) * perHour - calls;
    atMs = leavesInMs;
  }
  return null;
};
