import { decideOnError, QUOTA_CODE } from './errorActions';
import type { ErrorDecision, VkErrorReply } from './errorActions';
import { TransportError, VkError, VkWaitError } from './errors';
import type { PendingCall } from './pendingCall';
import type { Permit, RateLimiter } from './rateLimiter';
import type { ReplySizes } from './replySizes';
import { isReplyOf } from './replyShapes';
import { ALL_METHODS, type Token } from './token';
import type { ProveToken } from './tokenProof';
import type { TokenVerdicts } from './tokenVerdicts';
import type { Clock, VkApiLogger } from './types';

const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 30_000;
/** Error 6 is about the moment, not about the call; yet nothing here goes on without an end. */
const SLOWED_MAX = 50;

/** One request that was sent, and for whom. */
export interface SentRequest {
  readonly calls: readonly PendingCall[];
  readonly token: Token;
  readonly permit: Permit;
  readonly sentMs: number;
  /** One draw from 0 to 1 for all its calls, so that a broken pack comes back together. */
  readonly jitter: number;
}

export interface OutcomeDependencies {
  attemptsMax: number;
  limiter: RateLimiter;
  verdicts: TokenVerdicts;
  clock: Clock;
  logger: VkApiLogger;
  replySizes: ReplySizes;
  /** Puts a call back among the waiting ones, after a pause if one is given. */
  again: (call: PendingCall, delayMs?: number) => void;
  proveToken: ProveToken;
}

/** What becomes of one call, whether it was sent alone or in a pack. */
export interface CallOutcomes {
  fulfil: (call: PendingCall, request: SentRequest, reply: unknown) => void;
  /** VK's error reply: `method` is the call's own, or `execute` if the whole pack got it. */
  refused: (call: PendingCall, request: SentRequest, method: string, reply: VkErrorReply) => void;
  /** No answer of VK's API came. */
  broke: (call: PendingCall, request: SentRequest, error: TransportError) => void;
  /** What VK would answer to this call alone cannot be read. */
  giveUp: (call: PendingCall, error: TransportError) => void;
}

export const createCallOutcomes = (deps: OutcomeDependencies): CallOutcomes => ({
  fulfil: (call, request, reply) => {
    if (!isReplyOf(call.method, reply)) {
      call.spend({ errors: 1 });
      return tryAgain(deps, call, request, brokenError(call, wrongShape(), true));
    }
    deps.verdicts.served(request.token, call.method, request.sentMs);
    call.resolve(reply, request.permit.slotAt);
  },
  refused: (call, request, method, reply) => applyError(deps, call, request, method, reply),
  broke: (call, request, error) => {
    if (error.status === 429) slowed(deps, call, request, brokenError(call, error, true));
    else tryAgain(deps, call, request, brokenError(call, error, true));
  },
  giveUp: (call, error) => call.reject(brokenError(call, error, false)),
});

const wrongShape = (): TransportError =>
  new TransportError('The reply is not of the shape that VK documents.', { fault: 'wrong_shape' });

const applyError = (
  deps: OutcomeDependencies,
  call: PendingCall,
  request: SentRequest,
  method: string,
  reply: VkErrorReply,
): void => {
  const decision = decideOnError(method, reply);
  const error = vkError(call, decision, reply);
  switch (decision.action) {
    case 'retry':
      return tryAgain(deps, call, request, error, decision.attemptsMax);
    case 'slow':
      return slowed(deps, call, request, error);
    case 'park':
    case 'captcha':
    case 'disable':
    case 'rotate':
      holdAgainstToken(deps, request, method, decision, reply);
      return deps.again(call);
    case 'mark':
      if (decision.isDoubtful) return void believeOnceServed(deps, call, request, error);
      if (!decision.askOthers) return call.reject(error);
      call.denial ??= error;
      call.deniedTo.add(request.token);
      return deps.again(call);
    case 'split':
    case 'single':
    case 'fail':
      return call.reject(error);
  }
};

/** A token whose own user is banned gets the same answer about every community. */
const believeOnceServed = async (
  { proveToken, again }: OutcomeDependencies,
  call: PendingCall,
  { token, sentMs }: SentRequest,
  error: VkError,
): Promise<void> => {
  try {
    const servedMs = token.servedMs.get(ALL_METHODS) ?? -Infinity;
    if (servedMs < sentMs) await proveToken(token, call);
    call.reject(error);
  } catch (failure) {
    if (failure instanceof VkWaitError) again(call);
    else call.reject(failure);
  }
};

/** The call itself is not to blame: it goes back and finds another token, or waits for this one. */
const holdAgainstToken = (
  { verdicts, clock, logger }: OutcomeDependencies,
  { token, sentMs }: SentRequest,
  method: string,
  { action, kind, restsMs = [Infinity] }: ErrorDecision,
  { code }: VkErrorReply,
): void => {
  const nowMs = clock.monotonicMs();
  // A pack that was refused as a whole is not counted either, see `transmit`.
  if (code === QUOTA_CODE && method !== 'execute') verdicts.exhausted(token, method, nowMs);
  const held = action === 'disable' || action === 'captcha' ? ALL_METHODS : method;
  const isNews = verdicts.hold(token, held, { kind, code, restsMs }, { sentMs, nowMs });
  if (!isNews) return;
  const { last4 } = token.secret;
  logger.warn('VK refused a token', {
    token: last4,
    tokenKind: token.kind,
    method,
    code,
    action,
    kind,
  });
};

/** Another try after a growing pause with full jitter, unless the tries are used up. */
const tryAgain = (
  { attemptsMax, again }: OutcomeDependencies,
  call: PendingCall,
  { jitter }: SentRequest,
  error: VkError,
  ownAttemptsMax = Infinity,
): void => {
  call.attempts += 1;
  if (call.attempts >= Math.min(attemptsMax, ownAttemptsMax)) call.reject(error);
  else again(call, backoffMs(call.attempts, jitter));
};

const slowed = (
  { limiter, again }: OutcomeDependencies,
  call: PendingCall,
  { token, permit }: SentRequest,
  error: VkError,
): void => {
  limiter.slowDown(token, permit);
  call.slowed += 1;
  if (call.slowed >= SLOWED_MAX) call.reject(error);
  else again(call);
};

/** A growing pause with full jitter. */
export const backoffMs = (attempt: number, jitter: number): number =>
  jitter * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (attempt - 1));

const vkError = (call: PendingCall, decision: ErrorDecision, reply: VkErrorReply): VkError =>
  new VkError(`${call.method}: VK's error ${reply.code}: ${reply.text}`, {
    kind: decision.kind,
    code: reply.code,
    retryable: ['retry', 'slow'].includes(decision.action) && decision.kind !== 'vk_error',
    scope: decision.scope,
  });

const brokenError = (call: PendingCall, cause: TransportError, retryable: boolean): VkError => {
  const isUnreachable = cause.fault === 'network' || cause.fault === 'timeout';
  return new VkError(
    `${call.method}: ${cause.message}`,
    {
      kind: isUnreachable ? 'vk_unreachable' : 'vk_unavailable',
      code: null,
      retryable,
      scope: 'network',
    },
    { cause },
  );
};
