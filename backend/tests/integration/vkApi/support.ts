import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { Secret } from '../../../src/utils/secret';
import { createVkApi } from '../../../src/vkApi/client';
import type {
  CallContext,
  CallSpending,
  TokenKind,
  VkApi,
  VkApiConfig,
  VkApiLogger,
  VkMethod,
} from '../../../src/vkApi/types';
import { testServices } from '../../support/services';
import { answerIn, createVkStandIn } from './vkStandIn';
import type { StandInBehaviour, StandInCall, VkStandIn } from './vkStandIn';

/** A token of one's own, so that tests do not pace each other. */
export const madeUpToken = (): string => `vk1.a.${randomBytes(24).toString('hex')}`;

export const openRedis = async (url?: string): Promise<Redis> =>
  new Redis(url ?? (await testServices()).redisUrl);

interface LogLine {
  level: keyof VkApiLogger;
  message: string;
  fields: Record<string, unknown>;
}

export const createLogRecorder = (): { lines: LogLine[]; logger: VkApiLogger } => {
  const lines: LogLine[] = [];
  const at = (level: keyof VkApiLogger) => (message: string, fields: Record<string, unknown>) => {
    lines.push({ level, message, fields });
  };
  const logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  return { lines, logger };
};

export const paceKey = (config: Pick<VkApiConfig, 'redisPrefix'>, token: string): string =>
  `${config.redisPrefix}{tok:${new Secret(token).fingerprint}}:pace`;

export const configOf = (
  url: string,
  tokens: VkApiConfig['tokens'],
  overrides: Partial<VkApiConfig> = {},
): VkApiConfig => ({
  url,
  version: '5.199',
  tokens,
  userRps: 200,
  serviceRps: 200,
  communityRps: 200,
  dailyCaps: {},
  jitterMs: 100,
  requestTimeoutMs: 5_000,
  responseBytesMax: 1_000_000,
  attemptsMax: 4,
  inFlightMax: 4,
  redisPrefix: 'vk-test:',
  ...overrides,
});

interface EngineOptions {
  kinds?: TokenKind[];
  behaviour?: StandInBehaviour;
  config?: Partial<VkApiConfig>;
}

export interface Engine {
  api: VkApi;
  vk: VkStandIn;
  redis: Redis;
  config: VkApiConfig;
  logs: LogLine[];
  tokens: string[];
  spent: CallSpending;
  /** wall.get of page `page` in the group `groupKey`; spending is summed up. */
  get: (page: number, context?: Partial<CallContext>) => Promise<unknown>;
  call: (method: VkMethod, params: object, context?: Partial<CallContext>) => Promise<unknown>;
  close: () => Promise<void>;
}

/**
 * The real engine against a stand-in for VK, fast, without pauses between tries, and with paces
 * that are past their cold start.
 */
export const startEngine = async (options: EngineOptions = {}): Promise<Engine> => {
  const { kinds = ['user'], behaviour } = options;
  const vk = createVkStandIn(behaviour);
  const tokens = kinds.map(madeUpToken);
  const held = tokens.map((token, index) => ({ token, kind: kinds[index] ?? 'user' }));
  const config = configOf(vk.url, held, options.config);
  const redis = await openRedis();
  for (const token of tokens) await redis.hset(paceKey(config, token), 'next', '0');
  const { lines, logger } = createLogRecorder();
  const api = createVkApi({ config, redis, logger, random: () => 0 });
  const spent: CallSpending = { calls: 0, requests: 0, errors: 0 };

  const call: Engine['call'] = async (method, params, context) => {
    const { reply } = await api.call(method, params, {
      groupKey: 'a',
      onSpent: ({ calls, requests, errors }) => {
        spent.calls += calls;
        spent.requests += requests;
        spent.errors += errors;
      },
      ...context,
    });
    return answerIn(reply);
  };

  return {
    api,
    vk,
    redis,
    config,
    logs: lines,
    tokens,
    spent,
    call,
    get: (page, context) => call('wall.get', { owner_id: -1, offset: page }, context),
    close: async () => {
      await api.close();
      await vk.close();
      redis.disconnect();
    },
  };
};

/** What the stand-in answers by default to `get(page)`. */
export const pageReply = (page: number): object => ({ owner_id: -1, offset: page });

export const isPage =
  (page: number) =>
  ({ params }: StandInCall): boolean =>
    Number(params['offset']) === page;

export const range = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => index);
