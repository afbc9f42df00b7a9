import { describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { build, Glob } from 'bun';

const BACKEND = join(__dirname, '..');

const MODULES = [...new Glob('{config,src}/**/*.ts').scanSync(BACKEND)].filter(
  (path) => !path.endsWith('.test.ts'),
);

/** Longer than requiring everything takes on a busy machine; what is kept open lasts for ever. */
const EXIT_MS_MAX = 30_000;

describe('every module of the backend', () => {
  test('can be required: none awaits at its top level', async () => {
    expect(MODULES.length).toBeGreaterThan(80);
    // CommonJS cannot say it; `require` itself lets an await pass that is over at once.
    const { logs } = await build({
      entrypoints: MODULES.map((path) => join(BACKEND, path)),
      format: 'cjs',
      target: 'bun',
      external: ['*'],
      throw: false,
    });
    const problems = logs.map(({ message, position }) => `${position?.file}: ${message}`);
    expect(problems).toEqual([]);
  });

  test('opens nothing and says nothing on import, whatever the environment lacks', async () => {
    const code = MODULES.map((path) => `require(${JSON.stringify(`./${path}`)});`).join('\n');
    const child = Bun.spawn([process.execPath, '-e', code], {
      cwd: BACKEND,
      env: {},
      stdout: 'pipe',
      stderr: 'pipe',
      timeout: EXIT_MS_MAX,
    });
    const texts = [child.stdout, child.stderr].map((stream) => new Response(stream).text());
    const output = (await Promise.all(texts)).join('');
    // A connection, a listener or a timer would keep the process from ending by itself.
    await child.exited;
    expect({ output, exitCode: child.exitCode }).toEqual({ output: '', exitCode: 0 });
  });
});
