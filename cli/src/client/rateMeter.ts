const WINDOW_MS = 10_000;
const WINDOW_MS_MIN = 1_000;

/** How fast a growing count grew per second over the last ten; null until a second is known. */
export const createRateMeter = (): ((count: number, now: number) => number | null) => {
  const samples: { at: number; count: number }[] = [];
  return (count, now) => {
    samples.push({ at: now, count });
    while (samples.length > 2 && now - (samples[0]?.at ?? now) > WINDOW_MS) samples.shift();
    const [first] = samples;
    if (first === undefined || now - first.at < WINDOW_MS_MIN) return null;
    return ((count - first.count) * 1000) / (now - first.at);
  };
};
