import type { RequestHandler } from 'express';
import { rateLimit, type Store } from 'express-rate-limit';
import { AppError } from '../errors';
import { holderIn } from '../services/identity';
import type { RequestCounter } from '../services/requestCounter';

const WINDOW_MS = 60_000;

const createStore = (requestCounter: RequestCounter): Store => ({
  increment: (holder) => requestCounter.count(holder, WINDOW_MS),
  // Asked for by no option that is used here.
  decrement: () => undefined,
  resetKey: () => undefined,
});

// The counter itself says once that nothing is limited.
const silent = { error: () => undefined, warn: () => undefined };

/**
 * So many requests a minute for each key and each person, told in the RateLimit headers of the IETF
 * draft. Without Redis nobody is limited: it may be away at any time, and whoever is counted here
 * has shown a credential.
 * @param perMinute 0 for no limit
 */
export const createRateLimit = ({
  requestCounter,
  perMinute,
}: {
  requestCounter: RequestCounter;
  perMinute: number;
}): RequestHandler => {
  if (perMinute === 0) return (_request, _response, next) => next();
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    identifier: 'requests',
    // Signing in is counted otherwise.
    skip: (_request, { locals }) => locals['identity'] === undefined,
    keyGenerator: (_request, { locals }) => holderIn(locals),
    store: createStore(requestCounter),
    passOnStoreError: true,
    logger: silent,
    handler: (_request, _response, next) =>
      next(new AppError('too_many_requests', `At most ${perMinute} requests a minute.`)),
  });
};
