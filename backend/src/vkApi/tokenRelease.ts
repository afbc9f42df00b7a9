import { ALL_METHODS, type Token } from './token';
import { callsLeft } from './tokenChoice';

/** What keeps a token from calls, by method or for all of them, and until when that is known. */
export type Obstacles = ReadonlyMap<string, number>;

/** What ends by less than this before its time ended in time. */
const EARLY_MS = 1_000;

export const obstaclesOf = (token: Token, nowMs: number): Obstacles => {
  const obstacles = new Map<string, number>();
  for (const [method, { freeAtMs }] of token.quotas) {
    if (callsLeft(token, method) < 1) obstacles.set(method, freeAtMs ?? nowMs);
  }
  for (const [method, { untilMs }] of token.holds) {
    if (untilMs > nowMs) obstacles.set(method, untilMs);
  }
  return obstacles;
};

/**
 * Whether a token can do what nobody who began to wait could have known: it is new, or something
 * ended before its time, by a person, a check, or the success of another process. What ends in time
 * needs no telling.
 */
export const isReleased = (
  before: Obstacles | undefined,
  after: Obstacles,
  nowMs: number,
): boolean =>
  before === undefined
    ? !after.has(ALL_METHODS)
    : [...before].some(([method, untilMs]) => untilMs > nowMs + EARLY_MS && !after.has(method));
