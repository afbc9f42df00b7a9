import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { EmbeddedError } from './EmbeddedError';
import { launchOnFreePort, PortTakenError } from './ports';
import { findText } from './privateFile';
import { findCommandLine, isPidInUse, sendSignal, waitForEnd } from './processes';
import { assertSameVersion, hasData, initialise } from './postgresData';
import {
  ADMIN,
  dataOf,
  logOf,
  runPostgresProgram,
  type PostgresPlace,
  type PostgresServer,
} from './postgresServer';
import { quoteLogTail, rotateLog } from './serviceLog';
import { settingArguments } from './postgresSettings';

/** Role and database of the application; the role is no superuser. */
const APPLICATION = 'stenograf';
/** PostgreSQL's error code. */
const INVALID_PASSWORD = '28P01';
const START_SECONDS_MAX = 120;
const STOP_MS_MAX = 20_000;
/** Children of a killed server need a moment to notice and to let go of its memory. */
const LEFTOVERS_WAIT_MS_MAX = 15_000;

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
export const findRunningPostgres = async (server: PostgresPlace) => {
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

const createFailure = async (server: PostgresPlace, what: string): Promise<EmbeddedError> =>
  new EmbeddedError(`${what}${await quoteLogTail(logOf(server))}`);

/** A server found alive may still be reading its log, or be about to write its port down. */
const waitUntilAnswering = async (server: PostgresServer): Promise<void> => {
  const deadline = Date.now() + START_SECONDS_MAX * 1000;
  for (;;) {
    const running = await findRunningPostgres(server);
    if (running?.port) server.port = running.port;
    if (server.port !== 0 && (await answers(server))) return;
    if (!running || Date.now() > deadline) {
      throw await createFailure(
        server,
        `The PostgreSQL server in ${server.folder} is running, but does not let Stenograf in.`,
      );
    }
    await sleep(100);
  }
};

/** Starts the server in a session of its own: neither our end nor Ctrl-C reaches it. */
const launch = async (server: PostgresServer): Promise<void> => {
  const deadline = Date.now() + LEFTOVERS_WAIT_MS_MAX;
  for (;;) {
    await rotateLog(logOf(server));
    const { code } = await runPostgresProgram(server, 'pg_ctl', [
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
  if (!(await findRunningPostgres(server))) {
    if (await hasData(server)) {
      await assertSameVersion(server);
      log('Starting PostgreSQL …');
    } else {
      log('Setting up PostgreSQL …');
      await initialise(server);
    }
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
  server: PostgresPlace,
  mode: PostgresStopMode = 'fast',
): Promise<void> => {
  const running = await findRunningPostgres(server);
  if (!running) return;
  sendSignal(running.pid, STOP_SIGNALS[mode]);
  if (await waitForEnd(running.pid, STOP_MS_MAX)) return;
  if (mode === 'fast') return stopPostgres(server, 'immediate');
  throw await createFailure(server, `PostgreSQL in ${server.folder} did not stop.`);
};
