import { QueryTypes } from 'sequelize';
import { readConfig } from '../../../config/env';
import { createContainer, type Container } from '../../../src/container';
import { Secret } from '../../../src/utils/secret';
import type { VkMethod } from '../../../src/vkApi/types';
import { createMigratedDatabase } from '../../support/migratedDatabase';
import { testServices } from '../../support/services';
import { madeUpToken, openRedis, paceKey } from '../vkApi/support';
import {
  createVkStandIn,
  type StandInBehaviour,
  type StandInCall,
  type VkStandIn,
} from '../vkApi/vkStandIn';

export interface TokenProcess {
  container: Container;
  /** One call, never packed with others: what it is answered with, or the error it fails with. */
  get: (page: number, method?: VkMethod) => Promise<unknown>;
  stop: () => Promise<void>;
}

/** Some processes that share a database, a Redis and VK. */
export interface TokenProcesses {
  vk: VkStandIn;
  tokens: string[];
  databaseUrl: string;
  /** One more, for a test to hand over. */
  makeToken: () => Promise<string>;
  /** A process that has its tokens as PostgreSQL has them. */
  start: (env?: Record<string, string>) => Promise<TokenProcess>;
  putIntoVault: (process: TokenProcess, token: string) => Promise<void>;
  callsOf: (token: string | undefined) => StandInCall[];
  query: <Row extends object>(sql: string, bind?: unknown[]) => Promise<Row[]>;
  stop: () => Promise<void>;
}

export interface TokenProcessesOptions {
  /** Tokens in the environment; one by default. */
  tokens?: number;
  behaviour?: StandInBehaviour;
}

export const createTokenProcesses = async ({
  tokens: count = 1,
  behaviour = {},
}: TokenProcessesOptions = {}): Promise<TokenProcesses> => {
  const [{ redisUrl }, database] = await Promise.all([testServices(), createMigratedDatabase()]);
  const vk = createVkStandIn(behaviour);
  const redisPrefix = `test-${crypto.randomUUID()}`;
  const redis = await openRedis(redisUrl);
  const makeToken = async (): Promise<string> => {
    const token = madeUpToken();
    // Past the pause that a limiter begins with when it knows nothing.
    await redis.hset(paceKey({ redisPrefix }, token), 'next', '0');
    return token;
  };
  const tokens = await Promise.all(Array.from({ length: count }, makeToken));
  const running = new Set<TokenProcess>();

  const open = (env: Record<string, string>): Container =>
    createContainer(
      readConfig({
        DATABASE_URL: database.databaseUrl,
        REDIS_URL: redisUrl,
        STENOGRAF_REDIS_PREFIX: redisPrefix,
        STENOGRAF_SECRET: 'a secret of these tests, and of nothing else',
        VK_API_URL: vk.url,
        VK_TOKENS: tokens.join(','),
        VK_USER_RPS: '50',
        LOG_LEVEL: 'error',
        ...env,
      }),
    );
  const observer = open({});
  const query: TokenProcesses['query'] = <Row extends object>(sql: string, bind: unknown[] = []) =>
    observer.sequelize.query<Row>(sql, { bind, type: QueryTypes.SELECT });

  return {
    vk,
    tokens,
    makeToken,
    databaseUrl: database.databaseUrl,
    start: async (env = {}) => {
      const container = open(env);
      await container.redis.connect();
      await container.tokenKeeper.start();
      const process: TokenProcess = {
        container,
        get: async (offset, method = 'wall.get') => {
          const params = { owner_id: -1, offset };
          const answer = container.vkApi.call(method, params, { groupKey: 'a' });
          return answer.then(
            ({ reply }) => reply,
            (error: unknown) => error,
          );
        },
        stop: async () => {
          running.delete(process);
          await container.lifecycle.stop();
        },
      };
      running.add(process);
      return process;
    },
    putIntoVault: async ({ container }, token) => {
      const { fingerprint, last4 } = new Secret(token);
      const { ciphertext, keyId } = container.tokenVault.seal(token, fingerprint);
      await query(
        `INSERT INTO vk_tokens (fingerprint, kind, last4, source, ciphertext, key_id)
         VALUES ($1, 'user', $2, 'vault', $3, $4)`,
        [fingerprint, last4, ciphertext, keyId],
      );
    },
    callsOf: (token) =>
      vk.requests.flatMap(({ calls }) => calls).filter((call) => call.token === token),
    query,
    stop: async () => {
      for (const process of running) await process.stop();
      await observer.lifecycle.stop();
      await vk.close();
      redis.disconnect();
      await database.drop();
    },
  };
};
