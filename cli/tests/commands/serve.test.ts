import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { TaskReport } from '@stenograf/contracts/api';
import type { PostDto } from '@stenograf/contracts/reading';
import { createSandbox, type Sandbox } from '@stenograf/sandbox';
import { USER_TOKEN } from '@stenograf/sandbox/limits/tokens';
import { runCli, startCli, type CliProcess } from '../support/cli';
import { makeWarmHome, type TestHome } from '../support/home';

let home: TestHome;
let sandbox: Sandbox;
let service: CliProcess;
let settings: Record<string, string>;
/** A command of the same home that knows nothing else. */
let bare: Record<string, string>;

beforeAll(async () => {
  home = await makeWarmHome();
  sandbox = await createSandbox({ tokens: [{ token: USER_TOKEN, kind: 'user', rps: 50 }] });
  bare = { STENOGRAF_HOME: home.path };
  settings = { ...bare, VK_API_URL: sandbox.url, VK_TOKENS: USER_TOKEN, VK_USER_RPS: '50' };
  service = startCli(['serve', '--port', '0', '--json'], { env: settings });
  await service.waitForText('"url"');
});

afterAll(async () => {
  service.kill('SIGKILL');
  await service.ended;
  await sandbox.stop();
  await home.remove();
});

test('a command finds the running service, which has the token, and leaves the work to it', async () => {
  const detached = await runCli(['collect', 'club1', '--detach', '--json'], { env: bare });
  expect(detached.exitCode).toBe(0);
  const { task } = JSON.parse(detached.stdout) as Pick<TaskReport, 'task'>;
  const watched = await runCli(['tasks', 'watch', String(task.id), '--json'], { env: bare });
  expect(watched.exitCode).toBe(0);
  expect((JSON.parse(watched.stdout) as TaskReport).task.status).toBe('completed');
});

test('what was collected is found by its words, marked, and filtered', async () => {
  const { stdout } = await runCli(
    ['search', 'community:1', '--in', 'posts', '--limit', '1', '--json'],
    {
      env: bare,
    },
  );
  const { items } = JSON.parse(stdout) as { items: PostDto[] };
  expect(items).toHaveLength(1);
  const word = /[а-яё]{5,}/i.exec(items[0]?.text ?? '')?.[0] ?? '';
  const found = await runCli(['search', `"${word}"`, 'community:1'], { env: bare });
  expect(found.exitCode).toBe(0);
  expect(found.stdout.toLowerCase()).toContain(word.toLowerCase());
  expect(found.stdout).toMatch(/https:\/\/vk\.com\/wall-1_\d+/);
  const nothing = await runCli(['search', 'и', 'community:777'], { env: bare });
  expect(nothing).toMatchObject({ exitCode: 0, stdout: '' });
  expect(nothing.stderr).toContain('Nothing was found.');
});

test('Ctrl-C of a collecting command pauses its task, and whoever resumes it sees its end', async () => {
  sandbox.faults.add({ kind: 'slow', ms: 500, times: 3 });
  const collecting = startCli(['collect', 'club2'], { env: bare });
  await collecting.waitForText('collecting');
  collecting.kill('SIGINT');
  const { exitCode, stderr } = await collecting.ended;
  expect(exitCode).toBe(130);
  const [, taskId = ''] = /Task (\d+) is paused/.exec(stderr) ?? [];
  const shown = await runCli(['tasks', 'show', taskId, '--json'], { env: bare });
  expect(JSON.parse(shown.stdout)).toMatchObject({ task: { status: 'paused' } });
  expect((await runCli(['tasks', 'resume', taskId], { env: bare })).exitCode).toBe(0);
});

test('a paused task is cancelled, and moves that its status does not allow are refused', async () => {
  sandbox.faults.add({ kind: 'slow', ms: 500, times: 3 });
  const { stdout } = await runCli(['collect', 'club3', '--detach', '--json'], { env: bare });
  const { task } = JSON.parse(stdout) as { task: { id: number } };
  const id = String(task.id);
  expect((await runCli(['tasks', 'pause', id], { env: bare })).exitCode).toBe(0);
  expect((await runCli(['tasks', 'cancel', id], { env: bare })).exitCode).toBe(0);
  const again = await runCli(['tasks', 'cancel', id], { env: bare });
  expect(again.exitCode).toBe(1);
  expect(again.stderr).toContain('cancelled');
});

