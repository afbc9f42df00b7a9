import { afterAll, beforeAll, expect, test } from 'bun:test';
import { connectClient } from '../../../config/database';
import { openRepositories, type Repositories } from './openRepositories';

let repositories: Repositories;
let taskId: number;

beforeAll(async () => {
  repositories = await openRepositories();
  ({ id: taskId } = await repositories.taskService.createTask({ communities: ['club1'] }));
});
afterAll(() => repositories.close());

const readTask = async () =>
  (await repositories.taskSnapshotRepository.findSnapshot(taskId))?.targets.queued;

const countKept = async (): Promise<number> => {
  const rows = await repositories.query<{ name: string }>(
    'SELECT name FROM pg_prepared_statements',
  );
  return rows.length;
};

test('a task asked for again is not planned again', async () => {
  expect(await readTask()).toBe(1);
  expect(await readTask()).toBe(1);
  expect(await countKept()).toBe(1);
});

test('a column that a migration adds in the meantime does not break what is prepared', async () => {
  await readTask();
  await repositories.query('ALTER TABLE tasks ADD COLUMN later text');
  expect(await readTask()).toBe(1);
});

test('connections that were cut are followed by new ones, which prepare anew', async () => {
  await readTask();
  const outside = await connectClient(repositories.databaseUrl);
  await outside.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid()`,
  );
  await outside.end();
  // The first may still meet a connection whose end has not arrived here.
  await readTask().catch(() => null);
  expect(await readTask()).toBe(1);
  expect(await countKept()).toBe(1);
});
