import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { Umzug } from 'umzug';
import { connectClient } from '../config/database';
import { AppError } from './errors';

const MIGRATIONS = join(__dirname, '..', 'migrations');

/** Any number will do, as long as every migrator of this project uses the same. */
const ADVISORY_LOCK = 7_836_501;

/** Waiting for another migrator is bounded, and so is waiting for a lock on a busy table. */
const LOCK_TIMEOUT = '60s';

const createUmzug = async (client: Client): Promise<Umzug<Client>> => {
  const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).sort();
  return new Umzug<Client>({
    context: client,
    logger: undefined,
    migrations: files.map((file) => ({
      name: file,
      up: async () => {
        const sql = await readFile(join(MIGRATIONS, file), 'utf8');
        await client.query('BEGIN');
        try {
          await client.query(sql);
          await client.query('INSERT INTO migrations (name) VALUES ($1)', [file]);
          await client.query('COMMIT');
        } catch (cause) {
          await client.query('ROLLBACK');
          throw cause;
        }
      },
    })),
    storage: {
      // The row is written by `up`, in the transaction of the migration itself.
      logMigration: () => Promise.resolve(),
      unlogMigration: () => Promise.reject(new Error('Migrations go forward only.')),
      executed: async () => {
        const { rows } = await client.query<{ name: string }>(
          'SELECT name FROM migrations ORDER BY name',
        );
        return rows.map((row) => row.name);
      },
    },
  });
};

/** Search needs words in small letters, which a database with the locale C makes of ASCII alone. */
const assertLetters = async (client: Client): Promise<void> => {
  const { rows } = await client.query<{ encoding: string; knows_letters: boolean }>(
    `SELECT pg_encoding_to_char(encoding) AS encoding, lower('Ж') = 'ж' AS knows_letters
     FROM pg_database WHERE datname = current_database()`,
  );
  const [database] = rows;
  if (database?.encoding !== 'UTF8') {
    throw new AppError(
      'conflict',
      `The database is encoded as ${database?.encoding}; Stenograf needs a database created with ENCODING 'UTF8'.`,
    );
  }
  if (!database.knows_letters) {
    throw new AppError(
      'conflict',
      "The database's locale knows no Cyrillic letters; Stenograf needs a database created with " +
        "LOCALE_PROVIDER builtin LOCALE 'C.UTF-8', or with any locale that ends in UTF-8.",
    );
  }
};

const withClient = async <T>(
  databaseUrl: string,
  work: (client: Client) => Promise<T>,
): Promise<T> => {
  let client: Client;
  try {
    client = await connectClient(databaseUrl);
  } catch (cause) {
    throw new AppError(
      'database_unavailable',
      'PostgreSQL does not answer at the address in DATABASE_URL.',
      { cause },
    );
  }
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

/**
 * Brings the schema up to date; safe to run from many processes at once, and again.
 * @returns the names of the migrations that this call ran.
 * @throws AppError when PostgreSQL cannot be reached or the database is not UTF-8.
 */
export const migrate = (databaseUrl: string): Promise<string[]> =>
  withClient(databaseUrl, async (client) => {
    await assertLetters(client);
    await client.query(`SET lock_timeout = '${LOCK_TIMEOUT}'`);
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await client.query(
      `CREATE TABLE IF NOT EXISTS migrations (
         name text PRIMARY KEY, executed_at timestamptz NOT NULL DEFAULT now())`,
    );
    const umzug = await createUmzug(client);
    const ran = await umzug.up();
    return ran.map((migration) => migration.name);
  });

/**
 * Refuses a schema that is older or newer than this code.
 * @throws AppError whose message names the command that mends it.
 */
export const assertSchema = (databaseUrl: string): Promise<void> =>
  withClient(databaseUrl, async (client) => {
    await assertLetters(client);
    const { rows } = await client.query<{ present: boolean }>(
      `SELECT to_regclass('migrations') IS NOT NULL AS present`,
    );
    const files = (await readdir(MIGRATIONS)).filter((file) => file.endsWith('.sql')).sort();
    const executed = rows[0]?.present
      ? (await client.query<{ name: string }>('SELECT name FROM migrations')).rows
      : [];
    const known = new Set(executed.map((row) => row.name));
    if (files.some((file) => !known.has(file))) {
      throw new AppError(
        'conflict',
        'The database schema is older than this program. Run: stenograf migrate',
      );
    }
    if (known.size > files.length) {
      throw new AppError('conflict', 'The database schema is newer than this program. Update it.');
    }
  });
