/**
 * The seeds of a run: CHAOS_SEED for exactly one, CHAOS_SEEDS for how many, else `count` of them.
 * They are always the same, so that a run that fails can be repeated.
 */
export const readSeeds = (env: NodeJS.ProcessEnv, count: number): number[] => {
  const only = env['CHAOS_SEED'];
  if (only) return [Number(only)];
  return Array.from({ length: Number(env['CHAOS_SEEDS'] ?? count) }, (_, index) => index + 1);
};
