import { afterAll, beforeAll, expect, test } from 'bun:test';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlanDto, TaskReport } from '@stenograf/contracts/api';
import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import { readCsv, readParquet, readXlsx } from '@stenograf/backend/tests/support/exportReaders';
import { createSandbox, type Sandbox } from '@stenograf/sandbox';
import { runCli, startCli, type CliResult } from '../support/cli';
import { makeWarmHome, type TestHome } from '../support/home';

const USER = { token: 'fast-user', kind: 'user', rps: 50 } as const;
const POOR = { token: 'poor-user', kind: 'user', rps: 50, quotas: { 'wall.get': 0 } } as const;

let home: TestHome;
let sandbox: Sandbox;
/** Enough to look at what is there. */
let reading: Record<string, string>;
let base: Record<string, string>;
let withToken: Record<string, string>;

beforeAll(async () => {
  home = await makeWarmHome();
  sandbox = await createSandbox({ world: 'tiny', tokens: [USER, POOR] });
  reading = { STENOGRAF_HOME: home.path };
  base = {
    ...reading,
    VK_API_URL: sandbox.url,
    VK_USER_RPS: '50',
    VK_ATTEMPTS_MAX: '2',
    STENOGRAF_SWEEP_MS: '200',
  };
  withToken = { ...base, VK_TOKENS: USER.token };
});

afterAll(async () => {
  await sandbox.stop();
  await home.remove();
});

const collect = (
  args: string[],
  options: { env?: Record<string, string>; stdin?: string } = {},
): Promise<CliResult> => runCli(['collect', ...args], { env: withToken, ...options });

const countTasks = async (): Promise<number> => {
  const { stdout } = await runCli(['tasks', '--json'], { env: reading });
  return (JSON.parse(stdout) as { tasks: unknown[] }).tasks.length;
};

