import { Redis } from 'ioredis';

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
    retryStrategy: (tries) => Math.min(tries * 200, 2_000),
  });

/** BullMQ's blocking connections wait for Redis to come back instead. */
export const createWorkerRedis = (redisUrl: string): Redis =>
  new Redis(redisUrl, {
    maxRetriesPerRequest: null,
    lazyConnect: true,
    connectTimeout: 3_000,
    retryStrategy: (tries) => Math.min(tries * 200, 2_000),
  });
