import { expect, test } from 'bun:test';
import { readOptions } from '../src/main';

const MAIN = new URL('../src/main.ts', import.meta.url).pathname;

test('arguments become options', () => {
  expect(readOptions([])).toMatchObject({ port: 8080, seed: 7, world: 'demo' });
  const args = [
    '--port',
    '0',
    '--seed',
    '3',
    '--world',
    'tiny',
    '--rps',
    '5',
    '--mutate-every',
    '9',
  ];
  expect(readOptions([...args, '--service-execute'])).toMatchObject({
    port: 0,
    seed: 3,
    world: 'tiny',
    serviceExecute: true,
    mutate: { every: 9 },
    tokens: [{ rps: 5 }, { rps: 5 }],
  });
  expect(() => readOptions(['--world', 'huge'])).toThrow('--world: one of tiny, quirks, demo');
  expect(() => readOptions(['--port', 'x'])).toThrow('--port: not a number');
  expect(() => readOptions(['--colour'])).toThrow();
});

test('the process prints where it listens and ends on a signal', async () => {
  const child = Bun.spawn([process.execPath, MAIN, '--port', '0', '--world', 'tiny'], {
    stdout: 'pipe',
  });
  const reader = child.stdout.getReader();
  let printed = '';
  while (!printed.includes('VK_TOKENS=')) {
    const { value, done } = await reader.read();
    if (done) break;
    printed += new TextDecoder().decode(value);
  }
  const [, url] = /VK_API_URL=(\S+)/.exec(printed) ?? [];
  expect(printed).toContain('VK_TOKENS=user:sandbox-user-token,service:sandbox-service-key');
  expect((await fetch(`${url}/utils.getServerTime`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await child.exited).toBe(0);
});

test('a wrong argument is told with the usage', async () => {
  const child = Bun.spawn([process.execPath, MAIN, '--world', 'huge'], { stderr: 'pipe' });
  expect(await new Response(child.stderr).text()).toContain('--world: one of');
  expect(await child.exited).toBe(2);
});
