import type { Queue } from 'bullmq';
import type { TargetQueue } from '../services/targetHint';
import { withDeadline } from '../utils/withDeadline';
import { COLLECT_QUEUE, collectJobOptions, type CollectJobData } from './collectJob';

/** A caller of the API is not kept waiting for a Redis that is away; the sweep makes up for it. */
const ADD_MS_MAX = 3_000;

/** Hints sent at once. */
const CHUNK = 1_000;

const inTime = <T>(work: Promise<T>): Promise<T> =>
  withDeadline(work, ADD_MS_MAX, 'Redis did not take the hints in time.');

/** Hands hints to BullMQ; the queue is opened by the first of them. */
export const createTargetQueue = (getQueue: () => Queue<CollectJobData>): TargetQueue => ({
  async addHints(hints) {
    const queue = getQueue();
    // Its commands fail at once while it is not connected, which it is not yet at its first use.
    await inTime(queue.waitUntilReady());
    for (let at = 0; at < hints.length; at += CHUNK) {
      const jobs = hints.slice(at, at + CHUNK).map((hint) => ({
        name: COLLECT_QUEUE,
        data: { targetId: hint.targetId },
        opts: collectJobOptions(hint),
      }));
      await inTime(queue.addBulk(jobs));
    }
  },
});
