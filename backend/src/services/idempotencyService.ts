import { createHash } from 'node:crypto';
import type { Transaction } from 'sequelize';
import { AppError } from '../errors';
import type { IdempotencyRepository, StoredReply } from '../repositories/idempotencyRepository';
import type { WithTransaction } from '../repositories/withTransaction';

export interface IdempotentRequest {
  /** Who asks: two callers may choose the same key. */
  owner: string;
  /** What the caller sent as `Idempotency-Key`; undefined: nothing is remembered. */
  key: string | undefined;
  /** Which route. */
  operation: string;
  /** What was asked for, after its checks. */
  body: unknown;
}

export interface IdempotencyService {
  /**
   * Carries out a request once for each key of a caller, for 24 hours: asked again, the first reply
   * is given again. `work` does all that it does in the given transaction. A request that fails is
   * not remembered, so that it may be sent again.
   * @returns the reply, and whether it is an earlier one.
   * @throws AppError `idempotency_mismatch` when the key came with another request before;
   *   `conflict` while the first one is still at work; what `work` throws.
   */
  once(
    request: IdempotentRequest,
    work: (transaction: Transaction) => Promise<StoredReply>,
  ): Promise<{ reply: StoredReply; isReplay: boolean }>;
}

/** Keys in one order, so that the same request written otherwise is the same request. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, child]) => [key, canonical(child)]));
};

const hashOf = ({ operation, body }: IdempotentRequest): Buffer =>
  createHash('sha256')
    .update(JSON.stringify([operation, canonical(body)]))
    .digest();

export const createIdempotencyService = ({
  idempotencyRepository,
  withTransaction,
}: {
  idempotencyRepository: IdempotencyRepository;
  withTransaction: WithTransaction;
}): IdempotencyService => ({
  once: (request, work) =>
    withTransaction(undefined, async (transaction) => {
      const { owner, key } = request;
      if (key === undefined) return { reply: await work(transaction), isReplay: false };
      const id = { owner, key };
      if (!(await idempotencyRepository.tryLock(id, transaction))) {
        throw new AppError(
          'conflict',
          'A request with this Idempotency-Key is still being worked on; ask again soon.',
        );
      }
      const requestHash = hashOf(request);
      const stored = await idempotencyRepository.find(id, transaction);
      if (stored && !stored.requestHash.equals(requestHash)) {
        throw new AppError(
          'idempotency_mismatch',
          'This Idempotency-Key came with another request before; take a new one.',
        );
      }
      if (stored) return { reply: stored.reply, isReplay: true };
      const reply = await work(transaction);
      await idempotencyRepository.insert(id, requestHash, reply, transaction);
      return { reply, isReplay: false };
    }),
});
