import type { Queue } from 'bullmq';
import type { TargetQueue } from '../services/targetHint';
import { COLLECT_QUEUE, collectJobOptions, type CollectJobData } from './collectJob';

/** A caller of the API is not kept waiting for a Redis that is away; the sweep makes up for it. */
const ADD_MS_MAX = 3_000;

/** Hints sent at once. */
const CHUNK = 1_000;

const withDeadline = async <T>(work: Promise<T>): Promise<T> => {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error('Redis did not take the hints in time.')),
    ADD_MS_MAX,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
};

/** Hands hints to BullMQ; the queue is opened by the first of them. */
export const createTargetQueue = (getQueue: () => Queue<CollectJobData>): TargetQueue => ({
  async addHints(hints) {
    const queue = getQueue();
    // Its commands fail at once while it is not connected, which it is not yet at its first use.
    await withDeadline(queue.waitUntilReady());
    for (let at = 0; at < hints.length; at += CHUNK) {
      const jobs = hints.slice(at, at + CHUNK).map((hint) => ({
        name: COLLECT_QUEUE,
        data: { targetId: hint.targetId },
        opts: collectJobOptions(hint),
      }));
      await withDeadline(queue.addBulk(jobs));
    }
  },
});
