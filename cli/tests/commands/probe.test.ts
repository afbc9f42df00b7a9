import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, type Sandbox } from '@stenograf/sandbox';
import type { ProbeReport } from '../../src/embedded/probe';
import { runCli, startCli } from '../support/cli';

const TOKEN = 'a-token-that-no-report-may-hold';

let folder: string;
let sandbox: Sandbox;
let env: Record<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stenograf-probe-'));
  sandbox = await createSandbox({
    world: 'quirks',
    switches: { unknownName: '104', defaultSort: 'smart', pinnedRepeated: true },
    tokens: [{ token: TOKEN, kind: 'user', rps: 1_000 }],
  });
  env = { VK_API_URL: sandbox.url, VK_TOKENS: TOKEN, VK_USER_RPS: '100', VK_JITTER_MS: '20' };
});

afterAll(async () => {
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

/** The answer of a sandbox that the CLI runs with these arguments. */
const askSandbox = async (args: readonly string[], method: string): Promise<unknown> => {
  const command = ['sandbox', '--port', '0', '--world', 'tiny', '--json', ...args];
  const running = startCli(command, { env: {} });
  await running.waitForText('"pid"');
  const { url } = JSON.parse(running.output.stdout) as { url: string };
  const query = 'v=5.199&access_token=sandbox-user-token&owner_id=-1&screen_name=nobody_at_all';
  const reply = await fetch(`${url}/${method}?${query}`);
  const answer = { status: reply.status, body: await reply.text() };
  running.kill('SIGTERM');
  await running.ended;
  return answer;
};

describe('stenograf probe', () => {
  test('shows what it saw and writes a report to which a sandbox can be switched', async () => {
    const file = join(folder, 'report.json');
    const { exitCode, stdout, stderr } = await runCli(['probe', 'club1', '--out', file], { env });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^unknownName +104 /m);
    expect(stdout).toMatch(/^serviceRps +not asked /m);
    expect(stderr).toContain(`sandbox --switches ${file}`);
    const text = await readFile(file, 'utf8');
    expect(stdout + stderr + text).not.toContain(TOKEN);
    const report = JSON.parse(text) as ProbeReport;
    expect(report).toMatchObject({ version: 1, api_version: '5.199', ended_early: null });
    expect(report.switches).toMatchObject({
      unknownName: '104',
      defaultSort: 'smart',
      pinnedRepeated: true,
    });
    const answer = await askSandbox(['--switches', file], 'utils.resolveScreenName');
    expect(answer).toMatchObject({ body: expect.stringContaining('"error_code":104') });
  }, 20_000);

  test('prints the report alone with --json', async () => {
    const { exitCode, stdout } = await runCli(['probe', '-1', '--json'], { env });
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ version: 1, walls: 1 });
  }, 20_000);

  test('ends with 4 and says so when VK does not take the token', async () => {
    const wrong = { ...env, VK_TOKENS: 'some-other-token' };
    const { exitCode, stderr } = await runCli(['probe', 'club1'], { env: wrong });
    expect(exitCode).toBe(4);
    expect(stderr).toContain('VK does not accept the token');
    expect(stderr).not.toContain('some-other-token');
  });

  for (const [args, VK_TOKENS, code, sentence] of [
    [[], '', 4, 'VK_TOKENS alone'],
    [[], 'community:x', 4, 'a user token or a service key'],
    [['https://example.org/x'], TOKEN, 2, 'names no community'],
    [['1', '2', '3', '4', '5', '6'], TOKEN, 2, '5 communities at most'],
    [['1', '--deleted', 'photo-1_2'], TOKEN, 2, 'takes links to posts and comments'],
    [['1', '--out', '/no/such/folder/r.json'], TOKEN, 2, 'does not exist'],
  ] as const) {
    test(`refuses ${args.join(' ') || 'to ask'} with ${VK_TOKENS || 'no token'}`, async () => {
      const before = sandbox.stats().requests;
      const result = await runCli(['probe', ...args], { env: { ...env, VK_TOKENS } });
      expect(result).toMatchObject({ exitCode: code, stdout: '' });
      expect(result.stderr).toContain(sentence);
      expect(sandbox.stats().requests).toBe(before);
    });
  }
});

describe('stenograf sandbox', () => {
  test('takes switches as a list, and faults in words', async () => {
    const args = ['--switches', 'unknownName=104,pinnedRepeated=true'];
    const answer = await askSandbox(args, 'utils.resolveScreenName');
    expect(answer).toMatchObject({ body: expect.stringContaining('"error_code":104') });
    const failing = await askSandbox(['--faults', 'answer 502 three times'], 'wall.get');
    expect(failing).toMatchObject({ status: 502 });
  });

  test('takes faults from a file', async () => {
    const file = join(folder, 'faults.json');
    await writeFile(file, JSON.stringify({ script: [{ kind: 'http', status: 503 }] }));
    const failing = await askSandbox(['--faults', file, '--mutate-every', '5'], 'wall.get');
    expect(failing).toMatchObject({ status: 503 });
  });

  for (const [args, sentence] of [
    [['--switches', 'nothing=1'], 'has no switch “nothing”'],
    [['--switches', 'unknownName=105'], 'choose one of: empty, 104'],
    [['--switches', 'no-such-file'], '--switches takes'],
    [['--faults', 'whenever it likes'], '--faults cannot be read'],
    [['--mutate-every', '0'], '--mutate-every takes a whole number'],
    [['--world', 'huge'], 'Allowed choices are'],
  ] as const) {
    test(`refuses ${args.join(' ')}`, async () => {
      const result = await runCli(['sandbox', '--port', '0', ...args], { env: {} });
      expect(result).toMatchObject({ exitCode: 2, stdout: '' });
      expect(result.stderr).toContain(sentence);
    });
  }
});