test('collects communities named in several ways, and writes all of it to a file', async () => {
  const out = join(home.path, 'all.ndjson');
  const forms = ['https://vk.com/vetrogorod', '--json', '-2', '--out', out, '--', '-3'];
  const { exitCode, stdout } = await collect(forms);
  expect(exitCode).toBe(0);
  const report = JSON.parse(stdout) as TaskReport;
  expect(report.task.status).toBe('completed');
  expect(report.targets.map(({ ref, community_id }) => [ref, community_id])).toEqual([
    ['https://vk.com/vetrogorod', 1],
    ['-2', 2],
    ['-3', 3],
  ]);
  const lines = (await readFile(out, 'utf8')).trimEnd().split('\n');
  const records = lines.map((line) => JSON.parse(line) as ExportRecord);
  const truth = sandbox.truth();
  expect(records.filter(({ kind }) => kind === 'post')).toHaveLength(truth.posts.length);
  expect(records.filter(({ kind }) => kind === 'comment')).toHaveLength(truth.comments.length);
  expect((await readdir(home.path)).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('a list comes from standard input, comments and blank lines left out', async () => {
  const stdin = '# mine\n\nclub1 # the first\r\n  -3\n';
  const { exitCode, stdout } = await collect(['-', '--posts', '1', '--json'], { stdin });
  expect(exitCode).toBe(0);
  const report = JSON.parse(stdout) as TaskReport;
  expect(report.targets.map(({ ref }) => ref)).toEqual(['club1', '-3']);
  expect(report.metrics.posts).toBe(2);
});

test('--plan says what a task would take, and makes nothing', async () => {
  const before = await countTasks();
  const refs = ['club1', 'club2', 'club3', '--plan'];
  const russian = { ...withToken, LANG: 'ru_RU.UTF-8' };
  const [json, table, refused] = await Promise.all([
    collect([...refs, '--json']),
    collect([...refs, 'nosuchname', '--out', join(home.path, 'plan.csv')], { env: russian }),
    collect(refs, { env: { ...base, VK_TOKENS: 'user:not-a-token-either' } }),
  ]);
  const { plan } = JSON.parse(json.stdout) as { plan: PlanDto };
  const { posts, comments } = sandbox.truth();
  expect([json.exitCode, plan.unusable, plan.communities.usable]).toEqual([0, [], 3]);
  expect([plan.posts, plan.comments]).toEqual([posts.length, comments.length]);
  expect(table.exitCode).toBe(3);
  expect(table.stdout).toContain('сообщества   3, из них просмотрено 3\n');
  expect(table.stdout).toMatch(/время +примерно \d+ (секунд|минут)/);
  expect(table.stdout).toMatch(/wall\.get +\d+ +[\d ]+ +0\.1%\n/);
  expect(table.stdout).toContain('✗ nosuchname  ');
  expect(refused).toMatchObject({ exitCode: 4, stdout: '' });
  expect(refused.stderr).toContain('VK cannot be asked now');
  expect([await countTasks(), await readdir(home.path)]).toEqual([
    before,
    expect.not.arrayContaining([expect.stringMatching(/^plan/)]),
  ]);
});

test('what cannot be read is named with its reason, and the rest is kept: exit code 3', async () => {
  const out = join(home.path, 'partial.ndjson');
  const refs = ['club1', 'nosuchname', 'anna_vetrova', '--posts', '1', '--out', out];
  const { exitCode, stdout, stderr } = await collect(refs);
  expect(exitCode).toBe(3);
  expect(stdout).toContain('nosuchname  VK knows no community by this name or number.');
  expect(stdout).toContain("anna_vetrova  This is a person's page");
  expect(stderr).toContain('✓');
  expect(await readFile(out, 'utf8')).toContain('"kind":"post"');
});

test('a failed task leaves the file of an earlier one alone, and says why: exit code 1', async () => {
  const out = join(home.path, 'kept.ndjson');
  await writeFile(out, 'earlier\n');
  const env = { ...withToken, LANG: 'ru_RU.UTF-8' };
  const { exitCode, stdout, stderr } = await collect(['anna_vetrova', '--out', out], { env });
  expect(exitCode).toBe(1);
  expect(stdout).toContain('Это страница человека');
  expect(stderr).toContain('не записан');
  expect(await readFile(out, 'utf8')).toBe('earlier\n');
});

test('a command line that makes no sense ends with 2 and a sentence, and creates nothing', async () => {
  const before = await countTasks();
  const many = Array.from({ length: 10_001 }, (_, index) => `club${index + 1}`).join('\n');
  const cases: [args: string[], stdin: string, sentence: string][] = [
    [['-'], '# nothing\n', 'There is no community to collect'],
    [['-'], many, '10 001 communities; one task takes at most 10 000'],
    [['club1', '--since', 'yesterday'], '', '--since takes a date'],
    [['club1', '--since', '2026-02-30'], '', '--since: Must be a date'],
    [['club1', '--posts', '0'], '', '--posts takes a number or “all”'],
    [['club1', '--priority', '11'], '', 'from 1 to 10'],
    [['club1', '--max-wait', 'long'], '', '--max-wait takes a time'],
    [['club1', '--out', 'a'], '', 'has no ending'],
    [['club1', '--out', 'a.txt'], '', 'there are .ndjson, .csv, .xlsx, .parquet'],
    [['club1', '--out', join(home.path, 'missing/a.ndjson')], '', 'does not exist'],
    [['club1', '--outt', 'a.ndjson'], '', 'Did you mean --out?'],
    [['club1', '--detach'], '', 'none is running'],
    [[], '', "Missing required argument 'community'"],
  ];
  const results = await Promise.all(cases.map(([args, stdin]) => collect(args, { stdin })));
  for (const [index, { exitCode, stdout, stderr }] of results.entries()) {
    expect([stderr, exitCode, stdout]).toEqual([
      expect.stringContaining(cases[index]?.[2] ?? ''),
      2,
      '',
    ]);
    expect(stderr).not.toMatch(/^\s+at /m);
  }
  expect(await countTasks()).toBe(before);
});

test('without any token it says which to get, and creates nothing: exit code 4', async () => {
  const before = await countTasks();
  const { exitCode, stderr } = await collect(['club1'], { env: base });
  expect(exitCode).toBe(4);
  expect(stderr).toContain('export VK_TOKENS=service:');
  expect(await countTasks()).toBe(before);
});

test('a token that VK refuses ends the wait at once: exit code 4', async () => {
  const env = { ...base, VK_TOKENS: 'user:not-a-token' };
  const { exitCode, stdout, stderr } = await collect(['club3', '--json'], { env });
  expect(exitCode).toBe(4);
  const { task } = JSON.parse(stdout) as TaskReport;
  expect(task).toMatchObject({ status: 'waiting', waiting_for: 'token' });
  expect(stderr).toContain(`stenograf tasks watch ${task.id}`);
  const mended = await runCli(['tasks', 'watch', String(task.id)], { env: withToken });
  expect(mended.exitCode).toBe(0);
});

test('a used up quota is waited for as long as --max-wait says: exit code 5', async () => {
  const env = { ...base, VK_TOKENS: POOR.token };
  const { exitCode, stdout } = await collect(['club3', '--max-wait', '0s', '--json'], { env });
  expect(exitCode).toBe(5);
  expect((JSON.parse(stdout) as TaskReport).task.waiting_for).toBe('quota');
});

test('Ctrl-C keeps what was read and says how to go on, which then works', async () => {
  sandbox.faults.add({ kind: 'stall', ms: 60_000, method: 'execute', times: 100 });
  const running = startCli(['collect', 'club2'], { env: withToken });
  await running.waitForText('collecting');
  running.kill('SIGINT');
  const { exitCode, stdout, stderr } = await running.ended;
  sandbox.faults.clear();
  expect(exitCode).toBe(130);
  expect(stdout).toBe('');
  const [, taskId = ''] = /stenograf tasks resume (\d+)/.exec(stderr) ?? [];
  const resumed = await runCli(['tasks', 'resume', taskId, '--json'], { env: withToken });
  expect(resumed.exitCode).toBe(0);
  expect((JSON.parse(resumed.stdout) as TaskReport).task.status).toBe('completed');
});

test('looking at tasks and exporting needs no token and asks VK nothing', async () => {
  const { requests } = sandbox.stats();
  const [shown, watched, missing, comments] = await Promise.all([
    runCli(['tasks', 'show', '1', '--json'], { env: reading }),
    runCli(['tasks', 'watch', '1'], { env: reading }),
    runCli(['tasks', 'show', '999'], { env: reading }),
    runCli(['export', 'comments', '--community', '-1', '--task', '1', '--out', '-'], {
      env: reading,
    }),
  ]);
  expect((JSON.parse(shown.stdout) as TaskReport).targets).toHaveLength(3);
  expect(watched).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Task 1 complete'),
  });
  expect(missing).toMatchObject({ exitCode: 1, stdout: '', stderr: '✗ There is no task 999.\n' });
  expect(comments.exitCode).toBe(0);
  const owners = comments.stdout
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { owner_id: number }).owner_id);
  expect(new Set(owners)).toEqual(new Set([-1]));
  expect(sandbox.stats().requests).toBe(requests);
});

