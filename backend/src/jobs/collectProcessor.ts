import type { Job } from 'bullmq';
import type { VkService } from '../services/vkService';
import { withLogFields } from '../utils/logContext';
import type { CollectJobData } from './collectJob';

/** Unpacks a job and calls the service; what fails is told there and repeated by the sweep. */
export const createCollectProcessor =
  (vkService: VkService, stopping: AbortSignal) =>
  async (job: Job<CollectJobData>): Promise<void> =>
    withLogFields({ jobId: job.id ?? '' }, () =>
      vkService.collectTarget(job.data.targetId, stopping),
    );
