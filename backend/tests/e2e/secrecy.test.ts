import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TaskReport, VkTokenDto } from '@stenograf/contracts/api';
import { createSandbox, type Sandbox } from '@stenograf/sandbox';
import { Redis } from 'ioredis';
import { QueryTypes } from 'sequelize';
import { startCli, type CliProcess, type CliResult } from '../../../cli/tests/support/cli';
import { readConfig } from '../../config/env';
import { createApiRoutes } from '../../src/app';
import { createContainer, type Container } from '../../src/container';
import { startEchoingVk, type EchoingVk } from '../support/echoingVk';
import { findLeaks, formsOf, type Places } from '../support/leakSearch';
import { createMigratedDatabase } from '../support/migratedDatabase';
import { testServices } from '../support/services';

const RPS = 50;
/** Tokens that look like no token, so that nothing knows them by their shape; and one that does. */
const CANARIES = {
  'the token of VK_TOKENS': 'FAKE.canary-of-the-environment_6f1d2a',
  'the token of the vault': 'FAKE.canary-of-the-vault_93b7c4',
  'the refused token': 'FAKE.canary-refused_17e0d8',
  'the token that was never taken': 'vk1.a.FAKE-canary-in-a-refused-body_c2a5',
  'the old token that was never taken': 'fa4e0ca9'.repeat(11).slice(0, 85),
};
const [ENVIRONMENT, VAULT, REFUSED, NEVER, OLD] = Object.values(CANARIES) as [
  string,
  string,
  string,
  string,
  string,
];

let home: string;
let sandbox: Sandbox;
let vk: EchoingVk;
let database: Awaited<ReturnType<typeof createMigratedDatabase>>;
let container: Container;
let monitor: Redis;
let server: CliProcess;
let worker: CliProcess;
let key: string;
let url: string;
/** How the services are reached; whoever has these has everything. */
let passwords: Record<string, string>;

const redisCommands: string[] = [];
const replies: string[] = [];
const cliOutputs: string[] = [];

const passwordOf = (address: string): string => decodeURIComponent(new URL(address).password);

beforeAll(async () => {
  const services = await testServices();
  database = await createMigratedDatabase();
  home = await mkdtemp(join(tmpdir(), 'stenograf-secrecy-'));
  sandbox = await createSandbox({
    world: 'tiny',
    tokens: [ENVIRONMENT, VAULT].map((token) => ({ token, kind: 'user', rps: RPS })),
  });
  vk = await startEchoingVk(sandbox.url, [REFUSED]);
  const env = {
    DATABASE_URL: database.databaseUrl,
    REDIS_URL: services.redisUrl,
    STENOGRAF_REDIS_PREFIX: `secrecy-${crypto.randomUUID()}`,
    STENOGRAF_HOME: home,
    VK_API_URL: vk.url,
    VK_TOKENS: `user:${ENVIRONMENT}`,
    VK_USER_RPS: String(RPS),
    VK_JITTER_MS: '20',
    LOG_LEVEL: 'debug',
  };
  passwords = {
    "the database's password": passwordOf(env.DATABASE_URL),
    "Redis' password": passwordOf(env.REDIS_URL),
  };
  container = createContainer(readConfig({ ...env, LOG_LEVEL: 'error' }));
  await container.redis.connect();
  monitor = await new Redis(services.redisUrl).monitor();
  monitor.on('monitor', (_time: string, args: string[]) => redisCommands.push(args.join(' ')));
  server = startCli(['serve', '--no-worker', '--port', '0', '--json'], { env });
  worker = startCli(['worker'], { env });
  await Promise.all([server.waitForText('"url"'), worker.waitForText('takes tasks')]);
  const found = JSON.parse(await readFile(join(home, 'server.json'), 'utf8')) as typeof passwords;
  key = found['key'] ?? '';
  url = found['url'] ?? '';
}, 60_000);

afterAll(async () => {
  for (const process of [server, worker]) process.kill('SIGKILL');
  monitor.disconnect();
  await container.lifecycle.stop();
  await vk.stop();
  await sandbox.stop();
  await database.drop();
  await rm(home, { recursive: true });
});

const cli = async (args: string[], stdin = ''): Promise<CliResult> => {
  const result = await startCli(args, { env: { STENOGRAF_HOME: home }, stdin }).ended;
  cliOutputs.push(result.stdout, result.stderr);
  return result;
};

