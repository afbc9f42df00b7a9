import { Database } from 'bun:sqlite';
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { EmbeddedError } from './EmbeddedError';

/**
 * Locks that the kernel drops when their process ends, however it ends: no pid is stored, so none
 * can be stale. SQLite's file locks are used because Bun has no flock of its own; the files stay
 * empty and are never deleted, else two processes could lock two files of one name.
 */
export type LockMode = 'shared' | 'exclusive';

export interface FileLock {
  /** Safe to repeat. */
  release(): void;
}

const RETRY_MS = 20;

/** A handle that is collected as garbage would drop its lock. */
const held = new Set<Database>();

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** Only if it is missing: to close a file that this process has locked would drop the lock. */
const createIfMissing = (path: string): void => {
  try {
    writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
};

/** Takes the lock at once, or returns null if others hold it. */
export const tryLock = (path: string, mode: LockMode): FileLock | null => {
  let database: Database | null = null;
  try {
    createIfMissing(path);
    database = new Database(path);
    database.run('PRAGMA busy_timeout = 0');
    database.run(mode === 'exclusive' ? 'BEGIN EXCLUSIVE' : 'BEGIN');
    // The first read takes the shared lock, which the transaction then keeps.
    database.query('SELECT count(*) FROM sqlite_schema').get();
  } catch (error) {
    database?.close();
    if (hasCode(error, 'SQLITE_BUSY')) return null;
    throw new EmbeddedError(`The lock file ${path} cannot be used (${String(error)}).`, {
      cause: error,
    });
  }
  const handle = database;
  held.add(handle);
  return {
    release: () => {
      if (held.delete(handle)) handle.close();
    },
  };
};

export interface LockWait {
  waitMsMax: number;
  /** Called once if the lock is not to be had at once. */
  onWait?: () => void;
}

/** As `tryLock`, but waits; null when the time is over. */
export const waitForLock = async (
  path: string,
  mode: LockMode,
  { waitMsMax, onWait }: LockWait,
): Promise<FileLock | null> => {
  const deadline = Date.now() + waitMsMax;
  for (let attempt = 0; ; attempt += 1) {
    const lock = tryLock(path, mode);
    if (lock || Date.now() >= deadline) return lock;
    // A passing look of the reaper is over by then; a real wait is worth a word.
    if (attempt === 25) onWait?.();
    await sleep(RETRY_MS);
  }
};
