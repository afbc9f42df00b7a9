import { afterAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const ROOT = join(import.meta.dir, '..', '..');
const RECIPES = join(import.meta.dir, '..', 'recipes');

/** Readers of a recipe have `bun` on their PATH; the one that runs these tests need not be there. */
const bin = mkdtempSync(join(tmpdir(), 'stenograf-bin-'));
symlinkSync(process.execPath, join(bin, 'bun'));
afterAll(() => {
  rmSync(bin, { recursive: true });
});
const PATH = `${bin}${delimiter}${process.env['PATH'] ?? ''}`;

const CASES: [string, string[]][] = [
  ['node:test', ['node', '--test', 'node.recipe.mjs']],
  ['unittest of Python', ['python3', '-m', 'unittest', 'test_wall']],
];

// What a machine does not have it cannot try; the third recipe needs Vitest.
test.each(CASES.filter(([, [program = '']]) => Bun.which(program) !== null))(
  'the recipe for %s works',
  async (_name, command) => {
    const run = Bun.spawn(command, {
      cwd: RECIPES,
      env: { ...process.env, PATH, STENOGRAF: ROOT, PYTHONDONTWRITEBYTECODE: '1' },
      stdout: 'pipe',
      stderr: 'pipe',
    });
    const [exitCode, output] = await Promise.all([run.exited, new Response(run.stderr).text()]);
    expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
  },
);