test('the first start prints a link that signs an admin in, once', async () => {
  const { stdout, stderr } = service.output;
  const { url } = JSON.parse(stdout) as { url: string };
  const [, linkUrl, token] = /(http:\S+)\/#link_token=(\S+)/.exec(stderr) ?? [];
  expect(linkUrl).toBe(url);
  const signIn = () =>
    fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ link_token: token }),
    });
  const answer = await signIn();
  expect(answer.status).toBe(201);
  expect(await answer.json()).toMatchObject({ user: { name: 'admin', role: 'admin' } });
  expect((await signIn()).status).toBe(401);
});

test('keys are created, used from elsewhere, listed without their secret, and revoked', async () => {
  const { url } = JSON.parse(service.output.stdout) as { url: string };
  const created = await runCli(['keys', 'create', '--name', 'n', '--scope', 'read'], { env: bare });
  expect(created.exitCode).toBe(0);
  const key = created.stdout.trim();
  expect(key).toMatch(/^stg_\w{33}$/);
  expect(created.stderr).not.toContain(key);
  const env = { ...bare, STENOGRAF_SERVER: url, STENOGRAF_API_KEY: key };
  expect((await runCli(['tasks', 'list'], { env })).exitCode).toBe(0);
  expect((await runCli(['keys', 'list'], { env })).exitCode).toBe(4);
  const listed = await runCli(['keys', 'list', '--json'], { env: bare });
  const { keys } = JSON.parse(listed.stdout) as { keys: { id: number; name: string }[] };
  expect(listed.stdout).not.toContain(key);
  const id = String(keys.find(({ name }) => name === 'n')?.id);
  expect((await runCli(['keys', 'revoke', id], { env: bare })).exitCode).toBe(0);
  expect((await runCli(['tasks', 'list'], { env })).exitCode).toBe(4);
});

test('people are added, given a password from standard input, listed and let out', async () => {
  const run = (args: string[], stdin = '') => runCli(['users', ...args], { env: bare, stdin });
  expect((await run(['add', 'Anna', '--role', 'viewer'])).exitCode).toBe(0);
  expect((await run(['password', 'anna'], 'gr8 horse tango\n')).exitCode).toBe(0);
  expect((await run(['password', 'anna'], 'password1234\n')).exitCode).toBe(2);
  expect((await run(['password', 'anna'])).exitCode).toBe(2);
  expect((await run(['link', 'anna'])).stdout).toContain('/#link_token=');
  expect((await run(['disable', 'anna'])).stdout).toContain('disabled');
  const { stdout } = await run(['list', '--json']);
  expect(JSON.parse(stdout)).toMatchObject({
    users: expect.arrayContaining([expect.objectContaining({ name: 'anna', has_password: true })]),
  });
  expect((await run(['role', 'nobody', 'admin'])).exitCode).toBe(2);
});

test('settings that the service does not have are refused by name: exit code 2', async () => {
  const others = {
    VK_TOKENS: 'user:secret-of-mine',
    VK_USER_RPS: '50',
    DATABASE_URL: 'postgres://a/b',
  };
  const { exitCode, stderr } = await runCli(['collect', 'club1'], { env: { ...bare, ...others } });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('VK_TOKENS, DATABASE_URL');
  expect(stderr).not.toContain('secret');
  const same = await runCli(['tasks', 'list'], { env: settings });
  expect(same.exitCode).toBe(0);
});

test('a service elsewhere is named by its address and a key', async () => {
  const { url } = JSON.parse(service.output.stdout) as { url: string };
  const [noKey, badKey, nobody] = await Promise.all([
    runCli(['tasks', '--server', url], { env: bare }),
    runCli(['tasks', '--server', url], { env: { ...bare, STENOGRAF_API_KEY: 'stg_wrong' } }),
    runCli(['tasks'], {
      env: { ...bare, STENOGRAF_SERVER: 'http://127.0.0.1:1', STENOGRAF_API_KEY: 'x' },
    }),
  ]);
  expect(noKey).toMatchObject({
    exitCode: 4,
    stderr: expect.stringContaining('STENOGRAF_API_KEY'),
  });
  expect(badKey).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('refuses the key') });
  expect(nobody).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('refused') });
});

test('one home is served once', async () => {
  const { exitCode, stderr } = await runCli(['serve', '--port', '0'], { env: settings });
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`process ${service.pid}`);
});

test('asked by a supervisor to stop, it stops cleanly and is not found any more', async () => {
  service.kill('SIGTERM');
  expect((await service.ended).exitCode).toBe(0);
  const { exitCode, stderr } = await runCli(['collect', 'club1', '--detach'], { env: bare });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('none is running');
});
