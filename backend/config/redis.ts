import type { ConnectionOptions } from 'bullmq';
import { Redis } from 'ioredis';

/** Back within two seconds of Redis itself; ioredis would wait up to twenty. */
const retryStrategy = (tries: number): number => Math.min(tries * 200, 2_000);

/**
 * The connection that commands use: it fails fast, because a caller that cannot reach Redis must
 * neither hang nor send a request to VK without a permit.
 */
export const createRedis = (redisUrl: string): Redis =>
  new Redis(redisUrl, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    lazyConnect: true,
    connectTimeout: 3_000,
    commandTimeout: 2_000,
    retryStrategy,
  });

/** For a producer of jobs: it fails fast, so that a caller of the API is answered. */
export const producerConnection = (redisUrl: string): ConnectionOptions => ({
  url: redisUrl,
  maxRetriesPerRequest: 1,
  enableOfflineQueue: false,
  connectTimeout: 3_000,
  commandTimeout: 5_000,
  retryStrategy,
});

/** For a consumer: its blocking connection waits for Redis to come back. */
export const consumerConnection = (redisUrl: string): ConnectionOptions => ({
  url: redisUrl,
  maxRetriesPerRequest: null,
  connectTimeout: 3_000,
  retryStrategy,
});
