import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readdir, readFile, stat } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { findCommandLine } from '../../src/embedded/processes';
import {
  askRedis,
  failureOf,
  makeHome,
  query,
  readServerPids,
  startUser,
  type Home,
  type User,
} from './support';

let home: Home;
let user: User;

beforeAll(async () => {
  home = await makeHome();
  // Nothing at all in the environment: PostgreSQL would choose SQL_ASCII.
  user = await startUser(home.path, { env: {} });
});

afterAll(async () => {
  await user.release();
  await home.remove();
});

const postmasterFile = (path: string): string => join(path, 'postgres', 'data', 'postmaster.pid');

const withPassword = (address: string, password: string): string => {
  const url = new URL(address);
  url.password = password;
  return url.href;
};

test('in an empty environment the database is UTF-8 and knows Russian letters', async () => {
  const sql = `SELECT current_setting('server_encoding') AS encoding, lower('ЁЖИК') AS lower,
    to_tsvector('russian', 'Коты и кошки') @@ to_tsquery('russian', 'кошка') AS found`;
  expect(await query(user.first.databaseUrl, sql)).toEqual([
    { encoding: 'UTF8', lower: 'ёжик', found: true },
  ]);
});

test('the database is durable, and the role of the application is no superuser', async () => {
  const sql = `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
    rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user`;
  expect(await query(user.first.databaseUrl, sql)).toEqual([
    { fsync: 'on', commit: 'on', rolsuper: false, rolcreatedb: false, rolcreaterole: false },
  ]);
  await query(user.first.databaseUrl, 'CREATE TABLE own (n int)');
});

test('Redis keeps an append-only file and evicts nothing', async () => {
  const settings = ['appendonly', 'appendfsync', 'maxmemory-policy', 'save'];
  const answers = await Promise.all(
    settings.map((name) => askRedis(user.first.redisUrl, 'CONFIG', 'GET', name)),
  );
  expect(answers.flat()).toEqual(expect.arrayContaining(['yes', 'everysec', 'noeviction', '']));
});

test('neither answers without its password', async () => {
  const { databaseUrl, redisUrl } = user.first;
  for (const password of ['wrong', '']) {
    const database = failureOf(query(withPassword(databaseUrl, password), 'SELECT 1'));
    expect((await database).message).toMatch(/password/);
    expect(await failureOf(askRedis(withPassword(redisUrl, password), 'PING'))).toBeDefined();
  }
});

test('both listen on the loopback address alone', async () => {
  const foreign = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4');
  for (const { address } of foreign) {
    for (const url of [user.first.databaseUrl, user.first.redisUrl]) {
      const connecting = Bun.connect({
        hostname: address,
        port: Number(new URL(url).port),
        socket: { data: () => {} },
      });
      expect(await failureOf(connecting)).toBeDefined();
    }
  }
  const [, , , , sockets, address] = (await readFile(postmasterFile(home.path), 'utf8')).split(
    '\n',
  );
  expect({ sockets, address }).toEqual({ sockets: '', address: '127.0.0.1' });
  expect(await askRedis(user.first.redisUrl, 'CONFIG', 'GET', 'bind')).toEqual([
    'bind',
    '127.0.0.1',
  ]);
});

test('the passwords are in one file that only its owner reads, and in no list of processes', async () => {
  const file = join(home.path, 'embedded.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const passwords =
    JSON.stringify(JSON.parse(await readFile(file, 'utf8'))).match(/[\w-]{32}/g) ?? [];
  expect(passwords).toHaveLength(3);
  const pids = await readServerPids(home.path);
  const lines = Object.values(pids).map((pid) => findCommandLine(pid) ?? '');
  for (const password of passwords) expect(lines.join('\n')).not.toContain(password);
});

test('others may read nothing in the home', async () => {
  for (const name of await readdir(home.path)) {
    expect({ name, others: (await stat(join(home.path, name))).mode & 0o077 }).toEqual({
      name,
      others: 0,
    });
  }
});

test('no server runs as root', async () => {
  if (process.platform !== 'linux') return;
  for (const pid of Object.values(await readServerPids(home.path))) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(process.getuid?.() === 0 ? /^Uid:\t[1-9]/m : /^Uid:\t\d/m);
  }
});
