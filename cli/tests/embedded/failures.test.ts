import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EmbeddedError } from '../../src/embedded/EmbeddedError';
import { startEmbeddedServices } from '../../src/embedded/embeddedServices';
import { ensureRedisServer } from '../../src/embedded/redisBinary';
import { failureOf, isRunning, makeHome, readServerPids, startUser, type Home } from './support';

let home: Home;

beforeEach(async () => {
  home = await makeHome();
});

afterEach(async () => {
  // Also a start that failed half-way leaves no server behind.
  for (const pid of Object.values(await readServerPids(home.path)))
    expect(isRunning(pid)).toBe(false);
  await home.remove();
});

const startAgain = (): Promise<unknown> =>
  startEmbeddedServices({ home: home.path, log: () => {}, needPostgres: true, needRedis: true });

const setUpOnce = async (): Promise<void> => {
  const user = await startUser(home.path);
  await user.release();
};

/** A sentence for a person: our own kind of error, without a stack in its words. */
const expectSentence = async (failing: Promise<unknown>, ...parts: string[]): Promise<void> => {
  const error = await failureOf(failing);
  expect(error).toBeInstanceOf(EmbeddedError);
  const sentence = error.message;
  for (const part of parts) expect(sentence).toContain(part);
  expect(sentence).not.toMatch(/^\s+at /m);
};

test('data of another PostgreSQL are left alone and named', async () => {
  await setUpOnce();
  await writeFile(join(home.path, 'postgres', 'data', 'PG_VERSION'), '12\n');
  await expectSentence(startAgain(), 'written by PostgreSQL 12', 'STENOGRAF_HOME');
});

test('damaged data end in a sentence with the last lines of the log', async () => {
  await setUpOnce();
  await rm(join(home.path, 'postgres', 'data', 'global', 'pg_control'));
  await expectSentence(startAgain(), 'PostgreSQL did not start', 'pg_control');
});

test('a damaged append-only file ends in a sentence with the last lines of the log', async () => {
  await setUpOnce();
  const manifest = join(home.path, 'redis', 'appendonlydir', 'appendonly.aof.manifest');
  await writeFile(manifest, 'no manifest\n');
  await expectSentence(startAgain(), 'Redis did not start', 'manifest');
});

test('lost or unreadable passwords are named, and no data are touched', async () => {
  await setUpOnce();
  const file = join(home.path, 'embedded.json');
  await writeFile(file, '{"postgres":');
  await expectSentence(startAgain(), file);
  await rm(file);
  await expectSentence(startAgain(), 'embedded.json', join(home.path, 'postgres'));
});

test('a home that cannot be made is named', async () => {
  await mkdir(dirname(home.path), { recursive: true });
  await writeFile(home.path, 'a file');
  await expectSentence(startAgain(), home.path, 'STENOGRAF_HOME');
});

test('without a Redis that can be installed the sentence names REDIS_URL', async () => {
  const installScript = join(dirname(home.path), 'install');
  await writeFile(installScript, 'echo "no package manager here"; exit 1\n');
  const said: string[] = [];
  await expectSentence(
    ensureRedisServer((line) => said.push(line), { folders: [], installScript }),
    'REDIS_URL',
  );
  expect(said).toEqual(['no package manager here']);
});

test('a missing Redis is installed and then found', async () => {
  const folder = dirname(home.path);
  const installScript = join(folder, 'install');
  const program = join(folder, 'redis-server');
  await writeFile(
    installScript,
    `echo getting it; echo '#!/bin/sh' >"${program}"; chmod +x "${program}"\n`,
  );
  const said: string[] = [];
  const search = { folders: [folder], installScript };
  expect(await ensureRedisServer((line) => said.push(line), search)).toBe(program);
  expect(said).toEqual(['getting it']);
});
