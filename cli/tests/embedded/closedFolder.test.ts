import { afterEach, beforeEach, expect, test } from 'bun:test';
import { spawnSync } from 'node:child_process';
import { chmod, lstat, mkdir, mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeHome, query, startUser, type Home } from './support';

/** Only root's services run as another user; an ordinary user's are at home everywhere. */
const isRoot = process.getuid?.() === 0;
const ROOT = join(import.meta.dir, '..', '..', '..');

let home: Home;

beforeEach(async () => {
  home = await makeHome(0o700);
});

afterEach(() => home.remove());

const modeOf = async (path: string): Promise<number> => (await stat(path)).mode & 0o777;

test('a home in a folder of mode 0700 works, and the folder stays closed', async () => {
  const folder = dirname(home.path);
  const user = await startUser(home.path);
  await query(user.first.databaseUrl, 'CREATE TABLE kept AS SELECT 7 AS n');
  await user.release();
  expect(await modeOf(folder)).toBe(0o700);
  for (const name of ['postgres', 'redis']) {
    const path = join(home.path, name);
    const place = await realpath(path);
    expect((await lstat(path)).isSymbolicLink()).toBe(isRoot);
    expect(place.startsWith(await realpath(folder))).toBe(!isRoot);
    expect(await modeOf(place)).toBe(0o700);
    expect((await stat(place)).uid === 0).toBe(false);
  }
  // Said once, by the process that had to choose the place.
  expect(user.first.log.some((line) => line.includes('is closed to'))).toBe(isRoot);
  const next = await startUser(home.path);
  expect(next.first.log.some((line) => line.includes('is closed to'))).toBe(false);
  expect(await query(next.first.databaseUrl, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
  await next.release();
});

/** A clone below the folder; its dependencies are linked, since they are hundreds of megabytes. */
const makeClone = async (folder: string): Promise<string> => {
  const clone = join(folder, 'clone');
  await mkdir(join(clone, 'cli'), { recursive: true });
  const { status } = spawnSync('cp', ['-RPl', join(ROOT, 'node_modules'), clone]);
  if (status !== 0) spawnSync('cp', ['-RP', join(ROOT, 'node_modules'), clone]);
  for (const name of ['src', 'tests', 'package.json', 'node_modules']) {
    spawnSync('cp', ['-RP', join(ROOT, 'cli', name), join(clone, 'cli')]);
  }
  return join(clone, 'cli', 'tests', 'embedded');
};

test('a clone in a folder of mode 0700 works, and the folder stays closed', async () => {
  const closed = dirname(home.path);
  const scripts = await makeClone(closed);
  const user = await startUser(home.path, { script: join(scripts, 'userProcess.ts') });
  expect(await query(user.first.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await user.release();

  // Where the programs were copied to before, nothing is copied; here it is, under a strict umask.
  const shared = await mkdtemp(join(tmpdir(), 'stenograf shared '));
  await chmod(shared, 0o711);
  const copy = spawnSync(process.execPath, [join(scripts, 'binariesProcess.ts'), shared], {
    encoding: 'utf8',
  });
  const expectedFolder = isRoot ? shared : closed;
  expect(copy.stdout).toStartWith(await realpath(expectedFolder));
  await rm(shared, { recursive: true });
  expect(await modeOf(closed)).toBe(0o700);
}, 30_000);
