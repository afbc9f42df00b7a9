import type { Redis } from 'ioredis';
import type { Logger } from '../utils/logger';
import { withDeadline } from '../utils/withDeadline';

export interface CountedRequests {
  totalHits: number;
  /** When counting begins anew. */
  resetTime: Date;
}

/** Counts the requests of each holder over all processes. */
export interface RequestCounter {
  /** @throws when Redis does not answer soon; for a while after that, at once. */
  count(holder: string, windowMs: number): Promise<CountedRequests>;
}

/** A request must not wait long for being counted. */
const REDIS_MS_MAX = 250;
/** After Redis has not answered; else each request would wait for it in turn. */
const REST_MS = 5_000;

const COUNT = `
  local hits = redis.call('INCR', KEYS[1])
  local left = redis.call('PTTL', KEYS[1])
  if left < 0 then
    redis.call('PEXPIRE', KEYS[1], ARGV[1])
    left = tonumber(ARGV[1])
  end
  return { hits, left }`;

interface CountCommand {
  stenografCountRequest: (key: string, windowMs: number) => Promise<[hits: number, left: number]>;
}

export const createRequestCounter = ({
  redis,
  prefix,
  logger,
}: {
  redis: Redis;
  prefix: string;
  logger: Logger;
}): RequestCounter => {
  redis.defineCommand('stenografCountRequest', { numberOfKeys: 1, lua: COUNT });
  // ioredis puts the defined command on the instance, which its types cannot tell.
  const commands = redis as unknown as CountCommand;
  let restsUntil = 0;

  return {
    async count(holder, windowMs) {
      if (performance.now() < restsUntil) throw new Error('Redis did not answer a moment ago.');
      try {
        const key = `${prefix}:requests:${holder}`;
        const [totalHits, left] = await withDeadline(
          commands.stenografCountRequest(key, windowMs),
          REDIS_MS_MAX,
          'Redis is late.',
        );
        restsUntil = 0;
        return { totalHits, resetTime: new Date(Date.now() + left) };
      } catch (error) {
        if (restsUntil === 0) logger.warn('Requests are not limited: no Redis', { error });
        restsUntil = performance.now() + REST_MS;
        throw error;
      }
    },
  };
};
