import { randomBytes } from 'node:crypto';
import { Client, DatabaseError } from 'pg';
import { eventually } from './eventually';

export interface DatabaseTemplate {
  /** Letters, digits and underscores. Give another name to what another `prepare` makes. */
  readonly name: string;
  /** Fills the empty database, usually by migrating it; must close its connections. */
  readonly prepare: (databaseUrl: string) => Promise<void>;
}

export interface TestDatabase {
  readonly databaseUrl: string;
  /** Removes the database, also from under connections that are still open. */
  drop(): Promise<void>;
}

const withClient = async <T>(
  databaseUrl: string,
  work: (client: Client) => Promise<T>,
): Promise<T> => {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
};

const urlOf = (databaseUrl: string, database: string): string => {
  const url = new URL(databaseUrl);
  url.pathname = `/${database}`;
  return url.href;
};

/**
 * Tells one start of the server from the next. All our databases bear it, so that a template made
 * before the migrations changed, and what crashed tests left, can be told from those in use.
 */
const findServerLife = async (client: Client): Promise<string> => {
  const { rows } = await client.query<{ life: string }>(
    `SELECT (extract(epoch FROM pg_postmaster_start_time()) * 1000)::bigint::text AS life`,
  );
  return rows[0]?.life ?? '';
};

const exists = async (client: Client, database: string): Promise<boolean> =>
  (await client.query('SELECT FROM pg_database WHERE datname = $1', [database])).rowCount === 1;

/** PostgreSQL's error code. */
const NOT_PERMITTED = '42501';

/**
 * Also from under open connections. Autovacuum may be among them, which only a superuser can end;
 * it is over within moments.
 */
const dropDatabase = (client: Client, database: string): Promise<unknown> =>
  eventually(
    async () => {
      try {
        await client.query(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
        return true;
      } catch (error) {
        if (error instanceof DatabaseError && error.code === NOT_PERMITTED) return false;
        throw error;
      }
    },
    { what: `database ${database} to be dropped` },
  );

const dropLeftovers = async (client: Client, life: string): Promise<void> => {
  const { rows } = await client.query<{ datname: string }>(
    `SELECT datname FROM pg_database
     WHERE datname ~ '^stg_(test|template)_\\d+_' AND split_part(datname, '_', 3) <> $1`,
    [life],
  );
  for (const { datname } of rows) await dropDatabase(client, datname);
};

/** Prepared under another name and renamed, so that one that bears its name is whole. */
const ensureTemplate = async (
  client: Client,
  databaseUrl: string,
  life: string,
  { name, prepare }: DatabaseTemplate,
): Promise<string> => {
  const template = `stg_template_${life}_${name}`;
  if (await exists(client, template)) return template;
  await client.query('SELECT pg_advisory_lock(hashtext($1))', [`stg_template_${name}`]);
  if (await exists(client, template)) return template;
  await dropLeftovers(client, life);
  const draft = `${template}_draft`;
  await dropDatabase(client, draft);
  await client.query(`CREATE DATABASE "${draft}"`);
  await prepare(urlOf(databaseUrl, draft));
  await client.query(`ALTER DATABASE "${draft}" RENAME TO "${template}"`);
  return template;
};

/**
 * A database of the caller's own, copied from a template that is prepared once per start of the
 * server, whichever test file comes first.
 */
export const createTestDatabase = ({
  databaseUrl,
  template,
}: {
  databaseUrl: string;
  template: DatabaseTemplate;
}): Promise<TestDatabase> =>
  withClient(databaseUrl, async (client) => {
    const life = await findServerLife(client);
    const source = await ensureTemplate(client, databaseUrl, life, template);
    const database = `stg_test_${life}_${randomBytes(6).toString('hex')}`;
    await client.query(`CREATE DATABASE "${database}" TEMPLATE "${source}"`);
    return {
      databaseUrl: urlOf(databaseUrl, database),
      drop: () =>
        withClient(databaseUrl, async (admin) => {
          await dropDatabase(admin, database);
        }),
    };
  });
