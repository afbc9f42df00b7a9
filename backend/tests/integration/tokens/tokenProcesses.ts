import { QueryTypes } from 'sequelize';
import { createDatabase } from '../../../config/database';
import { readConfig } from '../../../config/env';
import { createContainer, type Container } from '../../../src/container';
import { Secret } from '../../../src/utils/secret';
import type { VkMethod } from '../../../src/vkApi/types';
import { createMigratedDatabase } from '../../support/migratedDatabase';
import { testServices } from '../../support/services';
import { madeUpToken, openRedis, paceKey } from '../vkApi/support';
import {
  createVkStandIn,
  echoParams,
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

/** Some processes that share a database, a Redis and VK; for one test after another. */
export interface TokenProcesses {
  vk: VkStandIn;
  /** Forgets everything; from here on there is one new token, and VK behaves like this. */
  begin: (behaviour?: StandInBehaviour) => Promise<void>;
  /** The token in the environment of every process. */
  token: string;
  databaseUrl: string;
  /** One more, for a test to hand over. */
  makeToken: () => Promise<string>;
  /** A process that has its tokens as PostgreSQL has them. */
  start: (env?: Record<string, string>) => Promise<TokenProcess>;
  putIntoVault: (process: TokenProcess, token: string) => Promise<void>;
  callsOf: (token: string) => StandInCall[];
  query: <Row extends object>(sql: string, bind?: unknown[]) => Promise<Row[]>;
  /** Stops the processes of one test. */
  end: () => Promise<void>;
  stop: () => Promise<void>;
}

export const createTokenProcesses = async (): Promise<TokenProcesses> => {
  const [{ redisUrl }, database] = await Promise.all([testServices(), createMigratedDatabase()]);
  let behaviour: StandInBehaviour = {};
  const vk = createVkStandIn({
    call: (call) => (behaviour.call ?? echoParams)(call),
    request: (request) => behaviour.request?.(request),
  });
  const redisPrefix = `test-${crypto.randomUUID()}`;
  const redis = await openRedis(redisUrl);
  const makeToken = async (): Promise<string> => {
    const token = madeUpToken();
    // Past the pause that a limiter begins with when it knows nothing.
    await redis.hset(paceKey({ redisPrefix }, token), 'next', '0');
    return token;
  };
  const running = new Set<TokenProcess>();

  const open = (env: Record<string, string>): Container =>
    createContainer(
      readConfig({
        DATABASE_URL: database.databaseUrl,
        REDIS_URL: redisUrl,
        STENOGRAF_REDIS_PREFIX: redisPrefix,
        STENOGRAF_SECRET: 'a secret of these tests, and of nothing else',
        VK_API_URL: vk.url,
        VK_TOKENS: world.token,
        VK_USER_RPS: '50',
        LOG_LEVEL: 'error',
        ...env,
      }),
    );
  const observer = createDatabase(database.databaseUrl, 2);
  const query: TokenProcesses['query'] = <Row extends object>(sql: string, bind: unknown[] = []) =>
    observer.query<Row>(sql, { bind, type: QueryTypes.SELECT });

  const end = async (): Promise<void> => {
    for (const process of running) await process.stop();
  };

  const world: TokenProcesses = {
    vk,
    token: '',
    begin: async (next = {}) => {
      await query('TRUNCATE vk_tokens, vk_token_methods, vk_quota');
      behaviour = next;
      vk.requests.length = 0;
      world.token = await makeToken();
    },
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
    end,
    stop: async () => {
      await end();
      await observer.close();
      await vk.close();
      redis.disconnect();
      await database.drop();
    },
  };
  return world;
};
