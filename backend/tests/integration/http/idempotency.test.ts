import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ProblemDetails, TaskDto } from '@stenograf/contracts/api';
import { startApi, type TestApi } from './startApi';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const post = (key: string, body: object, apiKey = api.keys.admin): Promise<Response> =>
  api.send('/tasks', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'idempotency-key': key,
      authorization: `Bearer ${apiKey}`,
    },
    body: JSON.stringify(body),
  });

const countTasks = async (): Promise<number> =>
  (await api.query<{ n: number }>('SELECT count(*) AS n FROM tasks'))[0]?.n ?? -1;

test('the same request sent again with its key makes nothing and gets the first reply', async () => {
  const before = await countTasks();
  const first = await post('first-1', { communities: ['club1'], name: 'once' });
  const task = (await first.json()) as TaskDto;
  // Moved on since: the reply is still the one that was given.
  await api.send(`/tasks/${task.id}/cancel`, { method: 'POST' });
  const again = await post('first-1', { name: 'once', communities: ['club1'] });
  expect(again.status).toBe(202);
  expect(again.headers.get('location')).toBe(`/api/v1/tasks/${task.id}`);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(await again.json()).toEqual(task);
  expect(await countTasks()).toBe(before + 1);
});

test('a key that came with another request before is refused', async () => {
  await post('mismatch', { communities: ['club1'] });
  const before = await countTasks();
  const other = await post('mismatch', { communities: ['club2'] });
  expect(other.status).toBe(422);
  expect((await other.json()) as ProblemDetails).toMatchObject({ code: 'idempotency_mismatch' });
  expect(await countTasks()).toBe(before);
});

test('two callers may choose the same key', async () => {
  const one = (await (await post('shared', { communities: ['club1'] })).json()) as TaskDto;
  const two = (await (
    await post('shared', { communities: ['club1'] }, api.keys.write)
  ).json()) as TaskDto;
  expect(two.id).not.toBe(one.id);
});

test('of a hundred twins at once one is carried out, and the others get its reply or 409', async () => {
  const before = await countTasks();
  const replies = await Promise.all(
    Array.from({ length: 100 }, () => post('twins', { communities: ['club1'] })),
  );
  const bodies = await Promise.all(replies.map((reply) => reply.json() as Promise<TaskDto>));
  const done = bodies.filter((_, index) => replies[index]?.status === 202);
  const refused = bodies.filter((_, index) => replies[index]?.status === 409);
  expect(done.length + refused.length).toBe(100);
  expect(new Set(done.map(({ id }) => id)).size).toBe(1);
  expect(await countTasks()).toBe(before + 1);
  const [status] = await api.query<{ status: string }>('SELECT status FROM tasks WHERE id = $1', [
    done[0]?.id,
  ]);
  expect(status).toEqual({ status: 'queued' });
});

test('a request that failed may be sent again with its key', async () => {
  const bad = await post('failed', { communities: ['club1'], posts: { since: 'yesterday' } });
  expect(bad.status).toBe(400);
  expect((await post('failed', { communities: ['club1'] })).status).toBe(202);
});

test('a key is free again after a day, and what is old is cleared away', async () => {
  const first = (await (await post('old', { communities: ['club1'] })).json()) as TaskDto;
  await api.query(
    `UPDATE idempotency_keys SET created_at = now() - interval '25 hours' RETURNING key`,
  );
  const second = (await (await post('old', { communities: ['club2'] })).json()) as TaskDto;
  expect(second.id).not.toBe(first.id);
  expect(await api.query('SELECT key FROM idempotency_keys')).toEqual([{ key: 'old' }]);
});

test.each([
  ['longer than 255 characters', 'x'.repeat(256)],
  ['with a space in it', 'with space'],
])('a key %s is refused', async (_what, key) => {
  const response = await post(key, { communities: ['club1'] });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    errors: [{ in: 'header', pointer: '/idempotency-key' }],
  });
});
