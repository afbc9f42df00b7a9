import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { spawnOptions, type Account } from './account';
import { EmbeddedError } from './EmbeddedError';
import { launchOnFreePort, PortTakenError } from './ports';
import { findText } from './privateFile';
import { findCommandLine, findWorkingFolder, sendSignal, waitForEnd } from './processes';
import { withDeadline } from './withDeadline';
import { quoteLogTail, rotateLog } from './serviceLog';

/** One Redis server of ours: its place, its secret and how it is run. */
export interface RedisServer {
  /** Holds the append-only files, the pid file and the log; belongs to the account. */
  readonly folder: string;
  readonly account: Account | null;
  /** Path of redis-server. */
  readonly binary: string;
  readonly password: string;
  /** Port on 127.0.0.1; 0 until one is chosen. */
  port: number;
}

const START_MS_MAX = 60_000;
const STOP_MS_MAX = 10_000;
const ANSWER_MS_MAX = 2_000;
/** For a server found alive that may still be reading its append-only file. */
const READING_MS_MAX = 30_000;

type Place = Pick<RedisServer, 'folder'>;

const logOf = (server: RedisServer): string => join(server.folder, 'redis.log');
const pidFileOf = (server: Place): string => join(server.folder, 'redis.pid');

export const redisUrl = (server: RedisServer): string =>
  `redis://:${server.password}@127.0.0.1:${server.port}/0`;

const configOf = (server: RedisServer): string =>
  [
    'bind 127.0.0.1',
    `port ${server.port}`,
    'protected-mode yes',
    `requirepass ${server.password}`,
    'daemonize no',
    `dir ${JSON.stringify(server.folder)}`,
    `logfile ${JSON.stringify(logOf(server))}`,
    `pidfile ${JSON.stringify(pidFileOf(server))}`,
    // The append-only file alone is the store; BullMQ's keys must never be evicted.
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
    '',
  ].join('\n');

/** The live server on our folder and its port; null if there is none. */
export const findRunningRedis = async (server: Place) => {
  const pid = Number.parseInt((await findText(pidFileOf(server))) ?? '', 10);
  // Redis rewrites its command line to its name and address.
  const port = /redis-server 127\.0\.0\.1:(\d+)/.exec(findCommandLine(pid) ?? '')?.[1];
  if (!port) return null;
  // After a crash the pid may be another Redis' by now, which works in another folder.
  const folder = findWorkingFolder(pid);
  return folder === null || folder === server.folder ? { pid, port: Number(port) } : null;
};

/** Whether the server is up, has read its file and takes our password. */
const answers = async (server: RedisServer): Promise<boolean> => {
  const client = new Redis(redisUrl(server), {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // Unheard, ioredis would print it.
  client.on('error', () => {});
  const ping = client.connect().then(() => client.ping());
  try {
    // Another program on this port may take the connection and never say a word.
    await withDeadline(ping, ANSWER_MS_MAX);
    return true;
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
};

const createStartFailure = async (server: RedisServer): Promise<EmbeddedError> => {
  const log = (await findText(logOf(server))) ?? '';
  if (log.includes('Address already in use')) return new PortTakenError(server.port);
  const tail = await quoteLogTail(logOf(server));
  return new EmbeddedError(`Redis did not start in ${server.folder}.${tail}`);
};

/** Starts the server in a session of its own: neither our end nor Ctrl-C reaches it. */
export const launchRedis = async (server: RedisServer): Promise<void> => {
  await rotateLog(logOf(server));
  const child = spawn(server.binary, ['-'], {
    ...spawnOptions(server.account),
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  let isOver = false;
  const over = new Promise<false>((resolve) => {
    const end = () => {
      isOver = true;
      resolve(false);
    };
    child.once('exit', end).once('error', end);
  });
  // The configuration goes through a pipe, so that the password stands in no list of processes.
  child.stdin.on('error', () => {});
  child.stdin.end(configOf(server));
  child.unref();
  const deadline = Date.now() + START_MS_MAX;
  while (!(await Promise.race([answers(server), over]))) {
    if (isOver || Date.now() > deadline) throw await createStartFailure(server);
    await sleep(20);
  }
};

/** Stops the server if it runs and waits for its end; one that hangs is killed. */
export const stopRedis = async (server: Place): Promise<void> => {
  const running = await findRunningRedis(server);
  if (!running) return;
  sendSignal(running.pid, 'SIGTERM');
  if (await waitForEnd(running.pid, STOP_MS_MAX)) return;
  await killRedis(server);
};

/** Ends the server as a crash would. */
export const killRedis = async (server: Place): Promise<void> => {
  const running = await findRunningRedis(server);
  if (!running) return;
  sendSignal(running.pid, 'SIGKILL');
  await waitForEnd(running.pid, STOP_MS_MAX);
};

const answersInTime = async (server: RedisServer): Promise<boolean> => {
  const deadline = Date.now() + READING_MS_MAX;
  while (!(await answers(server))) {
    if (!(await findRunningRedis(server)) || Date.now() > deadline) return false;
    await sleep(50);
  }
  return true;
};

/**
 * Makes sure that the server is up, whatever an earlier run left. Sets `port`. The caller holds the
 * home's lock.
 */
export const ensureRedis = async (
  server: RedisServer,
  log: (line: string) => void,
): Promise<void> => {
  const running = await findRunningRedis(server);
  if (running) {
    server.port = running.port;
    if (await answersInTime(server)) return;
    // It hangs; a second server must not share its folder.
    await stopRedis(server);
  }
  log('Starting Redis …');
  await launchOnFreePort(server, () => launchRedis(server));
};
