import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findJson, writePrivateFile } from './privateFile';
import { findProcessStart } from './processes';

/** Where the running `serve` of a home is found, and the key that its own CLI may use. */
export interface ServerFile {
  readonly url: string;
  readonly key: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** Fingerprint of the settings that must not differ between the service and a command. */
  readonly settings: string;
}

/** The start of the process tells it from a later one with the same pid. */
type StoredServerFile = ServerFile & { readonly processStart: string | null };

const pathOf = (home: string): string => join(home, 'server.json');

const isStored = (value: unknown): value is StoredServerFile => {
  const { url, key, pid, startedAt, settings } = (value ?? {}) as Partial<StoredServerFile>;
  return (
    typeof url === 'string' &&
    typeof key === 'string' &&
    typeof pid === 'number' &&
    typeof startedAt === 'string' &&
    typeof settings === 'string'
  );
};

/** Announces the service; the file has mode 0600, since it holds a key. */
export const writeServerFile = (home: string, server: ServerFile): Promise<void> => {
  const stored: StoredServerFile = { ...server, processStart: findProcessStart(server.pid) };
  return writePrivateFile(pathOf(home), `${JSON.stringify(stored, null, 2)}\n`);
};

/** The running service of the home; null if there is none. A file that a dead one left is removed. */
export const readServerFile = async (home: string): Promise<ServerFile | null> => {
  const stored = await findJson(pathOf(home));
  if (stored === null) return null;
  if (isStored(stored)) {
    const { processStart, ...server } = stored;
    if (processStart !== null && findProcessStart(server.pid) === processStart) return server;
  }
  await rm(pathOf(home), { force: true });
  return null;
};

/** Takes the announcement back if it is that of the process `pid`. Safe to repeat. */
export const removeServerFile = async (home: string, pid: number = process.pid): Promise<void> => {
  const server = await readServerFile(home);
  if (server?.pid === pid) await rm(pathOf(home), { force: true });
};
