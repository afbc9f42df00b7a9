import type { SharedToken } from '../../vkApi/types';

/** What ends by less than this before its time ended in time. */
const EARLY_MS = 1_000;
const ALL_METHODS = '*';

/** What keeps a token from calls, with its end: whole tokens under `*`. */
const obstaclesOf = ({ holds, quotas }: SharedToken, nowMs: number): Map<string, number> => {
  const obstacles = new Map<string, number>();
  for (const { method, freeInMs } of quotas) {
    if (freeInMs !== null) obstacles.set(method, nowMs + freeInMs);
  }
  for (const { method, leftMs } of holds) {
    if (leftMs === null || leftMs > 0) obstacles.set(method, nowMs + (leftMs ?? Infinity));
  }
  return obstacles;
};

/**
 * Tells whether a token can do what no target could have known when it began to wait: it is new, or
 * something ended before its time, by a person, a check, or another process' success. What ends in
 * time needs no telling, for targets wait with that time.
 */
export const createReleaseWatch = (): ((
  tokens: readonly SharedToken[],
  nowMs: number,
) => boolean) => {
  let before = new Map<string, Map<string, number>>();
  return (tokens, nowMs) => {
    const now = new Map(
      tokens.map((token) => [token.secret.fingerprint, obstaclesOf(token, nowMs)]),
    );
    const isReleased = [...now].some(([fingerprint, obstacles]) => {
      const known = before.get(fingerprint);
      if (!known) return !obstacles.has(ALL_METHODS);
      return [...known].some(
        ([method, untilMs]) => untilMs > nowMs + EARLY_MS && !obstacles.has(method),
      );
    });
    before = now;
    return isReleased;
  };
};
