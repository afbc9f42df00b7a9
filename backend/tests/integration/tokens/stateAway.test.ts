import { afterEach, expect, test } from 'bun:test';
import { Client } from 'pg';
import { VkWaitError } from '../../../src/vkApi/errors';
import { testServices } from '../../support/services';
import { range } from '../vkApi/support';
import { echoParams, type StandInCall } from '../vkApi/vkStandIn';
import { createTokenProcesses, type TokenProcesses } from './tokenProcesses';

let world: TokenProcesses;
afterEach(() => world.stop());

/** Ends every connection to the database of the test, and lets new ones in or not. */
const letIn = async (isOpen: boolean): Promise<void> => {
  const name = new URL(world.databaseUrl).pathname.slice(1);
  const client = new Client({ connectionString: (await testServices()).databaseUrl });
  await client.connect();
  try {
    await client.query(`ALTER DATABASE "${name}" WITH ALLOW_CONNECTIONS ${isOpen}`);
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
      [name],
    );
  } finally {
    await client.end();
  }
};

test('while PostgreSQL is away calls go on by what is known, and all is told afterwards', async () => {
  const answer = (call: StandInCall) =>
    call.method === 'wall.getById' ? { error: { code: 1051 } } : echoParams(call);
  world = await createTokenProcesses();
  await world.begin({ call: answer });
  const [one, other] = [await world.start(), await world.start()];
  await one.get(1);
  await one.container.tokenKeeper.sync();
  await letIn(false);
  for (const answer of await Promise.all(range(30).map((page) => one.get(page)))) {
    expect(answer).toMatchObject({ items: [] });
  }
  expect(await one.get(1, 'wall.getById')).toMatchObject({ kind: 'no_token', code: 1051 });
  await one.container.tokenKeeper.sync();
  // What it learned, it keeps to without anybody's help.
  expect(await one.get(2, 'wall.getById')).toBeInstanceOf(VkWaitError);
  await letIn(true);
  await one.container.tokenKeeper.sync();
  await other.container.tokenKeeper.sync();
  const requests = world.vk.requests.length;
  expect(await other.get(3, 'wall.getById')).toMatchObject({ kind: 'no_token', code: 1051 });
  expect(world.vk.requests.length).toBe(requests);
  const spent = await world.query(
    'SELECT method, sum(calls)::int AS calls FROM vk_quota GROUP BY 1 ORDER BY 1',
  );
  expect(spent).toEqual([
    { method: 'wall.get', calls: 31 },
    { method: 'wall.getById', calls: 1 },
  ]);
});
