import type { JobsOptions } from 'bullmq';
import type { TargetHint } from '../services/targetHint';

/**
 * The contract of the queue. A job is a hint that a target may be due: its row in PostgreSQL is the
 * truth, so a job may come twice, late or never, and nothing is lost or doubled.
 */
export const COLLECT_QUEUE = 'collect';

export interface CollectJobData {
  targetId: number;
}

/** The epoch makes each claim's hint unique, so that a hint of the past never hides a new one. */
export const collectJobId = ({ targetId, epoch }: TargetHint): string => `t-${targetId}-${epoch}`;

/** Finished hints are removed at once: a kept job of the same id would swallow a re-issued one. */
export const collectJobOptions = (hint: TargetHint): JobsOptions => ({
  jobId: collectJobId(hint),
  priority: hint.priority,
  attempts: 1,
  removeOnComplete: true,
  removeOnFail: true,
});
