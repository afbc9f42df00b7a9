import { afterEach, beforeEach, expect, test } from 'bun:test';
import { spawn } from 'node:child_process';
import { chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { waitForEnd } from '../../src/embedded/processes';
import { askRedis, makeHome, query, readServerPids, startUser, type Home } from './support';

let home: Home;

beforeEach(async () => {
  home = await makeHome();
});

afterEach(() => home.remove());

const pidFileOf = (path: string): string => join(path, 'postgres', 'data', 'postmaster.pid');

/** As a crash of the machine would: the user and both servers, with no chance to clean up. */
const killEverything = async (user: Awaited<ReturnType<typeof startUser>>): Promise<void> => {
  const pids = Object.values(await readServerPids(home.path));
  process.kill(user.child.pid ?? 0, 'SIGKILL');
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await Promise.all(pids.map((pid) => waitForEnd(pid, 5_000)));
};

const listen = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

test('after SIGKILL of everything the next start finds what was committed', async () => {
  const user = await startUser(home.path);
  await query(user.first.databaseUrl, 'CREATE TABLE kept AS SELECT 7 AS n');
  await askRedis(user.first.redisUrl, 'SET', 'kept', '7');
  await killEverything(user);
  expect(await readFile(pidFileOf(home.path), 'utf8')).not.toBe('');

  const next = await startUser(home.path);
  expect(await query(next.first.databaseUrl, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  expect(await askRedis(next.first.redisUrl, 'GET', 'kept')).toBe('7');
  await next.release();
});

test('a stale pid that belongs to another program by now does not keep the services down', async () => {
  const first = await startUser(home.path);
  await first.release();
  // PostgreSQL itself asks only whether the pid is alive, and for one of its own user.
  const { uid, gid } = await stat(join(home.path, 'postgres'));
  const isRoot = process.getuid?.() === 0;
  const stranger = spawn('sleep', ['60'], { cwd: '/', ...(isRoot && { uid, gid }) });
  for (const path of [pidFileOf(home.path), join(home.path, 'redis', 'redis.pid')]) {
    await writeFile(path, `${stranger.pid}\n${join(home.path, 'postgres', 'data')}\n1\n20000\n`);
    await chown(path, uid, gid);
  }
  try {
    const second = await startUser(home.path);
    expect(await query(second.first.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await askRedis(second.first.redisUrl, 'PING')).toBe('PONG');
    await second.release();
    // And nobody took it for a server to be stopped.
    expect(stranger.exitCode).toBeNull();
  } finally {
    stranger.kill();
  }
});

test('a first set-up that was killed half-way is begun anew', async () => {
  const user = await startUser(home.path);
  await user.release();
  const folder = join(home.path, 'postgres');
  await rm(join(folder, 'data'), { recursive: true });
  await mkdir(join(folder, 'data.new'));
  await writeFile(join(folder, 'data.new', 'PG_VERSION'), '18\n');
  await writeFile(join(folder, 'password.new'), 'half');
  const next = await startUser(home.path);
  expect(await query(next.first.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await next.release();
});

test('the ports stay the same, and are chosen anew only when another program has them', async () => {
  const first = await startUser(home.path);
  await first.release();
  const second = await startUser(home.path);
  expect(second.first.databaseUrl).toBe(first.first.databaseUrl);
  expect(second.first.redisUrl).toBe(first.first.redisUrl);
  await second.release();

  const ports = [first.first.databaseUrl, first.first.redisUrl].map((url) =>
    Number(new URL(url).port),
  );
  const squatters = await Promise.all(ports.map(listen));
  try {
    const third = await startUser(home.path);
    expect(ports).not.toContain(Number(new URL(third.first.databaseUrl).port));
    expect(ports).not.toContain(Number(new URL(third.first.redisUrl).port));
    expect(await query(third.first.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await third.release();
  } finally {
    for (const squatter of squatters) squatter.close();
  }
});

test('a server that was killed alone is started again by the next process', async () => {
  const first = await startUser(home.path);
  const pids = await readServerPids(home.path);
  for (const pid of Object.values(pids)) process.kill(pid, 'SIGKILL');
  await Promise.all(Object.values(pids).map((pid) => waitForEnd(pid, 5_000)));
  const second = await startUser(home.path);
  // At the same addresses, so that the first one finds it again.
  expect(second.first.databaseUrl).toBe(first.first.databaseUrl);
  expect(await query(first.first.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(await askRedis(first.first.redisUrl, 'PING')).toBe('PONG');
  await first.release();
  await second.release();
});
