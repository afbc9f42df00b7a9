import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readServerFile, removeServerFile, writeServerFile, type ServerFile } from './serverFile';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'stenograf-server-'));
});

afterEach(() => rm(home, { recursive: true }));

const server: ServerFile = {
  url: 'http://127.0.0.1:3000',
  key: 'stg_secret',
  pid: process.pid,
  startedAt: '2026-01-01T00:00:00.000Z',
  settings: 'fingerprint',
};

const pathOf = (): string => join(home, 'server.json');

test('what a live service announced is read back, by its owner alone', async () => {
  await writeServerFile(home, server);
  expect(await readServerFile(home)).toEqual(server);
  expect((await stat(pathOf())).mode & 0o777).toBe(0o600);
  expect(await readdir(home)).toEqual(['server.json']);
});

test('the announcement of a dead process is no service, and is removed', async () => {
  const dead = Bun.spawn(['true']);
  await dead.exited;
  await writeServerFile(home, { ...server, pid: dead.pid });
  expect(await readServerFile(home)).toBeNull();
  expect(await readdir(home)).toEqual([]);
});

test('a pid that was given to a later process is no service', async () => {
  await writeServerFile(home, server);
  const stored = await readFile(pathOf(), 'utf8');
  await writeFile(pathOf(), stored.replace(/("processStart": ")[^"]*/, '$1long ago'));
  expect(await readServerFile(home)).toBeNull();
});

test('no file, and one that is damaged, are no service', async () => {
  expect(await readServerFile(home)).toBeNull();
  await writeFile(pathOf(), '{"url":');
  expect(await readServerFile(home)).toBeNull();
  await writeFile(pathOf(), '{"url":"http://127.0.0.1:3000"}');
  expect(await readServerFile(home)).toBeNull();
});

test('a service takes back its own announcement and no other', async () => {
  await writeServerFile(home, server);
  await removeServerFile(home, process.pid + 1);
  expect(await readServerFile(home)).toEqual(server);
  await removeServerFile(home);
  expect(await readServerFile(home)).toBeNull();
  await removeServerFile(home);
});
