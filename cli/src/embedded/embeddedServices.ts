import { spawn } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { EmbeddedError } from './EmbeddedError';
import { waitForLock, type FileLock } from './fileLock';
import { ensureHome } from './home';
import { locksOf } from './locks';
import { postgresUrl } from './postgres';
import { redisUrl } from './redis';
import { ensureServers, type ServerOptions, type Servers } from './servers';
import { isReaperAwake, stopIfUnused, waitForReaper } from './unusedServices';

export interface EmbeddedServices {
  /** Undefined if PostgreSQL was not needed. */
  readonly databaseUrl: string | undefined;
  /** Undefined if Redis was not needed. */
  readonly redisUrl: string | undefined;
  /** Stops the services if no other process uses them. Safe to repeat. */
  readonly release: () => Promise<void>;
}

/** Longer than another process takes to install Redis and to set PostgreSQL up. */
const SETUP_WAIT_MS_MAX = 300_000;
/** Only a passing look of a process that is about to stop them keeps us from the services. */
const USE_WAIT_MS_MAX = 30_000;
const REAPER = fileURLToPath(new URL('reaper.ts', import.meta.url));

const hold = async (
  path: string,
  mode: 'shared' | 'exclusive',
  waitMsMax: number,
  onWait?: () => void,
): Promise<FileLock> => {
  const lock = await waitForLock(path, mode, onWait ? { waitMsMax, onWait } : { waitMsMax });
  if (lock) return lock;
  throw new EmbeddedError(`Another Stenograf has been holding ${path} for too long; is it stuck?`);
};

/** It stops the services after their last user was killed and could not do it itself. */
const wakeReaper = (home: string): void => {
  if (isReaperAwake(home)) return;
  const child = spawn(process.execPath, [REAPER, home], {
    cwd: '/',
    detached: true,
    stdio: 'ignore',
  });
  child.on('error', () => {});
  child.unref();
};

const createRelease = (home: string, use: FileLock): (() => Promise<void>) => {
  let released: Promise<void> | null = null;
  const release = async () => {
    use.release();
    if (await stopIfUnused(home)) await waitForReaper(home);
  };
  return () => (released ??= release());
};

/** As `startEmbeddedServices`; tests also get the servers, to end and restart them. */
export const openEmbeddedServices = async (
  options: ServerOptions,
): Promise<EmbeddedServices & Servers> => {
  await ensureHome(options.home);
  const home = await realpath(options.home);
  const locks = locksOf(home);
  const setup = await hold(locks.setup, 'exclusive', SETUP_WAIT_MS_MAX, () =>
    options.log('Another Stenograf is starting or stopping its services; waiting for it …'),
  );
  let use: FileLock | null = null;
  try {
    use = await hold(locks.use, 'shared', USE_WAIT_MS_MAX);
    wakeReaper(home);
    const servers = await ensureServers({ ...options, home });
    return {
      ...servers,
      databaseUrl: servers.postgres ? postgresUrl(servers.postgres) : undefined,
      redisUrl: servers.redis ? redisUrl(servers.redis) : undefined,
      release: createRelease(home, use),
    };
  } catch (error) {
    // One of the two may have started: it goes again, unless another process uses it.
    use?.release();
    setup.release();
    await stopIfUnused(home).catch(() => {});
    throw error;
  } finally {
    setup.release();
  }
};

/**
 * Starts PostgreSQL and Redis in `home`, or joins those that another process started there; they
 * stop with the last process that uses them. Throws EmbeddedError.
 */
export const startEmbeddedServices = async (options: ServerOptions): Promise<EmbeddedServices> => {
  const { databaseUrl, redisUrl, release } = await openEmbeddedServices(options);
  return { databaseUrl, redisUrl, release };
};
