import { decideOnError, type ErrorDecision } from './errorActions';
import { executeCode } from './executeBatch';
import { TransportError } from './errors';
import { createOutcomes } from './outcomes';
import type { SentRequest } from './callOutcomes';
import type { PendingCall } from './pendingCall';
import type { RateLimiter } from './rateLimiter';
import { createReplySizes } from './replySizes';
import type { Token } from './token';
import { createTokenProof } from './tokenProof';
import type { TokenPool } from './tokenPool';
import type { TokenVerdicts } from './tokenVerdicts';
import type { Transport, VkAnswer } from './transport';
import type { Clock, VkApiLogger } from './types';
import { createWaitingRoom } from './waitingRoom';

interface Dependencies {
  pool: TokenPool;
  verdicts: TokenVerdicts;
  limiter: RateLimiter;
  transport: Transport;
  clock: Clock;
  logger: VkApiLogger;
  random: () => number;
  attemptsMax: number;
  inFlightMax: number;
  responseBytesMax: number;
  /** Aborted when no request may be sent any more. */
  stopping: AbortSignal;
  /** Aborted when requests on their way are given up. */
  cutOff: AbortSignal;
}

export interface Dispatcher {
  submit: (call: PendingCall) => void;
  /** Takes a call that was given up out of the line. */
  forget: (call: PendingCall) => void;
  /** To be called when tokens have changed. */
  review: () => void;
  /** Rejects all that waits; resolves when no request is on its way. To be called when stopping. */
  drain: () => Promise<void>;
}

/**
 * The engine: every token takes from one room of waiting calls whenever its next slot comes, and
 * only then. So the token with the earliest slot serves, and a request carries all that waits.
 */
export const createDispatcher = (deps: Dependencies): Dispatcher => {
  const { pool, limiter, clock, stopping, inFlightMax } = deps;
  const pumping = new Set<Token>();
  const onTheirWay = new Set<Promise<void>>();

  const replySizes = createReplySizes(deps.responseBytesMax);
  const room = createWaitingRoom({
    ...deps,
    replySizes,
    onWork: () => {
      for (const token of pool.tokens()) void pump(token);
    },
  });
  const proveToken = createTokenProof(room);
  const outcomes = createOutcomes({ ...deps, replySizes, again: room.again, proveToken });

  const hasWork = (token: Token): boolean =>
    pool.has(token) && token.inFlight < inFlightMax && room.hasWorkFor(token);

  const pump = async (token: Token): Promise<void> => {
    if (pumping.has(token)) return;
    pumping.add(token);
    while (hasWork(token) && !stopping.aborted) {
      const permit = await limiter.acquire(token, () => hasWork(token));
      // The token may have been removed while it waited for its slot.
      const calls = permit && pool.has(token) ? room.takeFor(token) : [];
      if (permit && calls.length > 0) start({ calls, token, permit });
    }
    pumping.delete(token);
  };

  const start = (taken: Pick<SentRequest, 'calls' | 'token' | 'permit'>): void => {
    const request = { ...taken, sentMs: clock.monotonicMs(), jitter: deps.random() };
    const sending = send(request)
      .catch((error: unknown) => request.calls.forEach((call) => call.reject(error)))
      .finally(() => onTheirWay.delete(sending));
    onTheirWay.add(sending);
  };

  const send = async (request: SentRequest): Promise<void> => {
    const answer = await transmit(deps, request);
    if ('fault' in answer) outcomes.broke(request, answer);
    else outcomes.answered(request, answer);
    room.review();
  };

  return {
    submit: room.submit,
    forget: room.forget,
    review: room.review,
    drain: async () => {
      room.dismiss();
      await Promise.all(onTheirWay);
    },
  };
};

/** VK did not come to look at what was asked: not with this token, or not so soon. */
const turnsAway = ({ action }: ErrorDecision): boolean =>
  action === 'disable' || action === 'captcha' || action === 'slow';

const transmit = async (
  { transport, verdicts, cutOff, clock, logger }: Dependencies,
  { calls, token, sentMs }: SentRequest,
): Promise<VkAnswer | TransportError> => {
  const isPack = calls.length > 1;
  const method = isPack ? 'execute' : (calls[0]?.method ?? '');
  const params = isPack
    ? { code: executeCode(calls.map(({ code }) => code)) }
    : (calls[0]?.params ?? {});
  token.inFlight += 1;
  token.tryingExecute ||= isPack;
  calls[0]?.spend({ requests: 1 });
  for (const call of calls) verdicts.spend(token, call.method, 1, clock.monotonicMs());
  const answer = await transport(method, params, token.secret, cutOff).catch(
    (error: TransportError) => error,
  );
  token.inFlight -= 1;
  // A pack that is refused as a whole made none of its calls; one that got lost may have made all.
  const isRefused = !(answer instanceof TransportError) && !answer.ok;
  const isTurnedAway = isRefused && (isPack || turnsAway(decideOnError(method, answer.error)));
  for (const call of calls) {
    if (isRefused && isPack) verdicts.spend(token, call.method, -1, clock.monotonicMs());
    if (!isTurnedAway) call.spend({ calls: 1 });
  }
  if (isPack) token.tryingExecute = false;
  logger.debug('VK request', {
    method,
    calls: calls.length,
    token: token.secret.last4,
    ms: Math.round(clock.monotonicMs() - sentMs),
  });
  return answer;
};
