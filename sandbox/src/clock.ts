/** The time of one sandbox: real time, and as much more as a test has turned it forward. */
export interface Clock {
  /** Milliseconds since 1970. It never runs backwards. */
  now(): number;
  /**
   * Turns the clock forward: tokens age, quotas and rates come free.
   * @throws RangeError for a negative time
   */
  advance(ms: number): void;
}

export const createClock = (): Clock => {
  let turnedMs = 0;
  return {
    // The monotonic clock: corrections of the system's time must not look like a burst of requests.
    now: () => performance.timeOrigin + performance.now() + turnedMs,
    advance: (ms) => {
      if (!(ms >= 0)) throw new RangeError(`a clock cannot be turned by ${ms} ms`);
      turnedMs += ms;
    },
  };
};
