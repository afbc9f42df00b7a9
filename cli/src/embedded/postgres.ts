import { chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import type { Account } from './account';
import { EmbeddedError } from './EmbeddedError';
import { launchOnFreePort, PortTakenError } from './ports';
import { findText } from './privateFile';
import { findCommandLine, isPidInUse, sendSignal, waitForEnd } from './processes';
import { runProgram } from './runProgram';
import { quoteLogTail, rotateLog } from './serviceLog';
import { settingArguments } from './postgresSettings';

/** One PostgreSQL server of ours: its place, its secrets and how it is run. */
export interface PostgresServer {
  /** Holds `data` and the log; belongs to the account. */
  readonly folder: string;
  readonly account: Account | null;
  /** Folder of `initdb`, `postgres` and `pg_ctl`. */
  readonly binaries: string;
  readonly adminPassword: string;
  readonly password: string;
  /** Tests give up durability for speed and may make databases. */
  readonly forTests: boolean;
  /** Port on 127.0.0.1; 0 until one is chosen. */
  port: number;
}

const ADMIN = 'postgres';
/** Role and database of the application; the role is no superuser. */
const APPLICATION = 'stenograf';
/** PostgreSQL's error code. */
const INVALID_PASSWORD = '28P01';
const START_SECONDS_MAX = 120;
const STOP_MS_MAX = 20_000;
/** Children of a killed server need a moment to notice and to let go of its memory. */
const LEFTOVERS_WAIT_MS_MAX = 15_000;

type Place = Pick<PostgresServer, 'folder'>;

const dataOf = (server: Place): string => join(server.folder, 'data');
const logOf = (server: Place): string => join(server.folder, 'postgres.log');
const run = (server: PostgresServer, program: string, args: readonly string[]) =>
  runProgram(server.account, join(server.binaries, program), args);

const urlFor = (server: PostgresServer, user: string, password: string, database: string) =>
  `postgres://${user}:${password}@127.0.0.1:${server.port}/${database}`;

export const postgresUrl = (server: PostgresServer): string =>
  urlFor(server, APPLICATION, server.password, APPLICATION);

const asAdmin = async <T>(
  server: PostgresServer,
  work: (client: Client) => Promise<T>,
): Promise<T> => {
  const connectionString = urlFor(server, ADMIN, server.adminPassword, ADMIN);
  const client = new Client({ connectionString, connectionTimeoutMillis: 3_000 });
  // A server that stops in between is seen by the query; unheard, the event would end the process.
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
};

/** The live server on our data and its port, as PostgreSQL wrote them down; null if there is none. */
export const findRunningPostgres = async (server: Place) => {
  const text = await findText(join(dataOf(server), 'postmaster.pid'));
  const lines = text?.split('\n') ?? [];
  const pid = Number(lines[0]);
  // After a crash the pid may be another program's by now.
  const isOurs = findCommandLine(pid)?.includes(dataOf(server)) ?? false;
  return isOurs ? { pid, port: Number(lines[3]) || 0 } : null;
};

const assertPasswordFits = (server: PostgresServer, error: unknown): void => {
  if (!(error instanceof DatabaseError) || error.code !== INVALID_PASSWORD) return;
  throw new EmbeddedError(
    `The data in ${server.folder} were made with another password than the one kept beside them. ` +
      `Bring back the file embedded.json of that time, or set STENOGRAF_HOME to another folder.`,
    { cause: error },
  );
};

/** Whether the server is up; throws if it does not take our password. */
const answers = async (server: PostgresServer): Promise<boolean> => {
  try {
    await asAdmin(server, (client) => client.query('SELECT 1'));
    return true;
  } catch (error) {
    assertPasswordFits(server, error);
    return false;
  }
};

const createFailure = async (server: Place, what: string): Promise<EmbeddedError> =>
  new EmbeddedError(`${what}${await quoteLogTail(logOf(server))}`);

/** A server found alive may still be reading its log after a crash. */
const waitUntilAnswering = async (server: PostgresServer): Promise<void> => {
  const deadline = Date.now() + START_SECONDS_MAX * 1000;
  while (!(await answers(server))) {
    if (!(await findRunningPostgres(server)) || Date.now() > deadline) {
      throw await createFailure(
        server,
        `The PostgreSQL server in ${server.folder} is running, but does not let Stenograf in.`,
      );
    }
    await sleep(100);
  }
};

const assertSameVersion = async (server: PostgresServer): Promise<void> => {
  const written = (await readFile(join(dataOf(server), 'PG_VERSION'), 'utf8')).trim();
  const { output } = await run(server, 'postgres', ['--version']);
  const brought = /(\d+)(?:\.|\w*$)/.exec(output)?.[1];
  if (written === brought) return;
  throw new EmbeddedError(
    `The data in ${server.folder} was written by PostgreSQL ${written}, and this Stenograf brings ` +
      `${output}. Start the Stenograf that wrote it, or set STENOGRAF_HOME to another folder.`,
  );
};

/** Made beside and renamed, so that a start that was killed half-way leaves nothing behind. */
const initialise = async (server: PostgresServer): Promise<void> => {
  const draft = join(server.folder, 'data.new');
  const passwordFile = join(server.folder, 'password.new');
  await rm(draft, { recursive: true, force: true });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, `${server.adminPassword}\n`, { mode: 0o600, flag: 'wx' });
  if (server.account) await chown(passwordFile, server.account.uid, server.account.gid);
  const { code, output } = await run(server, 'initdb', [
    `--pgdata=${draft}`,
    `--username=${ADMIN}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    // An empty environment would choose SQL_ASCII, in which a Russian search finds nothing.
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(server.forTests ? ['--no-sync'] : []),
  ]);
  await rm(passwordFile, { force: true });
  if (code !== 0) {
    throw new EmbeddedError(`PostgreSQL could not set up its data in ${server.folder}:\n${output}`);
  }
  await rename(draft, dataOf(server));
};

/** Starts the server in a session of its own: neither our end nor Ctrl-C reaches it. */
const launch = async (server: PostgresServer): Promise<void> => {
  const deadline = Date.now() + LEFTOVERS_WAIT_MS_MAX;
  for (;;) {
    await rotateLog(logOf(server));
    const { code } = await run(server, 'pg_ctl', [
      'start',
      '--silent',
      '--wait',
      `--timeout=${START_SECONDS_MAX}`,
      `--pgdata=${dataOf(server)}`,
      `--log=${logOf(server)}`,
      `--options=${settingArguments(server)}`,
    ]);
    if (code === 0) return;
    const log = (await findText(logOf(server))) ?? '';
    if (/could not bind .*: Address already in use/.test(log))
      throw new PortTakenError(server.port);
    if (!log.includes('pre-existing shared memory block') || Date.now() > deadline) {
      throw await createFailure(server, `PostgreSQL did not start in ${server.folder}.`);
    }
    await sleep(100);
  }
};

/** Makes the role and the database of the application; what is there already is left alone. */
const provision = (server: PostgresServer): Promise<void> =>
  asAdmin(server, async (client) => {
    const isMissing = async (sql: string) =>
      (await client.query(sql, [APPLICATION])).rowCount === 0;
    if (await isMissing('SELECT FROM pg_roles WHERE rolname = $1')) {
      const rights = server.forTests ? 'CREATEDB' : 'NOCREATEDB';
      const secret = client.escapeLiteral(server.password);
      await client.query(`CREATE ROLE ${APPLICATION} LOGIN ${rights} PASSWORD ${secret}`);
    }
    if (await isMissing('SELECT FROM pg_database WHERE datname = $1')) {
      await client.query(`CREATE DATABASE ${APPLICATION} OWNER ${APPLICATION}`);
    }
  });

/**
 * PostgreSQL takes any live process with the pid of its predecessor for that predecessor. Only then
 * the file goes: in every other case it guards the data against a predecessor's last children.
 */
const removeMisleadingPidFile = async (server: PostgresServer): Promise<void> => {
  const path = join(dataOf(server), 'postmaster.pid');
  const pid = Number.parseInt((await findText(path)) ?? '', 10);
  if (isPidInUse(pid)) await rm(path, { force: true });
};

/** Starts the server with its data as they are; throws EmbeddedError, PortTakenError. */
export const launchPostgres = async (server: PostgresServer): Promise<void> => {
  if (await findRunningPostgres(server)) return;
  await removeMisleadingPidFile(server);
  await launch(server);
};

/**
 * Makes sure that the server is up, whatever an earlier run left: nothing, data, a stale pid file,
 * a server in recovery, or one that still runs. Sets `port`. The caller holds the home's lock.
 */
export const ensurePostgres = async (
  server: PostgresServer,
  log: (line: string) => void,
): Promise<void> => {
  const running = await findRunningPostgres(server);
  if (running) {
    server.port = running.port;
  } else if (await stat(dataOf(server)).catch(() => null)) {
    await assertSameVersion(server);
    log('Starting PostgreSQL …');
    await launchOnFreePort(server, () => launchPostgres(server));
  } else {
    log('Setting up PostgreSQL …');
    await initialise(server);
    await launchOnFreePort(server, () => launchPostgres(server));
  }
  await waitUntilAnswering(server);
  // Also for a server that was found running: its starter may have been killed before this.
  await provision(server);
};

/** `fast` ends connections and stops cleanly; `immediate` is a crash without the cleaning up. */
export type PostgresStopMode = 'fast' | 'immediate';

const STOP_SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** Stops the server if it runs and waits for its end; a fast stop that hangs becomes immediate. */
export const stopPostgres = async (
  server: Place,
  mode: PostgresStopMode = 'fast',
): Promise<void> => {
  const running = await findRunningPostgres(server);
  if (!running) return;
  sendSignal(running.pid, STOP_SIGNALS[mode]);
  if (await waitForEnd(running.pid, STOP_MS_MAX)) return;
  if (mode === 'fast') return stopPostgres(server, 'immediate');
  throw await createFailure(server, `PostgreSQL in ${server.folder} did not stop.`);
};
