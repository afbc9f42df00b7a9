import { randomUUID } from 'node:crypto';
import { chmod, chown, lstat, mkdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canEnter, type Account } from './account';
import { EmbeddedError } from './EmbeddedError';

/** Where root keeps what another user must reach, when a home is closed to that user. */
export const SHARED_ROOT = '/var/lib/stenograf';

/** Makes the folder passable, whatever our umask is; an existing one is left alone. */
export const ensureSharedRoot = async (folder: string): Promise<void> => {
  if (await mkdir(folder, { recursive: true })) await chmod(folder, 0o755);
};

const describe = (account: Account | null): string =>
  account ? `the user ${account.name}` : 'this user';

const makeFolder = async (folder: string, account: Account | null): Promise<void> => {
  await mkdir(folder, { mode: 0o700 });
  if (account) await chown(folder, account.uid, account.gid);
};

/** The real place behind `path`; null if there is none, and a link that leads nowhere is removed. */
const findPlace = async (path: string): Promise<string | null> => {
  const entry = await lstat(path).catch(() => null);
  if (!entry) return null;
  try {
    return await realpath(path);
  } catch {
    await rm(path);
    return null;
  }
};

/** The link's name stays in the home, so that a moved home still finds its data. */
const placeOutside = async (home: string, name: string, account: Account | null) => {
  await ensureSharedRoot(SHARED_ROOT);
  const place = join(SHARED_ROOT, `${name}-${randomUUID()}`);
  await makeFolder(place, account);
  await writeFile(`${place}.home`, `${home}\n`, { mode: 0o600 });
  await symlink(place, join(home, name));
  return place;
};

/**
 * The folder in which one service keeps its data: `name` in the home, or, where root's home is
 * closed to the user who runs the service, a link from there to a folder of that user. No right of
 * an existing folder is changed.
 */
export const ensureDataFolder = async (
  home: string,
  name: string,
  account: Account | null,
  log: (line: string) => void,
): Promise<string> => {
  const path = join(home, name);
  const present = await findPlace(path);
  if (present) {
    if (canEnter(account, present)) return present;
    throw new EmbeddedError(
      `The data in ${present} cannot be reached by ${describe(account)}: open the folders above ` +
        `it, start Stenograf as their owner, or set STENOGRAF_HOME to another folder.`,
    );
  }
  if (!canEnter(account, home)) {
    const place = await placeOutside(home, name, account);
    log(`The folder ${home} is closed to ${describe(account)}: the data are kept in ${place}.`);
    return place;
  }
  await makeFolder(path, account);
  return realpath(path);
};
