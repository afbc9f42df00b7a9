/** Between two looks; a condition is awaited, never a time. */
const LOOK_EVERY_MS = 25;

/**
 * Waits for a condition to bring a value.
 * @throws when it does not within `withinMs`, naming what was waited for.
 */
export const eventually = async <T>(
  look: () => Promise<T | null | false> | T | null | false,
  { withinMs = 10_000, what }: { withinMs?: number; what: string },
): Promise<T> => {
  const until = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    if (performance.now() > until) throw new Error(`In vain waited for ${what}.`);
    await Bun.sleep(LOOK_EVERY_MS);
  }
};
