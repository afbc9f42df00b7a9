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

const findRedisServer = async (path: string): Promise<string | null> => {
  const folders = [...path.split(delimiter).filter((folder) => folder !== ''), ...USUAL_FOLDERS];
  for (const folder of folders) {
    const candidate = join(folder, PROGRAM);
    if (await isExecutable(candidate)) return candidate;
  }
  return null;
};

/** Runs the script that installs Redis with the system's package manager; its words go to `log`. */
const install = (log: (line: string) => void): Promise<void> =>
  new Promise((resolve) => {
    const child = spawn('sh', [fileURLToPath(INSTALL_SCRIPT)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    createInterface({ input: child.stdout }).on('line', log);
    createInterface({ input: child.stderr }).on('line', log);
    child.on('error', (error) => log(error.message));
    child.on('close', () => resolve());
  });

/** The path of redis-server, which is installed if it is missing; throws EmbeddedError. */
export const ensureRedisServer = async (log: (line: string) => void): Promise<string> => {
  const path = process.env['PATH'] ?? '';
  const present = await findRedisServer(path);
  if (present) return present;
  await install(log);
  const installed = await findRedisServer(path);
  if (installed) return installed;
  throw new EmbeddedError(
    'Redis is missing and could not be installed here: install redis-server, ' +
      'or set REDIS_URL to a Redis server.',
  );
};
