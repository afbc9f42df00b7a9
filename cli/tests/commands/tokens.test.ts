import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { QuotaDto, TaskReport, VkTokenCheckDto, VkTokenDto } from '@stenograf/contracts/api';
import { createSandbox, type Sandbox } from '@stenograf/sandbox';
import { startCli, type CliProcess, type CliResult } from '../support/cli';
import { makeWarmHome, type TestHome } from '../support/home';

const RPS = 50;
const USER = 'FAKE-cli-user-token-1111';
const DEAD = 'FAKE-cli-dead-token-2222';

let home: TestHome;
let sandbox: Sandbox;
/** Enough for commands that find the running service. */
let bare: Record<string, string>;
let settings: Record<string, string>;
let service: CliProcess;

beforeAll(async () => {
  home = await makeWarmHome();
  sandbox = await createSandbox({
    world: 'tiny',
    tokens: [
      { token: USER, kind: 'user', rps: RPS },
      { token: DEAD, kind: 'user', revoked: true },
    ],
  });
  bare = { STENOGRAF_HOME: home.path };
  settings = { ...bare, VK_API_URL: sandbox.url, VK_USER_RPS: String(RPS) };
});
afterAll(async () => {
  service.kill('SIGKILL');
  await service.ended;
  await sandbox.stop();
  await home.remove();
});

const outputs: string[] = [];

const listen = async (running: CliProcess): Promise<CliResult> => {
  const result = await running.ended;
  outputs.push(result.stdout, result.stderr);
  return result;
};

const run = (args: string[], stdin = '', env = bare): Promise<CliResult> =>
  listen(startCli(args, { env, stdin }));

const listTokens = async (): Promise<VkTokenDto[]> => {
  const { stdout } = await run(['tokens', '--json']);
  return (JSON.parse(stdout) as { tokens: VkTokenDto[] }).tokens;
};

test('without any token both ways to give one are named: exit code 4', async () => {
  const results = await Promise.all([
    run(['collect', 'club1'], '', settings),
    run(['worker'], '', settings),
  ]);
  for (const { exitCode, stderr } of results) {
    expect(exitCode).toBe(4);
    expect(stderr).toContain('stenograf tokens add --kind service');
    expect(stderr).toContain('export VK_TOKENS=service:');
  }
});

test('a service without a token says how to add one; what waits goes on when it comes', async () => {
  service = startCli(['serve', '--port', '0', '--json'], { env: settings });
  await service.waitForText('"url"');
  expect(service.output.stderr).toContain('Add it with: stenograf tokens add');
  const waiting = startCli(['collect', 'club1', '--json'], { env: bare });
  await waiting.waitForText('Add one in another terminal: stenograf tokens add');
  const pasted = `https://oauth.vk.ru/blank.html#access_token=${USER}&expires_in=86400\n`;
  const added = await run(['tokens', 'add', '--name', 'mine', '--json'], pasted);
  expect(added.exitCode).toBe(0);
  expect(JSON.parse(added.stdout)).toMatchObject({
    token: { id: 1, last4: '1111', name: 'mine', kind: 'user', source: 'vault' },
  });
  const { exitCode, stdout } = await listen(waiting);
  expect([exitCode, (JSON.parse(stdout) as TaskReport).task.status]).toEqual([0, 'completed']);
}, 60_000);

test('a command line that makes no sense ends with 2 and stores nothing', async () => {
  const cases: [args: string[], stdin: string, sentence: string][] = [
    [['add', DEAD], '', 'never typed as an argument'],
    [['add', '--kind', 'robot'], DEAD, 'no kind of token'],
    [['add'], '', 'no token on standard input'],
    [['add'], `${USER}\n${DEAD}\n`, 'one token at a time'],
    [['add'], 'not a token', 'Must be one VK token'],
    [['check', 'x'], '', 'not the number of a token'],
  ];
  const results = await Promise.all(cases.map(([args, stdin]) => run(['tokens', ...args], stdin)));
  for (const [index, { exitCode, stderr, stdout }] of results.entries()) {
    expect(stderr).toContain(cases[index]?.[2] ?? '');
    expect([exitCode, stdout]).toEqual([2, '']);
  }
  expect(await listTokens()).toHaveLength(1);
});

test('a token is shown by its last characters, with what to do about it', async () => {
  const [again, dead] = await Promise.all([
    run(['tokens', 'add'], USER),
    run(['tokens', 'add'], `user:${DEAD}`),
  ]);
  expect(again).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('••••1111') });
  expect(dead.stdout).toContain('••••2222');
  const deadId = (await listTokens()).find(({ last4 }) => last4 === '2222')?.id ?? 0;
  const [good, bad] = await Promise.all([
    run(['tokens', 'check', '1', '--json']),
    run(['tokens', 'check', String(deadId)]),
  ]);
  expect(good.exitCode).toBe(0);
  const { methods } = JSON.parse(good.stdout) as VkTokenCheckDto;
  expect(methods.map(({ ok }) => ok)).toEqual(Array.from({ length: 8 }, () => true));
  expect(bad.exitCode).toBe(4);
  expect(bad.stdout).toMatch(/wall\.get +no +/);
  const [english, russian] = await Promise.all([
    run(['tokens']),
    run(['tokens', 'list'], '', { ...bare, LANG: 'ru_RU.UTF-8' }),
  ]);
  expect(english.stdout).toMatch(/ 1 +user +mine +••••1111 +ready\n/);
  expect(english.stdout).toMatch(/••••2222 +quarantined +.*Get a new one/);
  expect(russian.stdout).toMatch(/••••2222 +отстранён +.*Получите новый/);
});

test('quotas are shown by token and method', async () => {
  const [json, table] = await Promise.all([
    run(['tokens', 'quota', '--json']),
    run(['tokens', 'quota']),
  ]);
  const { quotas } = JSON.parse(json.stdout) as { quotas: QuotaDto[] };
  const wall = quotas.find(({ token_id, method }) => token_id === 1 && method === 'wall.get');
  expect(wall).toMatchObject({ last4: '1111', cap: 5000 });
  expect(wall?.used).toBeGreaterThan(0);
  expect(table.stdout).toMatch(/1 ••••1111 +wall\.get +\d+ +5 000 +\d/);
});

test('a new secret leaves tokens readable, and a removed one is gone', async () => {
  expect((await run(['tokens', 'rotate'])).stdout).toBe('Tokens encrypted anew: 2\n');
  const dead = (await listTokens()).find(({ last4 }) => last4 === '2222')?.id ?? 0;
  expect((await run(['tokens', 'remove', String(dead)])).stdout).toContain('is removed');
  expect((await run(['tokens', 'remove', String(dead)])).exitCode).toBe(1);
  expect(await listTokens()).toMatchObject([{ last4: '1111', status: 'ready' }]);
});

test('without a service a token of the vault is enough to collect with', async () => {
  service.kill('SIGTERM');
  await service.ended;
  const { exitCode, stdout } = await run(['collect', 'club3', '--json'], '', settings);
  expect([exitCode, (JSON.parse(stdout) as TaskReport).task.status]).toEqual([0, 'completed']);
});

test('none of all this shows a token', () => {
  const shown = [...outputs, service.output.stdout, service.output.stderr].join('');
  expect(shown).toContain('••••1111');
  expect([USER, DEAD].filter((token) => shown.includes(token))).toEqual([]);
});
