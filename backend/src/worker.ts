import type { Config } from '../config/env';
import { worker } from '../config/queue';
import { assertVkHost } from './assertVkHost';
import { type Container, createContainer } from './container';
import { createCollectProcessor } from './jobs/collectProcessor';

export interface RunningWorker {
  stop(): Promise<void>;
}

/** Commands fail at once while there is no connection; an outage at the start is no reason to end. */
export const openRedis = async ({ redis, logger }: Container): Promise<void> => {
  if (redis.status !== 'wait') return;
  await redis.connect().catch((error: unknown) => logger.warn('Redis does not answer', { error }));
};

/** Starts the job process on a container; what it opens is released with the container. */
export const runWorker = async (container: Container): Promise<void> => {
  const { config, lifecycle, logger, vkService, sweepService, tokenKeeper } = container;
  await openRedis(container);
  await assertVkHost(container);
  await tokenKeeper.start();
  const stopping = new AbortController();
  const processor = createCollectProcessor(vkService, stopping.signal);
  const collector = worker(config, config.worker.targetsMax, processor);
  collector.on('error', (error) => logger.debug('worker connection', { error }));
  collector.on('failed', (job, error) => logger.error('job failed', { jobId: job?.id, error }));
  sweepService.start();
  void collector.run().catch((error: unknown) => logger.error('worker ended', { error }));
  lifecycle.onStop('worker', async () => {
    stopping.abort(new Error('The process is stopping.'));
    await sweepService.stop();
    await collector.close();
  });
};

/**
 * Starts a job process of its own.
 * @throws AppError when the database was filled from another VK host.
 */
export const startWorker = async (config: Config): Promise<RunningWorker> => {
  const container = createContainer(config);
  try {
    await runWorker(container);
  } catch (error) {
    await container.lifecycle.stop();
    throw error;
  }
  return { stop: container.lifecycle.stop };
};
