import type { TargetRepository } from '../repositories/targetRepository';
import type { Logger } from '../utils/logger';
import type { TargetQueue } from './targetHint';

export interface SweepService {
  /** Starts telling the queue, again and again, of targets that are due. */
  start(): void;
  /** Resolves when no sweep is on its way. */
  stop(): Promise<void>;
}

/** Targets told of by one sweep; the next one tells of the rest. */
const HINTS_MAX = 500;

/**
 * Makes up for every hint that was lost: an emptied Redis, a killed worker, a wait that is over.
 * Telling twice is harmless, since hints of one claim share their id.
 */
export const createSweepService = ({
  targetRepository,
  targetQueue,
  logger,
  everyMs,
}: {
  targetRepository: Pick<TargetRepository, 'listDue'>;
  targetQueue: TargetQueue;
  logger: Logger;
  everyMs: number;
}): SweepService => {
  let timer: Timer | undefined;
  let active: Promise<void> | undefined;

  const sweep = async (): Promise<void> => {
    try {
      const hints = await targetRepository.listDue(HINTS_MAX);
      if (hints.length > 0) await targetQueue.addHints(hints);
    } catch (error) {
      logger.warn('sweep failed', { error });
    }
  };

  return {
    start() {
      const sweepOnce = (): void => {
        active ??= sweep().finally(() => {
          active = undefined;
        });
      };
      // At once: what an earlier process left behind should not wait for the first interval.
      sweepOnce();
      timer ??= setInterval(sweepOnce, everyMs);
    },
    async stop() {
      clearInterval(timer);
      await active;
    },
  };
};
