import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureCredentials } from './credentials';
import { tryLock, waitForLock } from './fileLock';
import { locksOf } from './locks';
import { findRunningPostgres, stopPostgres } from './postgres';
import { findProcessStart, sendSignal, waitForEnd } from './processes';
import { findRunningRedis, stopRedis } from './redis';

/** Another process may be starting; who cannot get a word in leaves the rest to the reaper. */
const SETUP_WAIT_MS_MAX = 10_000;
const REAPER_POLL_MS = 250;
/** Long enough for a killed command to be started anew and to find its services running. */
const REAPER_GRACE_MS = 3_000;

const findServers = async (home: string) => {
  const { redis } = await ensureCredentials(home);
  const find = (name: string) => realpath(join(home, name)).catch(() => join(home, name));
  return {
    postgres: { folder: await find('postgres') },
    redis: { folder: await find('redis'), port: redis.port },
  };
};

const stopServers = async (home: string): Promise<void> => {
  const { postgres, redis } = await findServers(home);
  await Promise.all([stopPostgres(postgres), stopRedis(redis)]);
};

/** Stops the services if no process uses them; tells whether nobody does. */
export const stopIfUnused = async (home: string): Promise<boolean> => {
  const locks = locksOf(home);
  const setup = await waitForLock(locks.setup, 'exclusive', { waitMsMax: SETUP_WAIT_MS_MAX });
  const use = setup && tryLock(locks.use, 'exclusive');
  try {
    if (use) await stopServers(home);
    return use !== null;
  } finally {
    use?.release();
    setup?.release();
  }
};

export const isReaperAwake = (home: string): boolean => {
  const lock = tryLock(locksOf(home).reaper, 'exclusive');
  lock?.release();
  return lock === null;
};

/** The reaper leaves by itself once nothing runs; then nothing of the home is left running. */
export const waitForReaper = async (home: string): Promise<void> => {
  const lock = await waitForLock(locksOf(home).reaper, 'exclusive', {
    waitMsMax: 4 * REAPER_POLL_MS,
  });
  lock?.release();
};

interface Running {
  readonly pid: number;
  readonly start: string | null;
}

const listRunning = async (home: string): Promise<Running[]> => {
  const { postgres, redis } = await findServers(home);
  const pids = [(await findRunningPostgres(postgres))?.pid, await findRunningRedis(redis)];
  return pids
    .filter((pid) => typeof pid === 'number')
    .map((pid) => ({ pid, start: findProcessStart(pid) }));
};

/** For servers whose home was deleted under them: their pid files are gone, and nobody joins. */
const end = async ({ pid, start }: Running): Promise<void> => {
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    if (start === null || findProcessStart(pid) !== start) return;
    sendSignal(pid, signal);
    await waitForEnd(pid, 5_000);
  }
};

/** Whether the path still leads to the folder it led to before. */
const watchIdentity = async (folder: string) => {
  const { ino } = await stat(folder);
  return async () => (await stat(folder).catch(() => null))?.ino === ino;
};

/**
 * Watches until nobody has used the services of `home` for some seconds, and stops them. Returns at
 * once if another process watches, and soon after the services were stopped by their last user.
 */
export const reapUnused = async (home: string): Promise<void> => {
  const locks = locksOf(home);
  const own = tryLock(locks.reaper, 'exclusive');
  if (!own) return;
  const isStillThere = await watchIdentity(home);
  let running: Running[] = [];
  let unusedMs = 0;
  for (;;) {
    await sleep(REAPER_POLL_MS);
    if (!(await isStillThere())) break;
    const setup = tryLock(locks.setup, 'exclusive');
    if (!setup) continue;
    const use = tryLock(locks.use, 'exclusive');
    try {
      running = await listRunning(home);
      unusedMs = use ? unusedMs + REAPER_POLL_MS : 0;
      const isOver = use !== null && (running.length === 0 || unusedMs >= REAPER_GRACE_MS);
      if (!isOver) continue;
      await stopServers(home);
      // Before `setup`, so that the next start does not take this one for awake.
      own.release();
      return;
    } finally {
      use?.release();
      setup.release();
    }
  }
  await Promise.all(running.map(end));
};
