import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connectClient } from '../../../config/database';
import { AppError } from '../../../src/errors';
import { assertSchema, migrate } from '../../../src/migrate';
import { testServices } from '../../support/services';
import { createTestDatabase, type TestDatabase } from '../../support/testDatabase';

const EMPTY = { name: 'empty', prepare: () => Promise.resolve() };

const createEmptyDatabase = async (): Promise<TestDatabase> => {
  const { databaseUrl } = await testServices();
  return createTestDatabase({ databaseUrl, template: EMPTY });
};

const run = async <Row extends object>(databaseUrl: string, sql: string): Promise<Row[]> => {
  const client = await connectClient(databaseUrl);
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
};

const listMigrations = async (): Promise<string[]> => {
  const files = await readdir(join(__dirname, '../../../migrations'));
  return files.filter((file) => file.endsWith('.sql')).sort();
};

const refusalOf = async (work: Promise<unknown>): Promise<AppError> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
};

describe('migrations', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createEmptyDatabase();
  });
  afterAll(() => database.drop());

  test('an empty database is refused as too old, naming the command that mends it', async () => {
    const refusal = await refusalOf(assertSchema(database.databaseUrl));
    expect(refusal).toMatchObject({
      code: 'conflict',
      message: 'The database schema is older than this program. Run: stenograf migrate',
    });
  });

  test('four processes and four connections at once run each migration once', async () => {
    const others = Array.from({ length: 4 }, () =>
      Bun.spawn([process.execPath, join(__dirname, 'migrateProcess.ts')], {
        env: { DATABASE_URL: database.databaseUrl },
        stdout: 'pipe',
        stderr: 'inherit',
      }),
    );
    const here = Array.from({ length: 4 }, () => migrate(database.databaseUrl));
    const printed = others.map(
      async ({ stdout, exited }) => [await new Response(stdout).text(), await exited] as const,
    );
    const ranElsewhere = (await Promise.all(printed)).map(([text, exitCode]) => {
      expect(exitCode).toBe(0);
      return JSON.parse(text) as string[];
    });
    const ran = [...(await Promise.all(here)), ...ranElsewhere];
    expect(ran).toHaveLength(8);
    expect(ran.flat()).toEqual(await listMigrations());
    await assertSchema(database.databaseUrl);
  });

  test('a database that is up to date is left as it is', async () => {
    const sql = 'SELECT name, executed_at FROM migrations ORDER BY name';
    const before = await run(database.databaseUrl, sql);
    expect(await migrate(database.databaseUrl)).toEqual([]);
    expect(await run(database.databaseUrl, sql)).toEqual(before);
  });

  test('a schema newer than the program is refused', async () => {
    await run(database.databaseUrl, `INSERT INTO migrations (name) VALUES ('29991231-01-far.sql')`);
    const refusal = await refusalOf(assertSchema(database.databaseUrl));
    expect(refusal).toMatchObject({
      code: 'conflict',
      message: 'The database schema is newer than this program. Update it.',
    });
    await run(database.databaseUrl, `DELETE FROM migrations WHERE name = '29991231-01-far.sql'`);
  });

  test('a schema that lacks one migration is refused as too old', async () => {
    await run(database.databaseUrl, `UPDATE migrations SET name = 'x' || name`);
    const refusal = await refusalOf(assertSchema(database.databaseUrl));
    expect(refusal.message).toContain('stenograf migrate');
  });
});

describe('a database that cannot be used', () => {
  test('one that is not encoded as UTF-8 is refused by its encoding, and nothing is made in it', async () => {
    const { databaseUrl } = await testServices();
    const name = `stg_ascii_${crypto.randomUUID().replaceAll('-', '')}`;
    await run(
      databaseUrl,
      `CREATE DATABASE ${name} ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`,
    );
    const url = new URL(databaseUrl);
    url.pathname = `/${name}`;
    try {
      for (const refused of [migrate, assertSchema]) {
        expect(await refusalOf(refused(url.href))).toMatchObject({
          code: 'conflict',
          message:
            'The database is encoded as SQL_ASCII; Stenograf needs a database created with ' +
            "ENCODING 'UTF8'.",
        });
      }
      const tables = await run(
        url.href,
        `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace`,
      );
      expect(tables).toEqual([]);
    } finally {
      await run(databaseUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    }
  });

  test('one whose locale knows no Cyrillic letters is refused: a search would find nothing', async () => {
    const { databaseUrl } = await testServices();
    const name = `stg_c_${crypto.randomUUID().replaceAll('-', '')}`;
    await run(
      databaseUrl,
      `CREATE DATABASE ${name} ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`,
    );
    const url = new URL(databaseUrl);
    url.pathname = `/${name}`;
    try {
      for (const refused of [migrate, assertSchema]) {
        const { code, message } = await refusalOf(refused(url.href));
        expect(code).toBe('conflict');
        expect(message).toContain("LOCALE_PROVIDER builtin LOCALE 'C.UTF-8'");
      }
    } finally {
      await run(databaseUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    }
  });

  test('one that does not answer is told in a sentence without its address', async () => {
    const nowhere = 'postgres://someone:secret-word@127.0.0.1:9/nothing';
    for (const refused of [migrate, assertSchema]) {
      expect(await refusalOf(refused(nowhere))).toMatchObject({
        code: 'database_unavailable',
        message: 'PostgreSQL does not answer at the address in DATABASE_URL.',
      });
    }
  });
});
