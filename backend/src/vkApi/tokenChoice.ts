import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { WaitingFor } from './errors';
import { ALL_METHODS, type Hold, type Token } from './token';

/** What of a call decides on its tokens. */
export interface TokenWish {
  readonly method: string;
  /** Tokens that VK denied this very call; only other user tokens may see more. */
  readonly deniedTo: ReadonlySet<Token>;
  readonly only: Token | null;
}

export interface Obstacle {
  waitingFor: WaitingFor;
  kind: ReasonKind;
  code: number | null;
}

/** A token is ready for a call, will be at a time, or not before a person acts. */
type Readiness = { readyAtMs: number; obstacle: Obstacle };

const NO_TOKEN: Obstacle = { waitingFor: 'token', kind: 'no_token', code: null };
const CAP_REACHED: Obstacle = { waitingFor: 'quota', kind: 'quota', code: null };
/** When a cap that is reached is looked at again, if nobody has told how long it holds. */
const CAP_LOOK_MS = 1_000;

/** VK answers 27 to a community token on any wall method. */
const mayTry = (token: Token, { method, deniedTo, only }: TokenWish): boolean =>
  (only ?? token) === token &&
  !(token.kind === 'community' && method.startsWith('wall.')) &&
  !deniedTo.has(token) &&
  (deniedTo.size === 0 || token.kind === 'user');

/** How many calls of a method the next request may carry. */
export const callsLeft = (token: Token, method: string): number => {
  const { used = 0, learnedCap = null } = token.quotas.get(method) ?? {};
  const bySetting = (token.dailyCaps[method] ?? Infinity) - used;
  // VK's window may have moved on: one call asks whether what was learnt still holds.
  const byLearning = learnedCap === null ? Infinity : Math.max(1, learnedCap - used);
  return Math.min(bySetting, byLearning);
};

const readiness = (token: Token, wish: TokenWish, nowMs: number): Readiness => {
  if (!mayTry(token, wish)) return { readyAtMs: Infinity, obstacle: NO_TOKEN };
  const holds = [token.holds.get(ALL_METHODS), token.holds.get(wish.method)];
  const hold = holds.reduce((a, b) => ((b?.untilMs ?? 0) > (a?.untilMs ?? 0) ? b : a));
  if (hold && hold.untilMs > nowMs) return { readyAtMs: hold.untilMs, obstacle: obstacleOf(hold) };
  if (callsLeft(token, wish.method) >= 1) return { readyAtMs: nowMs, obstacle: NO_TOKEN };
  const freeAtMs = token.quotas.get(wish.method)?.freeAtMs ?? 0;
  return { readyAtMs: Math.max(freeAtMs, nowMs + CAP_LOOK_MS), obstacle: CAP_REACHED };
};

const obstacleOf = ({ kind, code }: Hold): Obstacle => ({
  waitingFor: kind === 'captcha' ? 'captcha' : kind === 'quota' ? 'quota' : 'token',
  kind,
  code,
});

export const isReady = (token: Token, wish: TokenWish, nowMs: number): boolean =>
  readiness(token, wish, nowMs).readyAtMs <= nowMs;

/** When the first token can make this call (Infinity: none before a person acts), and what holds it. */
export const outlook = (tokens: Iterable<Token>, wish: TokenWish, nowMs: number): Readiness => {
  let best: Readiness = { readyAtMs: Infinity, obstacle: NO_TOKEN };
  for (const token of tokens) {
    const candidate = readiness(token, wish, nowMs);
    const sooner = candidate.readyAtMs < best.readyAtMs;
    // Of tokens that are all out, one that VK said something about explains more.
    const tellsMore = candidate.readyAtMs === best.readyAtMs && best.obstacle.code === null;
    if (sooner || tellsMore) best = candidate;
  }
  return best;
};

/** A service key shows by its first pack whether it may; meanwhile it sends single calls. */
export const mayExecute = (token: Token, nowMs: number): boolean =>
  (token.canExecute ?? (token.kind !== 'service' || !token.tryingExecute)) &&
  (token.holds.get('execute')?.untilMs ?? 0) <= nowMs;
