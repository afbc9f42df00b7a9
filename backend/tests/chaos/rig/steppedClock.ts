const RealDate = globalThis.Date;
let offsetMs = 0;

/** The wall clock of this process, ahead of or behind the real one; what is monotonic stays so. */
class SteppedDate extends RealDate {
  constructor(...args: unknown[]) {
    // A date takes what it is given; without arguments it is told what time it is.
    super(...((args.length === 0 ? [SteppedDate.now()] : args) as [number]));
  }

  static override now(): number {
    return RealDate.now() + offsetMs;
  }
}

/** To be called before anything makes a date: dates of two kinds would not know each other. */
export const installSteppedClock = (): void => {
  globalThis.Date = SteppedDate as DateConstructor;
};

export const stepClock = (ms: number): void => {
  offsetMs = ms;
};
