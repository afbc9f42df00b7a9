import { afterEach, beforeEach, expect, test } from 'bun:test';
import { rm } from 'node:fs/promises';
import { eventually } from '../../../backend/tests/support/eventually';
import { startEmbeddedServices } from '../../src/embedded/embeddedServices';
import {
  askRedis,
  isRunning,
  makeHome,
  query,
  readServerPids,
  startUser,
  type Home,
} from './support';

let home: Home;

beforeEach(async () => {
  home = await makeHome();
});

afterEach(() => home.remove());

const expectBothToWork = async (urls: { databaseUrl: string; redisUrl: string }): Promise<void> => {
  expect(await query(urls.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await askRedis(urls.redisUrl, 'PING')).toBe('PONG');
};

test('a second process joins, and the services stop with the last, not under another', async () => {
  const first = await startUser(home.path);
  const second = await startUser(home.path);
  expect(second.first.databaseUrl).toBe(first.first.databaseUrl);
  expect(second.first.redisUrl).toBe(first.first.redisUrl);
  expect(second.first.log).toEqual([]);
  const pids = await readServerPids(home.path);

  await first.release();
  await expectBothToWork(second.first);

  await second.release();
  expect(isRunning(pids.postgres)).toBe(false);
  expect(isRunning(pids.redis)).toBe(false);
});

test('processes that start at the same moment share one pair of services', async () => {
  const users = await Promise.all([1, 2, 3].map(() => startUser(home.path)));
  const addresses = users.map(({ first }) => `${first.databaseUrl} ${first.redisUrl}`);
  expect(new Set(addresses).size).toBe(1);
  await expectBothToWork(users[0]?.first ?? { databaseUrl: '', redisUrl: '' });
  await Promise.all(users.map((user) => user.release()));
});

test('the services outlive the SIGKILL of the process that started them', async () => {
  const starter = await startUser(home.path);
  const other = await startUser(home.path);
  const pids = await readServerPids(home.path);
  await starter.kill();
  await expectBothToWork(other.first);
  // The killed process no longer counts as a user.
  await other.release();
  expect(isRunning(pids.postgres) || isRunning(pids.redis)).toBe(false);
});

test('Ctrl-C reaches the program and not its services', async () => {
  const user = await startUser(home.path);
  // The terminal sends it to the whole process group.
  process.kill(-(user.child.pid ?? 0), 'SIGINT');
  expect(await user.nextAnswer()).toEqual(expect.objectContaining({ queriedAfterInterrupt: true }));
  expect(await user.nextAnswer()).toEqual(expect.objectContaining({ released: true }));
});

test('after the SIGKILL of the last user the services stop by themselves', async () => {
  const user = await startUser(home.path);
  const pids = await readServerPids(home.path);
  await user.kill();
  expect(isRunning(pids.postgres)).toBe(true);
  await eventually(() => !isRunning(pids.postgres) && !isRunning(pids.redis), {
    what: 'the end of both services',
  });
});

test('services whose home was deleted under them do not stay behind', async () => {
  const user = await startUser(home.path);
  const pids = await readServerPids(home.path);
  // Their watcher gives no sign that it has seen them; four times its pace is time to look.
  await Bun.sleep(1_000);
  await user.kill();
  await rm(home.path, { recursive: true });
  await eventually(() => !isRunning(pids.postgres) && !isRunning(pids.redis), {
    what: 'the end of both services',
  });
});

test('one process may ask twice, and the first release leaves the second its services', async () => {
  const options = { home: home.path, log: () => {}, needPostgres: true, needRedis: false };
  const first = await startEmbeddedServices(options);
  const second = await startEmbeddedServices(options);
  expect(first.redisUrl).toBeUndefined();
  await first.release();
  await first.release();
  expect(await query(second.databaseUrl ?? '', 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  const { postgres } = await readServerPids(home.path);
  await second.release();
  expect(isRunning(postgres)).toBe(false);
});
