import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedError } from './EmbeddedError';
import { tryLock, waitForLock, type LockMode } from './fileLock';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stenograf-lock-'));
  path = join(folder, 'lock');
});

afterEach(() => rm(folder, { recursive: true }));

/** Another process that takes the lock, says whether it has it, and keeps it. */
const holdElsewhere = async (mode: LockMode) => {
  const script = `const { tryLock } = await import(${JSON.stringify(join(import.meta.dir, 'fileLock.ts'))});
    console.log(tryLock(${JSON.stringify(path)}, '${mode}') !== null);
    setInterval(() => {}, 1000);`;
  const child = Bun.spawn([process.execPath, '-e', script], { stdout: 'pipe' });
  const { value } = await child.stdout.getReader().read();
  return {
    isHeld: new TextDecoder().decode(value).trim() === 'true',
    kill: async () => {
      child.kill('SIGKILL');
      await child.exited;
    },
  };
};

test('many share the lock, and one alone has it exclusively', () => {
  const shared = [tryLock(path, 'shared'), tryLock(path, 'shared')];
  expect(shared.every((lock) => lock !== null)).toBe(true);
  expect(tryLock(path, 'exclusive')).toBeNull();
  for (const lock of shared) lock?.release();
  const exclusive = tryLock(path, 'exclusive');
  expect(exclusive).not.toBeNull();
  expect(tryLock(path, 'exclusive')).toBeNull();
  expect(tryLock(path, 'shared')).toBeNull();
  exclusive?.release();
  exclusive?.release();
  tryLock(path, 'shared')?.release();
});

test('it holds between processes, and SIGKILL lets it go', async () => {
  const other = await holdElsewhere('shared');
  expect(other.isHeld).toBe(true);
  expect(tryLock(path, 'exclusive')).toBeNull();
  await other.kill();
  const lock = tryLock(path, 'exclusive');
  expect(lock).not.toBeNull();
  const third = await holdElsewhere('shared');
  expect(third.isHeld).toBe(false);
  await third.kill();
  lock?.release();
});

test('a failed try in the same process does not drop the lock', async () => {
  const lock = tryLock(path, 'exclusive');
  expect(tryLock(path, 'shared')).toBeNull();
  const other = await holdElsewhere('shared');
  expect(other.isHeld).toBe(false);
  await other.kill();
  lock?.release();
});

test('waiting ends with the lock when it becomes free, and without it when time is over', async () => {
  const lock = tryLock(path, 'exclusive');
  expect(await waitForLock(path, 'shared', { waitMsMax: 30 })).toBeNull();
  const waiting = waitForLock(path, 'shared', { waitMsMax: 10_000 });
  lock?.release();
  const got = await waiting;
  expect(got).not.toBeNull();
  got?.release();
});

test('the file is readable by its owner alone, and one that cannot be made is named', async () => {
  tryLock(path, 'shared')?.release();
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(() => tryLock(join(folder, 'missing', 'lock'), 'shared')).toThrow(EmbeddedError);
});
