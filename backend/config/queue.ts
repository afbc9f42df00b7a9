import { Queue, Worker, type Job } from 'bullmq';
import { COLLECT_QUEUE, type CollectJobData } from '../src/jobs/collectJob';
import { consumerConnection, producerConnection } from './redis';

export interface QueueConfig {
  redisUrl: string;
  redisPrefix: string;
}

type CollectHandler = (job: Job<CollectJobData>) => Promise<void>;

/** A producer fails fast: a caller of the API is answered, not left hanging. */
const createQueue = ({ redisUrl, redisPrefix }: QueueConfig): Queue<CollectJobData> =>
  new Queue<CollectJobData>(COLLECT_QUEUE, {
    // Options, not a connection: what BullMQ opens itself it also closes.
    connection: producerConnection(redisUrl),
    prefix: redisPrefix,
  });

/**
 * `maxStalledCount` is high because BullMQ never resets it: a target that survives many crashes of
 * its workers would be failed by the queue. Poison is counted in PostgreSQL instead.
 */
const createWorker = (
  { redisUrl, redisPrefix }: QueueConfig,
  concurrency: number,
  handler: CollectHandler,
): Worker<CollectJobData> =>
  new Worker<CollectJobData>(COLLECT_QUEUE, handler, {
    connection: consumerConnection(redisUrl),
    prefix: redisPrefix,
    concurrency,
    autorun: false,
    lockDuration: 15_000,
    stalledInterval: 5_000,
    maxStalledCount: 1_000,
    drainDelay: 2,
  });

const queues = new Map<string, Queue<CollectJobData>>();
const workers = new Map<string, Worker<CollectJobData>>();

/** One of each kind for every queue that a process speaks to; one that was closed is made anew. */
const shared = <T extends { closing: Promise<void> | undefined }>(
  known: Map<string, T>,
  { redisUrl, redisPrefix }: QueueConfig,
  create: () => T,
): T => {
  const key = `${redisPrefix} ${redisUrl}`;
  const open = known.get(key);
  if (open && !open.closing) return open;
  const made = create();
  known.set(key, made);
  return made;
};

/** The queue of this process; the first call opens it. */
export const queue = (config: QueueConfig): Queue<CollectJobData> =>
  shared(queues, config, () => createQueue(config));

/**
 * The worker of this process; the first call opens it, and its handler stays; `run()` starts it.
 */
export const worker = (
  config: QueueConfig,
  concurrency: number,
  handler: CollectHandler,
): Worker<CollectJobData> =>
  shared(workers, config, () => createWorker(config, concurrency, handler));
