/** Where a moment of Redis' clock lies on the monotonic clock of this process. */
export interface Moment {
  earliestMs: number;
  latestMs: number;
}

/** More than two clocks drift apart in practice, also while one is being set right slowly. */
const DRIFT = 5e-4;

/**
 * Learns how far the clock of Redis and ours lie apart from what Redis answers: its answer was made
 * between asking and hearing. Each answer narrows the bounds, so that one heard late, because this
 * process was busy, still tells the moment well. Bounds that an answer contradicts are given up:
 * the clock was set, or it is another Redis.
 */
export const createRedisClock = () => {
  let low = -Infinity;
  let high = Infinity;
  let learntAtMs = 0;

  return {
    learn: (askedAtMs: number, heardAtMs: number, redisNowMs: number): void => {
      const drift = (heardAtMs - learntAtMs) * DRIFT;
      learntAtMs = heardAtMs;
      const [least, most] = [askedAtMs - redisNowMs, heardAtMs - redisNowMs];
      const agrees = least <= high + drift && most >= low - drift;
      low = agrees ? Math.max(least, low - drift) : least;
      high = agrees ? Math.min(most, high + drift) : most;
    },
    /** Between what is the earliest and the latest for every moment; infinite before any answer. */
    blurMs: (): number => high - low,
    toMonotonic: (redisMs: number): Moment => ({
      earliestMs: redisMs + low,
      latestMs: redisMs + high,
    }),
  };
};
