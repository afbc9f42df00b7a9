import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { EmbeddedError } from './EmbeddedError';

const PROGRAM = 'redis-server';
/** Where packages put it, for a PATH that was cut down. */
const USUAL_FOLDERS = ['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
const INSTALL_SCRIPT = new URL('../../../script/install-redis', import.meta.url);

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

export interface RedisSearch {
  /** Where redis-server may be. */
  readonly folders: readonly string[];
  /** A shell script that installs it, and prints its progress. */
  readonly installScript: string;
}

const usualSearch = (): RedisSearch => ({
  folders: [...(process.env['PATH'] ?? '').split(delimiter), ...USUAL_FOLDERS],
  installScript: fileURLToPath(INSTALL_SCRIPT),
});

const findIn = async (folders: readonly string[]): Promise<string | null> => {
  for (const folder of folders) {
    const candidate = join(folder, PROGRAM);
    if (folder !== '' && (await isExecutable(candidate))) return candidate;
  }
  return null;
};

/** Runs the script that installs Redis with the system's package manager; its words go to `log`. */
const install = (script: string, log: (line: string) => void): Promise<void> =>
  new Promise((resolve) => {
    const child = spawn('sh', [script], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    createInterface({ input: child.stdout }).on('line', log);
    createInterface({ input: child.stderr }).on('line', log);
    child.on('error', (error) => log(error.message));
    child.on('close', () => resolve());
  });

/** The path of redis-server, which is installed if it is missing; throws EmbeddedError. */
export const ensureRedisServer = async (
  log: (line: string) => void,
  { folders, installScript }: RedisSearch = usualSearch(),
): Promise<string> => {
  const present = await findIn(folders);
  if (present) return present;
  await install(installScript, log);
  const installed = await findIn(folders);
  if (installed) return installed;
  throw new EmbeddedError(
    'Redis is missing and could not be installed here: install redis-server, ' +
      'or set REDIS_URL to a Redis server.',
  );
};
