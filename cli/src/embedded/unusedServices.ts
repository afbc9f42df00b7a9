import { realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryLock, waitForLock, type FileLock } from './fileLock';
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
  const find = async (name: string) => ({
    folder: await realpath(join(home, name)).catch(() => join(home, name)),
  });
  return { postgres: await find('postgres'), redis: await find('redis') };
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
  const found = [await findRunningPostgres(postgres), await findRunningRedis(redis)];
  return found
    .filter((server) => server !== null)
    .map(({ pid }) => ({ pid, start: findProcessStart(pid) }));
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

/** One look; says whether the watch is over. */
const createLook = (home: string, own: FileLock) => {
  const locks = locksOf(home);
  let unusedMs = 0;
  return async (isAnythingRunning: boolean): Promise<boolean> => {
    const setup = tryLock(locks.setup, 'exclusive');
    const use = setup && tryLock(locks.use, 'exclusive');
    try {
      unusedMs = use ? unusedMs + REAPER_POLL_MS : 0;
      if (!use || (isAnythingRunning && unusedMs < REAPER_GRACE_MS)) return false;
      await stopServers(home);
      // Before `setup`, so that the next start does not take this watch for awake.
      own.release();
      return true;
    } finally {
      use?.release();
      setup?.release();
    }
  };
};

/**
 * Watches until nobody has used the services of `home` for some seconds, and stops them. Returns at
 * once if another process watches, and soon after the services were stopped by their last user.
 */
export const reapUnused = async (home: string): Promise<void> => {
  const own = tryLock(locksOf(home).reaper, 'exclusive');
  if (!own) return;
  const isStillThere = await watchIdentity(home);
  const look = createLook(home, own);
  // Never forgotten: of a home that is being deleted, one pid file goes before the other.
  const seen = new Map<number, Running>();
  for (;;) {
    await sleep(REAPER_POLL_MS);
    if (!(await isStillThere())) break;
    try {
      const running = await listRunning(home);
      for (const server of running) seen.set(server.pid, server);
      if (await look(running.length > 0)) return;
    } catch {
      // The home may be on its way out; the next look tells.
    }
  }
  await Promise.all([...seen.values()].map(end));
};
