/** Counts what was let in during any window of a given length, as a sliding one. */
export interface SlidingWindow {
  /**
   * Lets in one more at the moment `at` (milliseconds of one clock) unless some window would then hold
   * more than `limit`. What is turned away does not count.
   * @returns how many the fullest window would hold with this one
   */
  admit(at: number, limit: number): { isAdmitted: boolean; countInWindow: number };
}

/** Old entries are dropped this many at a time, so that no admission has to move all others. */
const DROP_AT = 1_024;

export const createSlidingWindow = (lengthMs: number): SlidingWindow => {
  // Ascending. Bodies of requests may arrive in another order than their heads did.
  let admitted: number[] = [];
  /** Place of the first one after `at`. */
  const placeAfter = (at: number): number => {
    let low = 0;
    let high = admitted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((admitted[middle] ?? at) <= at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const countUpTo = (end: number): number => placeAfter(end) - placeAfter(end - lengthMs);
  const fullestWith = (at: number): number => {
    let fullest = countUpTo(at);
    for (let place = placeAfter(at); place < admitted.length; place += 1) {
      const later = admitted[place] ?? Infinity;
      if (later >= at + lengthMs) break;
      fullest = Math.max(fullest, countUpTo(later));
    }
    return fullest + 1;
  };
  return {
    admit: (at, limit) => {
      const old = placeAfter(at - 2 * lengthMs);
      if (old >= DROP_AT) admitted = admitted.slice(old);
      const countInWindow = fullestWith(at);
      const isAdmitted = countInWindow <= limit;
      if (isAdmitted) admitted.splice(placeAfter(at), 0, at);
      return { isAdmitted, countInWindow };
    },
  };
};
