import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { Secret } from '../utils/secret';
import type { TokenKind, TokenState, VkApiConfig } from './types';

const COMMUNITY_RPS = 20;

/** Stands for every method of a token. */
export const ALL_METHODS = '*';

/** Why a method of a token, or the whole token, is not used for a while. Times are monotonic. */
export interface Hold {
  readonly sinceMs: number;
  /** Infinity: until a person acts. */
  readonly untilMs: number;
  /** How many holds in a row for the same code, without a success between. */
  readonly level: number;
  readonly kind: ReasonKind;
  readonly code: number | null;
}

export interface MethodQuota {
  /** Calls within the last 24 hours, of all processes. */
  used: number;
  /** After so many VK last said that its quota was used up. */
  learnedCap: number | null;
  /** When enough old calls leave the window of a set cap that is reached; null if nobody told. */
  freeAtMs: number | null;
}

/** A token as this process knows it: what happened here and what others told of it. */
export interface Token {
  readonly kind: TokenKind;
  readonly secret: Secret;
  readonly fingerprint: string;
  readonly rps: number;
  /** Calls that may be made within any 24 hours, by method. */
  readonly dailyCaps: Readonly<Record<string, number>>;
  /** null while nobody knows: VK's own words on service keys and `execute` contradict each other. */
  canExecute: boolean | null;
  /** Whether a request is on its way that will tell. */
  tryingExecute: boolean;
  inFlight: number;
  /** By method; those that are over stay until a success, for the next one to be longer. */
  readonly holds: Map<string, Hold>;
  /** When the last request was sent that brought a success, by method and of any of them. */
  readonly servedMs: Map<string, number>;
  readonly quotas: Map<string, MethodQuota>;
}

export type TokenLimits = Pick<
  VkApiConfig,
  'userRps' | 'serviceRps' | 'communityRps' | 'dailyCaps'
>;

export const createToken = (kind: TokenKind, secret: Secret, limits: TokenLimits): Token => {
  const rps: Record<TokenKind, number> = {
    user: limits.userRps,
    service: limits.serviceRps,
    community: limits.communityRps ?? COMMUNITY_RPS,
  };
  return {
    kind,
    secret,
    fingerprint: secret.fingerprint,
    rps: rps[kind],
    dailyCaps: limits.dailyCaps,
    canExecute: null,
    tryingExecute: false,
    inFlight: 0,
    holds: new Map(),
    servedMs: new Map(),
    quotas: new Map(),
  };
};

/** @param dateOf the moment at which the monotonic clock shows so much */
export const tokenState = (
  token: Token,
  nowMs: number,
  dateOf: (atMs: number) => Date,
): TokenState => {
  const last = token.holds.get(ALL_METHODS);
  const hold = last && last.untilMs > nowMs ? last : null;
  const isForGood = hold?.untilMs === Infinity;
  const held = isForGood ? 'disabled' : hold?.kind === 'captcha' ? 'captcha' : 'waiting';
  return {
    kind: token.kind,
    fingerprint: token.fingerprint,
    last4: token.secret.last4,
    state: hold ? held : 'ready',
    reason: hold?.kind ?? null,
    until: hold && !isForGood ? dateOf(hold.untilMs) : null,
    canExecute: token.canExecute,
    refused: [...token.holds].flatMap(([method, { untilMs }]) =>
      untilMs === Infinity && method !== ALL_METHODS ? [method] : [],
    ),
  };
};