const send = async (path: string, init: RequestInit = {}): Promise<number> => {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}${path}`, { headers, ...init });
  const shown = [...response.headers].map((header) => header.join(': ')).join('\n');
  replies.push(`${shown}\n\n${await response.text()}`);
  return response.status;
};

const post = (path: string, body: unknown): Promise<number> =>
  send(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

const readTables = async (): Promise<string[]> => {
  const select = <Row extends object>(sql: string): Promise<Row[]> =>
    container.sequelize.query<Row>(sql, { type: QueryTypes.SELECT });
  const tables = await select<{ name: string }>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const rows = await Promise.all(
    tables.map(({ name }) => select<{ row: string }>(`SELECT t::text AS row FROM ${name} AS t`)),
  );
  // A column of bytes shows as hexadecimal digits, which is one of the forms that are looked for.
  return rows.flat().map(({ row }) => row);
};

const READERS: Record<string, (redis: Redis, name: string) => Promise<unknown>> = {
  string: (redis, name) => redis.get(name),
  hash: (redis, name) => redis.hgetall(name),
  list: (redis, name) => redis.lrange(name, 0, -1),
  set: (redis, name) => redis.smembers(name),
  zset: (redis, name) => redis.zrange(name, 0, -1),
  stream: (redis, name) => redis.xrange(name, '-', '+'),
};

const readRedis = async (): Promise<string[]> => {
  const { redis } = container;
  const names = await redis.keys('*');
  const values = await Promise.all(
    names.map(async (name) => READERS[await redis.type(name)]?.(redis, name)),
  );
  return values.map((value, index) => `${names[index]} ${JSON.stringify(value)}`);
};

const readPlaces = async (): Promise<Places> => ({
  'the log of the server': [server.output.stderr, server.output.stdout],
  'the log of a worker': [worker.output.stderr, worker.output.stdout],
  'a table': await readTables(),
  'a key of Redis': await readRedis(),
  'a command to Redis': redisCommands,
  'a reply': replies,
  'the output of the CLI': cliOutputs,
});

/** Every path that can be read, with numbers that exist where there are any. */
const readablePaths = (tokenId: number, taskId: number): string[] =>
  createApiRoutes({
    ...container,
    health: {},
    service: { version: '', pid: 0, settings: {} },
    corsOrigins: [],
  })
    .filter(({ method }) => method === 'get')
    .map(({ path }) =>
      path
        .replace('/vk-tokens/:id', `/vk-tokens/${tokenId}`)
        .replace('/tasks/:id', `/tasks/${taskId}`)
        .replace(':owner_id', '-1')
        .replaceAll(/:\w+/g, '1'),
    )
    .concat('/admin/queues', '/admin/queues/api/queues?activeQueue=collect&page=1&jobsPerPage=10');

const tokensOf = ({ stdout }: CliResult): VkTokenDto[] =>
  (JSON.parse(stdout) as { tokens: VkTokenDto[] }).tokens;

test('a whole run with a VK that repeats tokens leaves them nowhere', async () => {
  const address = `https://oauth.vk.ru/blank.html#access_token=${VAULT}&expires_in=86400`;
  await Promise.all([cli(['tokens', 'add'], address), cli(['tokens', 'add'], REFUSED)]);
  expect((await cli(['tokens', 'add', NEVER])).exitCode).toBe(2);
  const tokens = tokensOf(await cli(['tokens', '--json']));
  expect(tokens.map(({ source }) => source).sort((a, b) => a.localeCompare(b))).toEqual([
    'environment',
    'vault',
    'vault',
  ]);

  const collected = await cli(['collect', 'club1', 'club2', 'club3', '--json']);
  const { task } = JSON.parse(collected.stdout) as TaskReport;
  expect(task.status).toBe('completed');
  const checkAll = (): Promise<CliResult[]> =>
    Promise.all(tokens.map(({ id }) => cli(['tokens', 'check', String(id), '--json'])));
  const expected = tokens.map(({ last4 }) => (last4 === REFUSED.slice(-4) ? 4 : 0));
  expect((await checkAll()).map(({ exitCode }) => exitCode)).toEqual(expected);
  expect((await cli(['tokens', 'rotate'])).exitCode).toBe(0);
  expect((await checkAll()).map(({ exitCode }) => exitCode)).toEqual(expected);
  await Promise.all([cli(['tokens']), cli(['tokens', 'quota'])]);

  const pasted = `https://oauth.vk.ru/blank.html#access_token=${VAULT}&expires_in=0`;
  const asReference = await Promise.all([
    cli(['collect', 'club1', NEVER]),
    cli(['collect', '-', '--plan'], `club1\n${pasted}\n`),
    cli(['collect', '-', '--detach'], OLD),
  ]);
  expect(asReference.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2]);
  const list = ['club1', NEVER, pasted, `клуб;${OLD}`].join('\n');
  expect(await post('/api/v1/communities/import', { text: list })).toBe(200);
  expect(replies.at(-1)).toContain('This is a VK token, not a community.');

  const refusals = await Promise.all([
    ...[NEVER, OLD, pasted, `access_token=${REFUSED}`].flatMap((line) => [
      post('/api/v1/tasks', { communities: ['club1', line] }),
      post('/api/v1/tasks/plan', { communities: [line] }),
    ]),
    post('/api/v1/vk-tokens', { token: `${NEVER} ${VAULT}` }),
    post('/api/v1/vk-tokens', { token: VAULT, kind: NEVER }),
    post('/api/v1/vk-tokens', { [NEVER]: ENVIRONMENT }),
    post('/api/v1/vk-tokens', `{"token":"${NEVER}`),
    post('/api/v1/vk-tokens', { token: VAULT }),
    post('/api/v1/vk-tokens', { token: ENVIRONMENT }),
    post('/api/v1/tasks', { communities: ['club1'], posts: { since: NEVER }, priority: VAULT }),
    post('/api/v1/tasks', `access_token=${NEVER}`),
    send(`/api/v1/tasks?access_token=${ENVIRONMENT}`),
    send(`/api/v1/tasks?cursor=${VAULT}`),
    send(`/api/v1/vk-tokens/${NEVER}/check`, { method: 'POST' }),
    send('/api/v1/tasks', { headers: { authorization: `Bearer ${VAULT}` } }),
  ]);
  expect(refusals.filter((status) => status < 400 || status >= 500)).toEqual([]);
  for (const path of readablePaths(tokens[0]?.id ?? 0, task.id)) {
    expect([200, 400, 404]).toContain(await send(path));
  }
  const environmentId = tokens.find(({ source }) => source === 'environment')?.id ?? 0;
  expect(await send(`/api/v1/vk-tokens/${environmentId}`, { method: 'DELETE' })).toBe(409);

  // Each way to repeat a token was met, and the logs were full of what happened.
  expect([...vk.echoes.keys()]).toHaveLength(9);
  expect(server.output.stderr).toContain('token added');
  expect(worker.output.stderr).toContain('VK request failed');
  expect(worker.output.stderr).toContain('"level":"debug"');
  const places = await readPlaces();
  expect(findLeaks(CANARIES, places)).toEqual([]);
  const logs = Object.fromEntries(
    Object.entries(places).filter(([place]) => place.startsWith('the log')),
  );
  expect(findLeaks({ ...passwords, 'the internal key': key }, logs)).toEqual([]);
}, 60_000);

