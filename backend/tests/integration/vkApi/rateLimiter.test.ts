import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Redis } from 'ioredis';
import { createRateLimiter } from '../../../src/vkApi/rateLimiter';
import type { PacedToken, Permit, RateLimiter } from '../../../src/vkApi/rateLimiter';
import { systemClock } from '../../../src/vkApi/systemClock';
import { hostAndPort } from '../../chaos/rig/servers';
import { createTcpProxy } from '../../chaos/rig/tcpProxy';
import { startPrivateServices } from '../../support/services';
import type { PrivateServices } from '../../support/services';
import { createLogRecorder, openRedis, range } from './support';

const JITTER_MS = 100;
const PREFIX = 'limiter-test:';

interface Passage {
  slotMs: number;
  sentMs: number;
}

let services: PrivateServices;
/** One connection and one limiter for each process that there would be. */
let processes: { redis: Redis; limiter: RateLimiter; logs: ReturnType<typeof createLogRecorder> }[];
const stopping = new AbortController();
let made = 0;
const newToken = (rps: number): PacedToken => ({ fingerprint: `token-${made++}`, rps });
const stateKey = ({ fingerprint }: PacedToken): string => `${PREFIX}{tok:${fingerprint}}:pace`;

const startProcess = async (redisUrl: string) => {
  const redis = await openRedis(redisUrl);
  redis.on('error', () => {});
  const logs = createLogRecorder();
  const limiter = createRateLimiter({
    redis,
    prefix: PREFIX,
    jitterMs: JITTER_MS,
    clock: systemClock,
    logger: logs.logger,
    random: Math.random,
    signal: stopping.signal,
  });
  return { redis, limiter, logs };
};

beforeAll(async () => {
  services = await startPrivateServices();
  processes = await Promise.all(range(4).map(() => startProcess(services.redisUrl)));
}, 60_000);

afterAll(async () => {
  stopping.abort();
  for (const { redis } of processes) redis.disconnect();
  await services.stop();
});

const first = () => {
  const [process] = processes;
  if (!process) throw new Error('four were started');
  return process;
};

/** All processes ask for permits with several askers each until `count` have passed. */
const passTogether = async (
  token: PacedToken,
  count: number,
  onPassage: (passed: number) => Promise<void> | void = () => {},
): Promise<Passage[]> => {
  const passages: Passage[] = [];
  const askers = processes.flatMap(({ limiter }) => range(3).map(() => limiter));
  await Promise.all(
    askers.map(async (limiter) => {
      for (;;) {
        const permit = await limiter.acquire(token, () => passages.length < count);
        const sentMs = performance.now();
        if (!permit) return;
        passages.push({ slotMs: permit.slotAt.getTime(), sentMs });
        await onPassage(passages.length);
      }
    }),
  );
  return passages;
};

/** The shortest time that holds `rps + 1` passages: a second or more, or the limit was broken. */
const shortestSpan = (times: number[], rps: number): number => {
  const sorted = times.toSorted((a, b) => a - b);
  const spans = sorted.slice(rps).map((time, index) => time - (sorted[index] ?? 0));
  return Math.min(...spans);
};

const expectWithinLimit = (passages: Passage[], rps: number): void => {
  const slots = passages.map(({ slotMs }) => slotMs);
  const sends = passages.map(({ sentMs }) => sentMs);
  // A slot is told in whole milliseconds.
  expect(shortestSpan(slots, rps)).toBeGreaterThanOrEqual(1_000 + JITTER_MS - 2);
  expect(shortestSpan(sends, rps)).toBeGreaterThan(1_000);
};

describe('four processes together', () => {
  test.each([3, 20])('never pass %d requests in any second', async (rps) => {
    const passages = await passTogether(newToken(rps), rps * 2 + 2);
    expectWithinLimit(passages, rps);
  });

  test('keep to it when Redis is emptied under them', async () => {
    const passages = await passTogether(newToken(20), 50, async (passed) => {
      if (passed % 15 === 0) await services.redis.flushAll();
    });
    expectWithinLimit(passages, 20);
  }, 30_000);

  test('keep to it when Redis is killed and starts again', async () => {
    let killed: Promise<void> | undefined;
    const passages = await passTogether(newToken(20), 45, async (passed) => {
      if (passed === 15) {
        killed = services.redis.kill().then(() => services.redis.start());
        await killed;
      }
    });
    await killed;
    expectWithinLimit(passages, 20);
  }, 30_000);
});

test('while Redis is away nothing passes, and afterwards all goes on by itself', async () => {
  const { limiter, logs } = first();
  const token = newToken(20);
  await limiter.acquire(token, () => true);
  await services.redis.kill();
  let passed = false;
  const waiting = limiter
    .acquire(token, () => true)
    .then((permit) => {
      passed = true;
      return permit;
    });
  while (!logs.lines.some(({ message }) => message.includes('does not answer')))
    await Bun.sleep(20);
  expect(passed).toBe(false);
  await services.redis.start();
  expect(await waiting).not.toBeNull();
}, 30_000);

const FAR_RPS = 4;

