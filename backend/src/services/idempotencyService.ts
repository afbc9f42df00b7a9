import { createHash } from 'node:crypto';
import type { Transaction } from 'sequelize';
import { AppError } from '../errors';
import type {
  IdempotencyKey,
  IdempotencyRepository,
  StoredReply,
} from '../repositories/idempotencyRepository';
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

export interface IdempotentOutcome {
  reply: StoredReply;
  /** The reply is that of an earlier request. */
  isReplay: boolean;
}

/**
 * Carries out a request once for each key of a caller, for 24 hours: asked again, the first reply
 * is given again. A request that fails is not remembered, so that it may be sent again.
 * Both throw AppError `idempotency_mismatch` when the key came with another request before,
 * `conflict` while the first one is still at work, and what `work` throws.
 */
export interface IdempotencyService {
  /** `work` does all that it does in the given transaction: not even a crash can do it twice. */
  once(
    request: IdempotentRequest,
    work: (transaction: Transaction) => Promise<StoredReply>,
  ): Promise<IdempotentOutcome>;
  /** For work that takes too long for a transaction and may be repeated after a crash. */
  onceOverTime(
    request: IdempotentRequest,
    work: () => Promise<StoredReply>,
  ): Promise<IdempotentOutcome>;
}

/** How long a long request keeps its key without a sign of life. */
const HOLD_MS = 60_000;

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

const atWork = (): AppError =>
  new AppError(
    'conflict',
    'A request with this Idempotency-Key is still being worked on; ask again soon.',
  );

export const createIdempotencyService = ({
  idempotencyRepository: repository,
  withTransaction,
}: {
  idempotencyRepository: IdempotencyRepository;
  withTransaction: WithTransaction;
}): IdempotencyService => {
  /** Locks the key. @returns the reply that was given before, if there was one. */
  const recall = async (
    id: IdempotencyKey,
    requestHash: Buffer,
    transaction: Transaction,
  ): Promise<StoredReply | null> => {
    if (!(await repository.tryLock(id, transaction))) throw atWork();
    const stored = await repository.find(id, transaction);
    if (stored === null) return null;
    if (!stored.requestHash.equals(requestHash)) {
      throw new AppError(
        'idempotency_mismatch',
        'This Idempotency-Key came with another request before; take a new one.',
      );
    }
    if (stored.reply === null) throw atWork();
    return stored.reply;
  };

  const runHolding = async (
    id: IdempotencyKey,
    requestHash: Buffer,
    work: () => Promise<StoredReply>,
  ): Promise<StoredReply> => {
    // A renewal that fails is made up for by the next one.
    const renew = (): void => void repository.renew(id, HOLD_MS).catch(() => undefined);
    const timer = setInterval(renew, HOLD_MS / 3);
    try {
      const reply = await work();
      clearInterval(timer);
      await repository.store(id, { requestHash, reply });
      return reply;
    } catch (error) {
      clearInterval(timer);
      await repository.forget(id);
      throw error;
    }
  };

  return {
    once: (request, work) =>
      withTransaction(undefined, async (transaction) => {
        const { owner, key } = request;
        if (key === undefined) return { reply: await work(transaction), isReplay: false };
        const requestHash = hashOf(request);
        const earlier = await recall({ owner, key }, requestHash, transaction);
        if (earlier) return { reply: earlier, isReplay: true };
        const reply = await work(transaction);
        await repository.store({ owner, key }, { requestHash, reply }, transaction);
        return { reply, isReplay: false };
      }),

    async onceOverTime(request, work) {
      const { owner, key } = request;
      if (key === undefined) return { reply: await work(), isReplay: false };
      const id = { owner, key };
      const requestHash = hashOf(request);
      const earlier = await withTransaction(undefined, async (transaction) => {
        const reply = await recall(id, requestHash, transaction);
        if (reply) return reply;
        await repository.store(id, { requestHash, reply: null, holdMs: HOLD_MS }, transaction);
        return null;
      });
      if (earlier) return { reply: earlier, isReplay: true };
      return { reply: await runHolding(id, requestHash, work), isReplay: false };
    },
  };
};
