import type { Scope } from '@stenograf/contracts/scopes';
import { createSandbox } from '@stenograf/sandbox';
import { connectClient } from '../../../config/database';
import { startApi, type TestApi } from '../../integration/http/startApi';
import { inventRecords } from '../inventRecords';

const TOKEN = { token: 'sandbox-user-token', kind: 'user', rps: 100 } as const;
const SIZES = { walls: 10, posts: 500, comments: 4_000, authors: 300 };

export interface FuzzedApi {
  api: TestApi;
  stop(): Promise<void>;
}

/** Keys with ids beyond those that are tried, so that no request revokes the keys of the run. */
const createFarKeys = async ({ apiKeyService, query }: TestApi): Promise<TestApi['keys']> => {
  await query('ALTER TABLE api_keys ALTER COLUMN id RESTART WITH 1000000000');
  const keyOf = async (scope: Scope) =>
    (await apiKeyService.createKey({ name: `far ${scope}`, scope })).key;
  return { read: await keyOf('read'), write: await keyOf('write'), admin: await keyOf('admin') };
};

/** The API with records, tasks, people and keys in it, over a VK that answers at once; no worker. */
export const startFuzzedApi = async (): Promise<FuzzedApi> => {
  const sandbox = await createSandbox({ tokens: [TOKEN] });
  const api = await startApi({
    env: {
      VK_API_URL: sandbox.url,
      VK_TOKENS: TOKEN.token,
      VK_USER_RPS: String(TOKEN.rps),
      STENOGRAF_SECRET: 'a secret of tests that is long enough, and no secret',
    },
    access: { requestsPerMinute: 0 },
  });
  const client = await connectClient(api.databaseUrl);
  await inventRecords(client, SIZES);
  await client.end();
  for (const communities of [['club1', 'club2'], ['apiclub'], ['club3']]) {
    await api.taskService.createTask({ communities });
  }
  await api.userService.createUser({ name: 'boris', role: 'viewer' });
  await api.tokenKeeper.start({ wakesWaiting: false });
  return {
    api: { ...api, keys: await createFarKeys(api) },
    stop: async () => {
      await api.stop();
      await sandbox.stop();
    },
  };
};
