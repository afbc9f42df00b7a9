import type { ClaimedTarget, TargetEnd } from '../repositories/claimRepository';
import type { Logger } from '../utils/logger';
import { type CollectDependencies, collectTarget } from './collecting/collectTarget';
import { LostTargetError } from './collecting/committer';

export interface VkService {
  /**
   * Collects one target, if it is due and nobody else has it; may be called any number of times.
   * The target stays where it is when the process dies, and is taken up by the next claim.
   * @param signal stops the collecting between two pages and hands the target back to the queue
   */
  collectTarget(targetId: number, signal: AbortSignal): Promise<void>;
}

interface VkServiceDependencies extends CollectDependencies {
  logger: Logger;
  /** Claims in a row that committed nothing before a target counts as poison. */
  barrenClaimsMax: number;
}

/** How long a target that was paused or cancelled may go on asking VK, in milliseconds. */
const LOOK_MS_MAX = 2_000;

export const createVkService = (deps: VkServiceDependencies): VkService => {
  const { claimRepository, taskRepository, logger, settings } = deps;

  /** Extends the lease while pages are slow to come; a lost one stops the collecting. */
  const keepLease = (target: ClaimedTarget, control: AbortController): Timer => {
    const extend = async (): Promise<void> => {
      try {
        if (await claimRepository.heartbeat(target, settings.leaseMs)) return;
        control.abort(new LostTargetError('The lease is in other hands.'));
      } catch (error) {
        logger.warn('lease not extended', { targetId: target.id, error });
      }
    };
    return setInterval(() => void extend(), Math.min(settings.leaseMs / 3, LOOK_MS_MAX));
  };

  const collect = async (
    target: ClaimedTarget,
    control: AbortController,
  ): Promise<TargetEnd | null> => {
    if (target.barrenClaims > deps.barrenClaimsMax) {
      return { status: 'failed', reason: { kind: 'internal', code: null } };
    }
    const scope = await taskRepository.getScope(target.taskId);
    const wallScope = {
      limit: scope.postsLimit,
      since: scope.postsSince,
      until: scope.postsUntil,
      filter: scope.postsFilter,
      collectComments: scope.collectComments,
      collectThreads: scope.collectThreads,
    };
    return collectTarget(target, wallScope, deps, control);
  };

  const letGo = async (target: ClaimedTarget, end: TargetEnd): Promise<void> => {
    const isMine = await claimRepository.end(target, end);
    const fields = { taskId: target.taskId, targetId: target.id, status: end.status };
    if (isMine) logger.info('target let go', fields);
    else logger.info('target lost', fields);
  };

  return {
    async collectTarget(targetId, signal) {
      if (signal.aborted) return;
      const target = await claimRepository.claim(targetId, settings.leaseMs);
      if (target === null) return;
      const fields = { taskId: target.taskId, targetId, epoch: target.epoch };
      logger.info('target claimed', fields);
      const control = new AbortController();
      const stop = (): void => control.abort(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      const lease = keepLease(target, control);
      try {
        const end = await collect(target, control);
        if (end !== null) await letGo(target, end);
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
