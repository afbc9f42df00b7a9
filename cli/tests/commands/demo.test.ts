import { afterAll, beforeAll, expect, test } from 'bun:test';
import { runCli, startCli } from '../support/cli';
import { makeHome, type TestHome } from '../support/home';

let home: TestHome;
let env: Record<string, string>;

beforeAll(async () => {
  home = await makeHome();
  // None of these may reach the demo.
  env = {
    STENOGRAF_HOME: home.path,
    VK_TOKENS: 'user:of-the-reader',
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/real',
  };
});

afterAll(() => home.remove());

test('on a bare machine it sets up, collects all, checks it and exits 0', async () => {
  const { exitCode, stdout, stderr } = await runCli(['demo', '--once'], { env });
  expect(stderr).not.toContain('Unhandled');
  expect(exitCode).toBe(0);
  const [, posts, comments] =
    /complete: ([\d ]+) of \1 posts, ([\d ]+) of \2 comments/.exec(stdout) ?? [];
  expect(Number(posts?.replaceAll(' ', ''))).toBeGreaterThan(1_000);
  expect(Number(comments?.replaceAll(' ', ''))).toBeGreaterThan(20_000);
  for (const label of ['replies', 'authors', 'calls', 'requests', 'time']) {
    expect(stdout).toMatch(new RegExp(`^ +${label} +\\d`, 'm'));
  }
  expect(stdout).toContain('the sandbox saw no request too many');
});

test('run again it finds its data, and Ctrl-C ends it cleanly', async () => {
  const running = startCli(['demo'], { env });
  await running.waitForText('Task 2: collecting');
  running.kill('SIGINT');
  const { exitCode, stdout, stderr } = await running.ended;
  expect(exitCode).toBe(130);
  expect(stdout).toBe('');
  expect(stderr).toContain('The demo is interrupted');
});
