import { Secret } from '../utils/secret';
import { createToken, tokenState, type Token } from './token';
import { copyOf, newsOf, strikeOut, takeOver } from './tokenExchange';
import type { TokenJournal } from './tokenJournal';
import { isReleased, obstaclesOf, type Obstacles } from './tokenRelease';
import type { TokenVerdicts } from './tokenVerdicts';
import type { Clock, SharedTokens, TokenNews, TokenState, VkApiConfig } from './types';

/** The tokens that may be used, which change while the process runs. */
export interface TokenPool {
  tokens: () => Iterable<Token>;
  has: (token: Token) => boolean;
  /** The moment at which the monotonic clock shows so much, by the clock that all processes share. */
  dateOf: (atMs: number) => Date;
  states: () => TokenState[];
  /** Tells what happened here, and takes over what all processes know then: see `VkApi`. */
  exchange: (withOthers: (news: TokenNews) => Promise<SharedTokens>) => Promise<boolean>;
}

interface Dependencies {
  config: VkApiConfig;
  journal: TokenJournal;
  verdicts: TokenVerdicts;
  clock: Clock;
}

export const createTokenPool = ({ config, journal, verdicts, clock }: Dependencies): TokenPool => {
  const create = (kind: Token['kind'], secret: Secret): Token => createToken(kind, secret, config);
  // A token given twice has one limit at VK, so it must have one place here.
  let tokens = new Map(
    config.tokens.map(({ kind, token }) => {
      const secret = new Secret(token);
      return [secret.fingerprint, create(kind, secret)];
    }),
  );
  /** What to add to the monotonic clock; until others are heard, the clock of this machine. */
  let epochMs: number | null = null;
  const dateOf = (atMs: number): Date =>
    new Date(atMs + (epochMs ?? Date.now() - clock.monotonicMs()));

  /** Those that others were heard of; what they could not do was known to be so until a time. */
  const heard = new WeakSet<Token>();
  const obstaclesNow = (nowMs: number): Map<string, Obstacles> =>
    new Map(
      [...tokens.values()]
        .filter((token) => heard.has(token))
        .map((token) => [token.fingerprint, obstaclesOf(token, nowMs)]),
    );

  const takeAll = ({ now, tokens: shared }: SharedTokens): boolean => {
    const nowMs = clock.monotonicMs();
    if (now) epochMs = now.getTime() - nowMs;
    const before = obstaclesNow(nowMs);
    tokens = new Map(
      shared.map((state) => {
        const { kind, secret } = state;
        const known = tokens.get(secret.fingerprint);
        const token = known?.kind === kind ? known : create(kind, secret);
        takeOver(journal, token, state, nowMs);
        verdicts.reconsider(token);
        heard.add(token);
        return [secret.fingerprint, token];
      }),
    );
    return [...obstaclesNow(nowMs)].some(([fingerprint, after]) =>
      isReleased(before.get(fingerprint), after, nowMs),
    );
  };

  return {
    tokens: () => tokens.values(),
    has: (token) => tokens.get(token.fingerprint) === token,
    dateOf,
    states: () =>
      [...tokens.values()].map((token) => tokenState(token, clock.monotonicMs(), dateOf)),
    exchange: async (withOthers) => {
      const told = copyOf(journal);
      const shared = await withOthers(newsOf(told, clock.monotonicMs()));
      strikeOut(journal, told);
      return takeAll(shared);
    },
  };
};
