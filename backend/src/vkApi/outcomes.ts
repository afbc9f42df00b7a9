import { backoffMs, createCallOutcomes } from './callOutcomes';
import type { CallOutcomes, OutcomeDependencies, SentRequest } from './callOutcomes';
import { decideOnError, refusesExecute } from './errorActions';
import type { VkErrorReply } from './errorActions';
import type { TransportError } from './errors';
import { matchReplies } from './executeBatch';
import type { PendingCall } from './pendingCall';
import type { VkAnswer } from './transport';

/** Statuses that VK gives steadily for a pack that holds one call it cannot bear. */
const BREAKING_STATUSES: ReadonlySet<number | null> = new Set([500, 502, 504]);
const BROKEN_PACKS_MAX = 2;

export interface Outcomes {
  /** VK's API answered, with a reply or with an error of its own. */
  answered: (request: SentRequest, answer: VkAnswer) => void;
  /** No answer of VK's API came. */
  broke: (request: SentRequest, error: TransportError) => void;
}

type PackAnswer = Extract<VkAnswer, { ok: true }>;

/** Turns what came of a request into what becomes of its calls and of its token. */
export const createOutcomes = (deps: OutcomeDependencies): Outcomes => {
  const { again, verdicts, logger } = deps;
  const outcomes = createCallOutcomes(deps);

  const answered: Outcomes['answered'] = (request, answer) => {
    const [first, ...others] = request.calls;
    if (!first) return;
    const isPack = others.length > 0;
    if (answer.ok) {
      if (isPack) unpack(deps, outcomes, request, answer);
      else outcomes.fulfil(first, request, answer.response);
    } else {
      first.spend({ errors: 1 });
      if (isPack) refusedPack(request, answer.error);
      else outcomes.refused(first, request, first.method, answer.error);
    }
  };

  /** VK refused `execute` itself: which of its calls is to blame shows when they go singly. */
  const refusedPack = (request: SentRequest, error: VkErrorReply): void => {
    const { calls, token } = request;
    const { action } = decideOnError('execute', error);
    if (refusesExecute(error)) {
      verdicts.learnExecute(token, false);
      logger.info('VK token cannot pack calls', { token: token.secret.last4, code: error.code });
      for (const call of calls) again(call);
    } else if (action === 'split') {
      halve(calls);
    } else {
      const isAboutCalls = ['single', 'mark', 'fail', 'rotate'].includes(action);
      for (const call of calls) {
        if (isAboutCalls) alone(again, call);
        else outcomes.refused(call, request, 'execute', error);
      }
    }
  };

  /** Not counted as a try: it ends by itself when the call is alone. */
  const halve = (calls: readonly PendingCall[], delayMs = 0): void => {
    for (const call of calls) {
      call.packMax = Math.ceil(calls.length / 2);
      again(call, delayMs);
    }
  };

  const broke: Outcomes['broke'] = (request, error) => {
    const { calls, token, jitter } = request;
    const { fault, status } = error;
    calls[0]?.spend({ errors: 1 });
    const { last4 } = token.secret;
    logger.warn('VK request failed', { fault, status, calls: calls.length, token: last4 });
    const isPack = calls.length > 1;
    if (fault === 'too_large' || status === 413) {
      if (isPack) halve(calls);
      else for (const call of calls) outcomes.giveUp(call, error);
    } else if (isPack && isBroken(calls, error)) {
      halve(calls, backoffMs(1, jitter));
    } else {
      for (const call of calls) outcomes.broke(call, request, error);
    }
  };

  return { answered, broke };
};

const unpack = (
  { again, verdicts, replySizes }: OutcomeDependencies,
  outcomes: CallOutcomes,
  request: SentRequest,
  { response, executeErrors }: PackAnswer,
): void => {
  verdicts.learnExecute(request.token, true);
  verdicts.served(request.token, 'execute', request.sentMs);
  const methods = request.calls.map((call) => call.method);
  const parts = matchReplies(methods, response, executeErrors);
  // Measuring one at random tells enough and costs little.
  const measured = Math.floor(request.jitter * parts.length);
  const calls = request.calls.map((call, index) => ({ call, index, part: parts[index] }));
  // Replies first: they tell how much to believe of what VK says beside them.
  for (const { call, index, part } of calls) {
    if (part?.type !== 'reply') continue;
    if (index === measured) replySizes.learn(call, part.reply);
    outcomes.fulfil(call, request, part.reply);
  }
  for (const { call, part } of calls) {
    if (part?.type === 'reply') continue;
    if (part?.type === 'error') {
      call.spend({ errors: 1 });
      outcomes.refused(call, request, call.method, part.error);
    } else {
      alone(again, call);
    }
  }
};

const alone = (again: OutcomeDependencies['again'], call: PendingCall): void => {
  call.packMax = 1;
  again(call);
};

/** Counts a failure that a pack may have brought on itself; the second one says that it did. */
const isBroken = (calls: readonly PendingCall[], { fault, status }: TransportError): boolean => {
  const mayBeThePack = fault === 'timeout' || (fault === 'http' && BREAKING_STATUSES.has(status));
  if (!mayBeThePack) return false;
  for (const call of calls) call.brokenPacks += 1;
  return calls.some((call) => call.brokenPacks >= BROKEN_PACKS_MAX);
};