test('an export is written in the format of its ending, all of it or nothing', async () => {
  const save = (kind: string, name: string, ...options: string[]) =>
    runCli(['export', kind, '--out', join(home.path, name), '--json', ...options], {
      env: reading,
    });
  const results = await Promise.all([
    save('all', 'all.xlsx', '--task', '1'),
    save('all', 'all.csv', '--task', '1', '--profile', 'rfc4180'),
    save('comments', 'some.parquet', '--task', '1', '--is', 'reply', '--sort', '-date'),
    save('posts', 'none.csv', '--sort', 'beauty'),
  ]);
  expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 2]);
  const bytesOf = (name: string) => readFile(join(home.path, name));
  const { posts, comments } = sandbox.truth();

  const workbook = await readXlsx(await bytesOf('all.xlsx'));
  expect(workbook.records('posts', 'post')).toHaveLength(posts.length);
  expect(workbook.records('comments', 'comment')).toHaveLength(comments.length);
  // A format that holds one kind of record takes a file for each.
  expect(results[1]?.stdout.trim().split('\n')).toHaveLength(2);
  expect(readCsv('post', await bytesOf('all-posts.csv'), ',')).toHaveLength(posts.length);
  expect(readCsv('comment', await bytesOf('all-comments.csv'), ',')).toHaveLength(comments.length);
  const { records } = await readParquet('comment', await bytesOf('some.parquet'));
  const replies = comments.filter((comment) => comment.thread_root_id !== null);
  expect(records).toHaveLength(replies.length);
  const left = (await readdir(home.path)).filter((name) => /part$|^none/.test(name));
  expect(left).toEqual([]);
});

test('a reader that has seen enough is no error', async () => {
  const main = join(import.meta.dir, '../../src/main.ts');
  const shell = Bun.spawn(
    ['sh', '-c', `"$0" "$1" export all --out - | head -n 1`, process.execPath, main],
    { env: { PATH: process.env['PATH'] ?? '', ...reading }, stdout: 'pipe', stderr: 'pipe' },
  );
  const [stdout, stderr] = await Promise.all([shell.stdout.text(), shell.stderr.text()]);
  expect(stdout).toMatch(/^\{"kind":.*\}\n$/);
  expect(stderr).not.toContain('EPIPE');
});

test('VK that cannot be reached is said so: exit code 1', async () => {
  await sandbox.stop();
  const { exitCode, stdout } = await collect(['club1']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain('club1  VK could not be reached over the network.');
});