test('what was not hidden would be found, in every place and every form', async () => {
  const planted = formsOf(VAULT);
  const { redis, sequelize } = container;
  for (const [index, form] of planted.entries()) await redis.set(`planted-${index}`, `x${form}x`);
  await sequelize.query(`INSERT INTO settings (key, value) VALUES ('planted', $1)`, {
    bind: [JSON.stringify(planted)],
  });
  await sequelize.query(`UPDATE vk_tokens SET ciphertext = $1 WHERE source = 'vault'`, {
    bind: [Buffer.from(`before ${VAULT} after`)],
  });
  const places: Places = {
    ...(await readPlaces()),
    'a reply': planted,
    'the log of a worker': [`{"message":"${VAULT}"}`],
    'the output of the CLI': [Buffer.from(`some text ${VAULT} more`).toString('base64')],
  };
  await redis.del(planted.map((_, index) => `planted-${index}`));
  const leaks = findLeaks(CANARIES, places);
  for (const place of ['a key of Redis', 'a reply', 'a command to Redis']) {
    expect(leaks.filter((leak) => leak.includes(` in ${place}: `)).length).toBeGreaterThanOrEqual(
      planted.length,
    );
  }
  for (const place of ['a table', 'the log of a worker', 'the output of the CLI']) {
    expect(leaks.filter((leak) => leak.includes(` in ${place}: `))).not.toEqual([]);
  }
  expect(leaks.filter((leak) => !leak.startsWith('the token of the vault'))).toEqual([]);
});
