/** How late the event loop of this process was, and when. */
export interface LagMeter {
  /** The longest lag of the second before a moment (milliseconds since 1970). */
  before(atMs: number): number;
  stop(): void;
}

const EVERY_MS = 10;
const NOTED_FROM_MS = 20;
const SECOND_MS = 1_000;
const KEPT_MAX = 10_000;

/**
 * The sandbox and its proxy live in the test's own process: what that process hears late seems to
 * come late, and two requests that were kept apart may seem to come together.
 */
export const createLagMeter = (): LagMeter => {
  let lags: { atMs: number; lagMs: number }[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    const lagMs = now - last - EVERY_MS;
    last = now;
    if (lagMs < NOTED_FROM_MS) return;
    lags.push({ atMs: Date.now(), lagMs });
    if (lags.length > KEPT_MAX) lags = lags.slice(KEPT_MAX / 2);
  }, EVERY_MS);
  return {
    before: (atMs) =>
      lags
        // A lag is noted at its end, which may be after what it made late.
        .filter((lag) => lag.atMs - lag.lagMs <= atMs && lag.atMs >= atMs - SECOND_MS)
        .reduce((longest, { lagMs }) => Math.max(longest, lagMs), 0),
    stop: () => clearInterval(timer),
  };
};
