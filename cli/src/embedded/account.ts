import { spawnSync } from 'node:child_process';
import { lstatSync, realpathSync } from 'node:fs';
import { EmbeddedError } from './EmbeddedError';

/** Another user under which a service runs; null where it runs as the user who starts it. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const USER = 'postgres';

const askId = (flag: '-u' | '-g', user: string): number | null => {
  const id = spawnSync('id', [flag, user], { encoding: 'utf8' });
  return id.status === 0 ? Number(id.stdout) : null;
};

const findAccount = (name: string): Account | null => {
  const uid = askId('-u', name);
  const gid = askId('-g', name);
  return uid === null || gid === null ? null : { name, uid, gid };
};

const createAccount = (): Account => {
  const useradd = ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', USER];
  spawnSync('useradd', useradd);
  const account = findAccount(USER);
  if (account) return account;
  throw new EmbeddedError(
    `PostgreSQL refuses to run as root, and the user ${USER} is missing and could not be made. ` +
      `Make it, run Stenograf as an ordinary user, or set DATABASE_URL and REDIS_URL.`,
  );
};

const findOwner = (folder: string): Account | null => {
  try {
    const { uid, gid } = lstatSync(realpathSync(folder));
    return uid === 0 ? null : { name: `of id ${uid}`, uid, gid };
  } catch {
    return null;
  }
};

/**
 * Under whom the service runs that keeps its data in `folder`. Root hands both services down to an
 * ordinary user: PostgreSQL demands it, and Redis can write any file its user can. Data that
 * already has an owner keeps it.
 */
export const chooseAccount = (folder: string): Account | null => {
  if (process.getuid?.() !== 0) return null;
  return findOwner(folder) ?? findAccount(USER) ?? createAccount();
};

/** Options for `spawn` that run the program under the account, with nothing of our environment. */
export const spawnOptions = (account: Account | null) => ({
  ...(account && { uid: account.uid, gid: account.gid }),
  // The folder we were started in may be closed to the account.
  cwd: '/',
  env: {
    PATH: process.env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin',
    LC_ALL: 'C',
    TZ: 'UTC',
  },
});

/** Whether the account may pass through the folder and everything above it. */
export const canEnter = (account: Account | null, folder: string): boolean =>
  spawnSync('test', ['-x', folder], spawnOptions(account)).status === 0;
