import { createConnection } from 'node:net';
import { Redis } from 'ioredis';
import type { PrivateServices } from '../../support/services';

export const hostAndPort = (url: string): { host: string; port: number } => {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
};

const isListening = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection(hostAndPort(url));
    const end = (isOpen: boolean) => () => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', end(true)).once('error', end(false));
  });

/** Does nothing where it runs. */
export const startRedis = async ({ redis, redisUrl }: PrivateServices): Promise<void> => {
  if (!(await isListening(redisUrl))) await redis.start();
};

/** A connection of the test's own to the Redis of a lane, past the proxy. */
export const withRedis = async <T>(
  { redisUrl }: PrivateServices,
  work: (redis: Redis) => Promise<T>,
): Promise<T> => {
  const redis = new Redis(redisUrl, { lazyConnect: true, retryStrategy: () => null });
  // Unheard, ioredis would print it.
  redis.on('error', () => {});
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
};