/** Processes of which the first ones reach Redis only after `latencyMs` there and back. */
const passFarAway = async (far: number, latencyMs: number): Promise<Passage[]> => {
  const proxy = await createTcpProxy(hostAndPort(services.redisUrl));
  proxy.set({ latencyMs });
  const url = new URL(services.redisUrl);
  url.port = String(proxy.port);
  const near = processes;
  const moved = await Promise.all(near.slice(0, far).map(() => startProcess(url.href)));
  processes = [...moved, ...near.slice(far)];
  try {
    return await passTogether(newToken(FAR_RPS), FAR_RPS + 2);
  } finally {
    processes = near;
    for (const { redis } of moved) redis.disconnect();
    await proxy.stop();
  }
};

describe('processes that are far from Redis', () => {
  test.each([
    [2, 120],
    [4, 300],
  ])(
    '%d of four by %d ms: are slower, and the limit is kept',
    async (far, latencyMs) => expectWithinLimit(await passFarAway(far, latencyMs), FAR_RPS),
    30_000,
  );
});

describe.concurrent('one token', () => {
  test('that is new waits for what another process may have reserved, and not longer', async () => {
    const { limiter, redis } = first();
    const token = newToken(3);
    const [seconds = 0, micros = 0] = await redis.time();
    const permit = await limiter.acquire(token, () => true);
    const waitedMs = (permit?.slotAt.getTime() ?? 0) - (seconds * 1e3 + micros / 1e3);
    expect(waitedMs).toBeGreaterThanOrEqual(1_000 + 1_100 / 3 - 2);
  });

  test('whose slot is absurdly far away, as after a clock stepped back, starts anew', async () => {
    const { limiter, redis } = first();
    const token = newToken(3);
    await redis.hset(stateKey(token), 'next', (Date.now() + 3_600_000).toFixed(3));
    expect(await limiter.acquire(token, () => true)).not.toBeNull();
  });

  test('is no longer waited for when nobody wants it', async () => {
    const { limiter } = first();
    let asked = 0;
    expect(await limiter.acquire(newToken(3), () => asked++ < 1)).toBeNull();
  });

  test('whose slot was missed gets a new one, and only the time missed is lost', async () => {
    const { redis, logs } = first();
    let lateMs = 0;
    const limiter = createRateLimiter({
      redis,
      prefix: PREFIX,
      jitterMs: JITTER_MS,
      clock: {
        ...systemClock,
        sleep: async (ms, signal) => {
          // The wait for the slot, not the shorter ones for Redis.
          const isForSlot = ms > 500;
          await systemClock.sleep(isForSlot ? ms + lateMs : ms, signal);
          if (isForSlot) lateMs = 0;
        },
      },
      logger: logs.logger,
      random: () => 0,
      signal: stopping.signal,
    });
    const token = newToken(2);
    const before = await limiter.acquire(token, () => true);
    lateMs = 100;
    const after = await limiter.acquire(token, () => true);
    const gapMs = (after?.slotAt.getTime() ?? 0) - (before?.slotAt.getTime() ?? 0);
    expect(gapMs).toBeGreaterThan(550 + 25);
    expect(gapMs).toBeLessThan(2 * 550);
  });

  test('leaves no trace of itself but its fingerprint, which expires', async () => {
    const { limiter, redis } = first();
    const token = newToken(20);
    await limiter.acquire(token, () => true);
    expect(await redis.pttl(stateKey(token))).toBeGreaterThan(0);
  });
});

describe.concurrent('error 6', () => {
  const spacing = async (redis: Redis, token: PacedToken): Promise<number> =>
    Number(await redis.hget(stateKey(token), 'spacing'));
  const acquire = async (limiter: RateLimiter, token: PacedToken): Promise<Permit> => {
    const permit = await limiter.acquire(token, () => true);
    if (!permit) throw new Error('a permit was wanted');
    return permit;
  };

  test('widens the spacing for all processes, once for each spacing that drew it', async () => {
    const [one, two] = processes;
    if (!one || !two) throw new Error('four were started');
    const token = newToken(20);
    const permit = await acquire(one.limiter, token);
    one.limiter.slowDown(token, permit);
    one.limiter.slowDown(token, permit);
    two.limiter.slowDown(token, { ...permit });
    await Promise.all([one.redis.ping(), two.redis.ping()]);
    expect(await spacing(one.redis, token)).toBeCloseTo(55 * 1.25, 1);
    expect((await acquire(two.limiter, token)).spacingMs).toBeCloseTo(55 * 1.25, 1);
  });

  test('is remembered: after quiet times the spacing stays above what drew it', async () => {
    const { limiter, redis } = first();
    const token = newToken(20);
    limiter.slowDown(token, await acquire(limiter, token));
    await redis.ping();
    await redis.hset(stateKey(token), 'widened', '1');
    expect((await acquire(limiter, token)).spacingMs).toBeCloseTo(55 * 1.05, 1);
  });

  test('again and again widens to a bound', async () => {
    const { limiter, redis } = first();
    const token = newToken(20);
    let permit = await acquire(limiter, token);
    for (const _ of range(30)) {
      limiter.slowDown(token, permit);
      permit = { ...permit, spacingMs: await spacing(redis, token) };
    }
    await redis.ping();
    expect(await spacing(redis, token)).toBeCloseTo(55 * 8, 1);
  });
});
