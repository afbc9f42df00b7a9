import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { EmbeddedError } from './EmbeddedError';

type Environment = Readonly<Record<string, string | undefined>>;

const findUserHome = (): string | null => {
  try {
    return homedir() || null;
  } catch {
    return null;
  }
};

/**
 * The folder that holds everything this installation keeps: STENOGRAF_HOME, else the XDG data
 * folder. Without HOME the account's own home folder is asked of the system.
 */
export const resolveHome = (env: Environment): string => {
  if (env['STENOGRAF_HOME']) return resolve(env['STENOGRAF_HOME']);
  // The XDG specification tells to ignore a relative path.
  const dataHome = env['XDG_DATA_HOME'];
  if (dataHome && isAbsolute(dataHome)) return join(dataHome, 'stenograf');
  const userHome = env['HOME'] || findUserHome();
  if (!userHome) {
    throw new EmbeddedError(
      'No folder to keep data in: neither STENOGRAF_HOME nor HOME is set. Set STENOGRAF_HOME.',
    );
  }
  return join(userHome, '.local', 'share', 'stenograf');
};

/** Where the demo and the sandbox live, so that invented data never meets real data. */
export const demoHome = (home: string): string => join(home, 'demo');

/**
 * Makes the folder if it is missing; the rights of an existing one are left alone. Root's is made
 * passable, since the services run as another user; every secret in it has mode 0600 by itself.
 */
export const ensureHome = async (home: string): Promise<void> => {
  try {
    await mkdir(home, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new EmbeddedError(
      `The data folder ${home} cannot be made (${why}). Set STENOGRAF_HOME.`,
      {
        cause,
      },
    );
  }
};
