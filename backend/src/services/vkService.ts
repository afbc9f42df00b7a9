import type { ClaimedTarget, TargetEnd } from '../repositories/claimRepository';
import type { TargetRepository } from '../repositories/targetRepository';
import type { Logger } from '../utils/logger';
import { type CollectDependencies, collectTarget } from './collecting/collectTarget';
import { LostTargetError } from './collecting/committer';
import { keepLease } from './collecting/keepLease';
import type { TargetQueue } from './targetHint';
import type { TokenKeeper } from './tokens/tokenKeeper';
import { toCollectScope } from './taskScope';

export interface VkService {
  /**
   * Collects one target, if it is due and nobody else has it; may be called any number of times.
   * The target stays where it is when the process dies, and is taken up by the next claim.
   * @param signal stops the collecting between two pages and hands the target back to the queue
   */
  collectTarget(targetId: number, signal: AbortSignal): Promise<void>;
}

interface VkServiceDependencies extends CollectDependencies {
  targetRepository: TargetRepository;
  targetQueue: TargetQueue;
  logger: Logger;
  tokenKeeper: Pick<TokenKeeper, 'wakeIfReleasedSince'>;
  /** Claims in a row that committed nothing before a target counts as poison. */
  barrenClaimsMax: number;
}

export const createVkService = (deps: VkServiceDependencies): VkService => {
  const { claimRepository, targetRepository, taskRepository, targetQueue, logger, settings } = deps;

  const collect = async (
    target: ClaimedTarget,
    control: AbortController,
  ): Promise<TargetEnd | null> => {
    if (target.barrenClaims > deps.barrenClaimsMax) {
      return { status: 'failed', reason: { kind: 'internal', code: null } };
    }
    const scope = await taskRepository.getScope(target.taskId);
    return collectTarget(target, toCollectScope(scope), deps, control);
  };

  /** Those who wanted the same wall need not wait for the sweep. */
  const tellNext = async ({ id }: ClaimedTarget): Promise<void> => {
    try {
      const next = await targetRepository.listQueuedBehind(id);
      if (next.length > 0) await targetQueue.addHints(next);
    } catch (error) {
      logger.warn('queue not told of the next target', { targetId: id, error });
    }
  };

  const letGo = async (target: ClaimedTarget, end: TargetEnd): Promise<void> => {
    const isMine = await claimRepository.end(target, end);
    const fields = { taskId: target.taskId, targetId: target.id, status: end.status };
    if (!isMine) return logger.info('target lost', fields);
    logger.info('target let go', fields);
    await tellNext(target);
  };

  return {
    async collectTarget(targetId, signal) {
      if (signal.aborted) return;
      const claimedMs = deps.nowMs();
      const target = await claimRepository.claim(targetId, settings.leaseMs);
      if (target === null) return;
      const fields = { taskId: target.taskId, targetId, epoch: target.epoch };
      logger.info('target claimed', fields);
      const control = new AbortController();
      const stop = (): void => control.abort(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      // It may have been said while the target was being claimed.
      if (signal.aborted) stop();
      const lease = keepLease({
        claimRepository,
        logger,
        target,
        control,
        leaseMs: settings.leaseMs,
      });
      try {
        const end = await collect(target, control);
        if (end !== null) await letGo(target, end);
        if (end?.status === 'waiting') await deps.tokenKeeper.wakeIfReleasedSince(claimedMs);
      } catch (error) {
        if (error instanceof LostTargetError) return;
        if (!signal.aborted) logger.error('collecting stopped', { ...fields, error });
        // Handed back at once; if that fails too, the lease runs out and the sweep finds it.
        await letGo(target, { status: 'queued' }).catch((cause: unknown) =>
          logger.warn('target not handed back', { ...fields, error: cause }),
        );
      } finally {
        clearInterval(lease);
        signal.removeEventListener('abort', stop);
      }
    },
  };
};
