import type { TargetRepository } from '../repositories/targetRepository';
import type { Logger } from '../utils/logger';
import type { TargetQueue } from './targetHint';

/** Targets told of at once; the sweep of any worker tells of the rest. */
const HINTS_MAX = 500;

interface Dependencies {
  targetRepository: Pick<TargetRepository, 'requeueWaitingForTokens' | 'listDue'>;
  targetQueue: TargetQueue;
  logger: Logger;
}

/**
 * Queues every target that waits for a token, a quota or a person, and tells the workers. Safe to
 * repeat: those that still cannot go on wait again without a call to VK.
 */
export const createWakeWaiting =
  ({ targetRepository, targetQueue, logger }: Dependencies) =>
  async (): Promise<void> => {
    await targetRepository.requeueWaitingForTokens();
    const hints = await targetRepository.listDue(HINTS_MAX);
    if (hints.length === 0) return;
    await targetQueue
      .addHints(hints)
      .catch((error: unknown) => logger.warn('queue not told of waiting targets', { error }));
  };
