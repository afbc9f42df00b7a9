import { afterAll, beforeAll, expect, test } from 'bun:test';
import { testServices } from '@stenograf/backend/tests/support/services';
import {
  createTestDatabase,
  type TestDatabase,
} from '@stenograf/backend/tests/support/testDatabase';
import { runCli } from '../support/cli';
import { makeHome, type TestHome } from '../support/home';

let home: TestHome;
let database: TestDatabase;
let env: Record<string, string>;

beforeAll(async () => {
  const { databaseUrl, redisUrl } = await testServices();
  home = await makeHome();
  const template = { name: 'empty', prepare: () => Promise.resolve() };
  database = await createTestDatabase({ databaseUrl, template });
  env = {
    STENOGRAF_HOME: home.path,
    DATABASE_URL: database.databaseUrl,
    REDIS_URL: redisUrl,
    STENOGRAF_REDIS_PREFIX: `cli-migrate-${process.pid}`,
    VK_TOKENS: 'user:unused',
  };
});

afterAll(async () => {
  await database.drop();
  await home.remove();
});

test('a database of the reader is migrated on request only, and can be again', async () => {
  const tooOld = await runCli(['collect', 'club1'], { env });
  expect(tooOld.exitCode).toBe(1);
  expect(tooOld.stderr).toContain('stenograf migrate');

  const first = await runCli(['migrate', '--json'], { env });
  expect(first.exitCode).toBe(0);
  const { applied } = JSON.parse(first.stdout) as { applied: string[] };
  expect(applied.length).toBeGreaterThan(0);

  const second = await runCli(['migrate'], { env });
  expect(second).toMatchObject({ exitCode: 0, stdout: 'The database is up to date.\n' });
});

test('settings that cannot be used are named, never shown, with no stack', async () => {
  const bad = { ...env, DATABASE_URL: 'mysql://me:hidden@host/db' };
  const down = { ...env, DATABASE_URL: 'postgres://me:hidden@127.0.0.1:1/db' };
  const cases: [Record<string, string>, string[], number, string][] = [
    [bad, ['tasks'], 2, 'DATABASE_URL'],
    [bad, ['migrate'], 2, 'DATABASE_URL'],
    [down, ['tasks'], 1, 'PostgreSQL does not answer'],
    [down, ['migrate'], 1, 'PostgreSQL does not answer'],
    [{ ...env, DATABASE_URL: '' }, ['migrate'], 2, 'DATABASE_URL is not set'],
  ];
  const results = await Promise.all(
    cases.map(([settings, args]) => runCli(args, { env: settings })),
  );
  for (const [index, result] of results.entries()) {
    const [, , exitCode, sentence] = cases[index] ?? [];
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.stderr).toContain(sentence ?? '');
    expect(result.stderr).not.toMatch(/hidden|^\s+at /m);
  }
});
