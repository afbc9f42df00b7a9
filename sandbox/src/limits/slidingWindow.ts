/** Counts what was let in during any window of a given length, as a sliding one. */
export interface SlidingWindow {
  /**
   * Lets in one more at the moment `at` (milliseconds of one monotonic clock) unless some window
   * would then hold more than `limit`. What is turned away does not count.
   * @returns how many the fullest window would hold with this one
   */
  admit(at: number, limit: number): { isAdmitted: boolean; countInWindow: number };
}

export const createSlidingWindow = (lengthMs: number): SlidingWindow => {
  // Ascending. Bodies of requests may arrive in another order than their heads did.
  const admitted: number[] = [];
  const countUpTo = (end: number): number => {
    let count = 0;
    for (const at of admitted) if (at > end - lengthMs && at <= end) count += 1;
    return count;
  };
  const fullestWith = (at: number): number => {
    let fullest = countUpTo(at);
    for (const later of admitted) {
      if (later > at && later < at + lengthMs) fullest = Math.max(fullest, countUpTo(later));
    }
    return fullest + 1;
  };
  return {
    admit: (at, limit) => {
      while ((admitted[0] ?? at) <= at - 2 * lengthMs) admitted.shift();
      const countInWindow = fullestWith(at);
      const isAdmitted = countInWindow <= limit;
      if (isAdmitted) {
        const place = admitted.findLastIndex((other) => other <= at) + 1;
        admitted.splice(place, 0, at);
      }
      return { isAdmitted, countInWindow };
    },
  };
};
