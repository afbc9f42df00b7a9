export interface LookBounds {
  /** Rows of the first look. */
  first: number;
  /** Rows of every other look, at most: as many as the time that is left allows. */
  most: number;
  /** For all statements of one page; none is begun that would go on for longer. */
  timeMs: number;
}

/** Sizes the looks by which one page is filled. */
export interface LookPace {
  /** Does one look at so many rows, and learns from it how many go in what time. */
  measure<T>(rows: number, look: (rows: number) => Promise<T>): Promise<T>;
  /** Rows of the next look; null where too little time is left for one. */
  next(): number | null;
}

/** The time of the page begins here. */
export const createLookPace = (
  { first, most, timeMs }: LookBounds,
  nowMs: () => number,
): LookPace => {
  const untilMs = nowMs() + timeMs;
  let rowsPerMs = 0;
  return {
    async measure(rows, look) {
      const begunMs = nowMs();
      const found = await look(rows);
      rowsPerMs = rows / (nowMs() - begunMs);
      return found;
    },
    next() {
      const rows = Math.min(most, Math.floor(rowsPerMs * (untilMs - nowMs())));
      // NaN is no number of rows either: no time was taken, and none is left.
      return rows >= first ? rows : null;
    },
  };
};
