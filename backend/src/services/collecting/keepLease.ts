import type { ClaimedTarget, ClaimRepository } from '../../repositories/claimRepository';
import type { Logger } from '../../utils/logger';
import { LostTargetError } from './committer';

/** How long a target that was paused or cancelled may go on asking VK, in milliseconds. */
const LOOK_MS_MAX = 2_000;

interface KeepLeaseOptions {
  claimRepository: ClaimRepository;
  logger: Logger;
  target: ClaimedTarget;
  /** Aborted with a LostTargetError when the target has gone to other hands. */
  control: AbortController;
  leaseMs: number;
}

/** Extends the lease while pages are slow to come. @returns the timer to be cleared at the end. */
export const keepLease = (options: KeepLeaseOptions): Timer => {
  const { claimRepository, logger, target, control, leaseMs } = options;
  const extend = async (): Promise<void> => {
    try {
      if (await claimRepository.heartbeat(target, leaseMs)) return;
      control.abort(new LostTargetError('The lease is in other hands.'));
    } catch (error) {
      logger.warn('lease not extended', { targetId: target.id, error });
    }
  };
  return setInterval(() => void extend(), Math.min(leaseMs / 3, LOOK_MS_MAX));
};
