import type { ReasonKind } from '@stenograf/contracts/reasons';
import { Secret } from '../utils/secret';
import type { ErrorDecision } from './errorActions';
import type { WaitingFor } from './errors';
import type { TokenKind, TokenState, VkApiConfig } from './types';

const COMMUNITY_RPS = 20;
/** A token is disabled by a second such answer, since VK gives the first now and then by mistake. */
const STRIKES_MAX = 2;
const STRIKE_REST_MS = 1_000;
/** Rests that hold for every method of a token. */
const ALL_METHODS = '*';

interface Rest {
  untilMs: number;
  sinceMs: number;
  /** How many rests in a row, without a success between. */
  level: number;
  kind: ReasonKind;
  code: number;
}

export interface Token {
  readonly kind: TokenKind;
  readonly secret: Secret;
  readonly fingerprint: string;
  readonly rps: number;
  /** null while nobody knows: VK's own words on service keys and `execute` contradict each other. */
  canExecute: boolean | null;
  /** Whether a request is on its way that will tell. */
  tryingExecute: boolean;
  inFlight: number;
  disabled: { kind: ReasonKind; code: number } | null;
  strikes: number;
  /** By method: why this token cannot make it, by VK's code. */
  readonly refused: Map<string, number>;
  readonly rests: Map<string, Rest>;
}

/** What of a call decides on its tokens. */
export interface TokenWish {
  readonly method: string;
  /** Tokens that VK denied this very call; only other user tokens may see more. */
  readonly deniedTo: ReadonlySet<Token>;
}

export interface Obstacle {
  waitingFor: WaitingFor;
  kind: ReasonKind;
  code: number | null;
}

/** A token is ready for a call, will be at a time, or not before a person acts. */
type Readiness = { readyAtMs: number; obstacle: Obstacle };

export const createTokens = (config: VkApiConfig): Token[] => {
  const rps: Record<TokenKind, number> = {
    user: config.userRps,
    service: config.serviceRps,
    community: config.communityRps ?? COMMUNITY_RPS,
  };
  const tokens = config.tokens.map(({ kind, token }): Token => {
    const secret = new Secret(token);
    return {
      kind,
      secret,
      fingerprint: secret.fingerprint,
      rps: rps[kind],
      canExecute: kind === 'service' ? null : true,
      tryingExecute: false,
      inFlight: 0,
      disabled: null,
      strikes: 0,
      refused: new Map(),
      rests: new Map(),
    };
  });
  // A token given twice has one limit at VK, so it must have one place here.
  return [...new Map(tokens.map((token) => [token.fingerprint, token])).values()];
};

/** VK answers 27 to a community token on any wall method. */
const mayTry = (token: Token, { method, deniedTo }: TokenWish): boolean =>
  !(token.kind === 'community' && method.startsWith('wall.')) &&
  !deniedTo.has(token) &&
  (deniedTo.size === 0 || token.kind === 'user');

const NO_TOKEN: Obstacle = { waitingFor: 'token', kind: 'no_token', code: null };

const readiness = (token: Token, wish: TokenWish, nowMs: number): Readiness => {
  const never = (obstacle: Obstacle): Readiness => ({ readyAtMs: Infinity, obstacle });
  if (!mayTry(token, wish)) return never(NO_TOKEN);
  if (token.disabled) return never({ waitingFor: 'token', ...token.disabled });
  const code = token.refused.get(wish.method);
  if (code !== undefined) return never({ ...NO_TOKEN, code });
  const rests = [token.rests.get(ALL_METHODS), token.rests.get(wish.method)];
  const rest = rests.reduce((a, b) => ((b?.untilMs ?? 0) > (a?.untilMs ?? 0) ? b : a));
  if (!rest || rest.untilMs <= nowMs) return { readyAtMs: nowMs, obstacle: NO_TOKEN };
  return { readyAtMs: rest.untilMs, obstacle: obstacleOf(rest) };
};

const obstacleOf = ({ kind, code }: Rest): Obstacle => ({
  waitingFor: kind === 'captcha' ? 'captcha' : kind === 'quota' ? 'quota' : 'token',
  kind,
  code,
});

export const isReady = (token: Token, wish: TokenWish, nowMs: number): boolean =>
  readiness(token, wish, nowMs).readyAtMs <= nowMs;

/** When the first token can make this call (Infinity: none before a person acts), and what holds it. */
export const outlook = (tokens: readonly Token[], wish: TokenWish, nowMs: number): Readiness => {
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

/** When the request was sent and its answer judged, by the monotonic clock. */
interface AnswerTimes {
  sentMs: number;
  nowMs: number;
}

export const mayExecute = (token: Token, nowMs: number): boolean =>
  (token.canExecute ?? !token.tryingExecute) && (token.rests.get('execute')?.untilMs ?? 0) <= nowMs;

/**
 * Rests a method of a token, longer each time. Answers to requests sent before the last rest began
 * say nothing new and change nothing. Returns whether this one did.
 */
export const restMethod = (
  token: Token,
  method: string,
  decision: ErrorDecision,
  code: number,
  { sentMs, nowMs }: AnswerTimes,
): boolean => {
  const last = token.rests.get(method);
  if (last && sentMs < last.sinceMs) return false;
  const restsMs = decision.restsMs ?? [STRIKE_REST_MS];
  const level = last ? last.level + 1 : 0;
  const restMs = restsMs[Math.min(level, restsMs.length - 1)] ?? STRIKE_REST_MS;
  token.rests.set(method, {
    untilMs: nowMs + restMs,
    sinceMs: nowMs,
    level,
    kind: decision.kind,
    code,
  });
  return true;
};

/** The whole token rests, as for a captcha. */
export const restToken = (
  token: Token,
  decision: ErrorDecision,
  code: number,
  times: AnswerTimes,
): boolean => restMethod(token, ALL_METHODS, decision, code, times);

/** Counts an answer that says the token is dead; the second in a row disables it. */
export const strikeToken = (
  token: Token,
  decision: ErrorDecision,
  code: number,
  times: AnswerTimes,
): boolean => {
  const last = token.rests.get(ALL_METHODS);
  if (token.disabled || (last && times.sentMs < last.sinceMs)) return false;
  token.strikes += 1;
  if (token.strikes < STRIKES_MAX) return restToken(token, decision, code, times);
  token.disabled = { kind: decision.kind, code };
  return true;
};

/** VK said that this token cannot make this method at all. Returns whether that is news. */
export const refuseMethod = (token: Token, method: string, code: number): boolean => {
  const isNews = !token.refused.has(method);
  token.refused.set(method, code);
  return isNews;
};

/** A success ends what was held against the token and against this method of it. */
export const clearToken = (token: Token, method: string, sentMs: number): void => {
  for (const key of [ALL_METHODS, method]) {
    const rest = token.rests.get(key);
    if (rest && sentMs >= rest.sinceMs) token.rests.delete(key);
  }
  token.strikes = 0;
};

export const tokenState = (token: Token, nowMs: number): TokenState => {
  const rest = token.rests.get(ALL_METHODS);
  const resting = rest !== undefined && rest.untilMs > nowMs;
  const state = resting ? (rest.kind === 'captcha' ? 'captcha' : 'waiting') : 'ready';
  return {
    kind: token.kind,
    last4: token.secret.last4,
    state: token.disabled ? 'disabled' : state,
    reason: token.disabled?.kind ?? (resting ? rest.kind : null),
    until: resting && !token.disabled ? new Date(Date.now() + rest.untilMs - nowMs) : null,
    canExecute: token.canExecute,
  };
};
