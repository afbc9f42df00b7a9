import type { Response } from 'express';
import type { StoredReply } from '../repositories/idempotencyRepository';
import type { IdempotencyHeaders } from '../schemas/parameters';
import { holderIn } from '../services/identity';
import type { IdempotentRequest } from '../services/idempotencyService';

/** A request as `idempotencyService` knows it again. */
export const idempotentRequest = (
  operation: string,
  body: unknown,
  headers: IdempotencyHeaders,
  { locals }: Response,
): IdempotentRequest => ({
  owner: holderIn(locals),
  key: headers['idempotency-key'],
  operation,
  body,
});

export const sendReply = (
  { reply, isReplay }: { reply: StoredReply; isReplay: boolean },
  response: Response,
): void => {
  if (isReplay) response.set('Idempotency-Replayed', 'true');
  if (reply.location !== null) response.location(reply.location);
  response.status(reply.status).json(reply.body);
};
