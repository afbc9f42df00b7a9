import type { Redis } from 'ioredis';
import { createDispatcher } from './dispatcher';
import { createPendingCall } from './pendingCall';
import { createRateLimiter } from './rateLimiter';
import { systemClock } from './systemClock';
import { createTokenJournal } from './tokenJournal';
import { createTokenPool } from './tokenPool';
import { createTokenVerdicts } from './tokenVerdicts';
import { createTransport } from './transport';
import type {
  CallContext,
  Clock,
  VkApi,
  VkApiConfig,
  VkApiLogger,
  VkMethod,
  VkParams,
  VkReply,
} from './types';

/** How long `close` waits for requests on their way; what they bring would else be asked twice. */
const CLOSE_GRACE_MS = 5_000;

interface Dependencies {
  config: VkApiConfig;
  redis: Redis;
  logger: VkApiLogger;
  clock?: Clock;
  /** From 0 to 1. */
  random?: () => number;
  /** Something happened to a token that is worth an exchange soon. */
  onTokenNews?: () => void;
}

/** The one way to VK: see `VkApi`. Opens nothing until the first call. */
export const createVkApi = ({
  config,
  redis,
  logger,
  clock = systemClock,
  random = Math.random,
  onTokenNews = () => {},
}: Dependencies): VkApi => {
  const stopping = new AbortController();
  const cutOff = new AbortController();
  const journal = createTokenJournal(onTokenNews);
  const verdicts = createTokenVerdicts({ journal, onNews: onTokenNews });
  const pool = createTokenPool({ config, journal, verdicts, clock });
  const limiter = createRateLimiter({
    redis,
    prefix: config.redisPrefix,
    jitterMs: config.jitterMs,
    clock,
    logger,
    random,
    signal: stopping.signal,
  });
  const dispatcher = createDispatcher({
    ...config,
    pool,
    verdicts,
    limiter,
    transport: createTransport(config),
    clock,
    logger,
    random,
    stopping: stopping.signal,
    cutOff: cutOff.signal,
  });

  return {
    call: <M extends VkMethod>(method: M, params: VkParams<M>, context: CallContext) =>
      new Promise<VkReply<M>>((resolve, reject) => {
        if (context.signal?.aborted) return reject(context.signal.reason);
        const call = createPendingCall(method, params, context, {
          resolve: (reply, fetchedAt) =>
            resolve({ reply: reply as VkReply<M>['reply'], fetchedAt }),
          reject,
          onAbort: dispatcher.forget,
        });
        dispatcher.submit(call);
      }),
    close: async () => {
      stopping.abort();
      const grace = new AbortController();
      const drained = dispatcher.drain().finally(() => grace.abort());
      await clock.sleep(CLOSE_GRACE_MS, grace.signal);
      cutOff.abort();
      await drained;
    },
    tokens: pool.states,
    exchangeTokens: async (withOthers) => {
      const hasReleased = await pool.exchange(withOthers);
      dispatcher.review();
      return hasReleased;
    },
  };
};
