import type { Queue } from 'bullmq';
import { AppError } from '../errors';
import { withDeadline } from '../utils/withDeadline';
import type { CollectJobData } from './collectJob';

const READY_MS_MAX = 1_500;

export type GetReadyQueue = () => Promise<Queue<CollectJobData>>;

/**
 * The queue for those who look at it, opened by the first of them.
 * @throws AppError `queue_unavailable`, within two seconds, when Redis does not answer.
 */
export const createReadyQueue =
  ({
    getQueue,
    pingRedis,
  }: {
    getQueue: () => Queue<CollectJobData>;
    pingRedis: () => Promise<unknown>;
  }): GetReadyQueue =>
  async () => {
    const reach = async (): Promise<Queue<CollectJobData>> => {
      // First: a queue that was ready once does not tell that Redis has gone since.
      await pingRedis();
      const queue = getQueue();
      await queue.waitUntilReady();
      return queue;
    };
    try {
      return await withDeadline(reach(), READY_MS_MAX, 'Redis did not answer in time.');
    } catch (cause) {
      throw new AppError('queue_unavailable', 'Redis cannot be reached; try again soon.', {
        cause,
      });
    }
  };
