import { afterEach, expect, test } from 'bun:test';
import type { Sandbox } from '../src/createSandbox';
import { callVk, rejection, startSandbox } from './support/client';

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

const control = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(sandbox.url.replace('/method', `/sandbox/${path}`), init);

const send = (path: string, body: unknown): Promise<Response> =>
  control(path, { method: 'POST', body: JSON.stringify(body) });

test('another process can see the truth, the counters and the health', async () => {
  sandbox = await startSandbox();
  expect(await (await control('health')).json()).toEqual({ status: 'ok' });
  expect(await (await control('truth')).json()).toEqual(sandbox.truth());
  expect(await (await control('truth?communities=3&since=0')).json()).toEqual(
    sandbox.truth({ communities: [3], since: 0 }),
  );
  await callVk(sandbox, 'wall.get', { owner_id: -1 });
  expect(await (await control('stats')).json()).toMatchObject({
    requests: 1,
    calls: 1,
    callsByMethod: { 'wall.get': 1 },
    inflightMax: 1,
  });
  await control('reset-stats', { method: 'POST' });
  expect(sandbox.stats()).toMatchObject({ requests: 0, calls: 0 });
  sandbox.resetStats();
});

test('another process can script faults and clear them', async () => {
  sandbox = await startSandbox();
  const fault = { kind: 'vk-error', code: 10 };
  expect(await (await send('faults', [fault, fault])).json()).toEqual({ pending: 2 });
  expect((await callVk(sandbox, 'wall.get')).error?.error_code).toBe(10);
  await control('faults', { method: 'DELETE' });
  expect(sandbox.faults.pending()).toBe(0);
});

test('another process can change the world, from a mark on', async () => {
  sandbox = await startSandbox();
  const { mark } = (await (await send('mark', {})).json()) as { mark: number };
  const answer = await send('mutations', [
    { op: 'insertPost', args: [-1, { text: 'Издалека' }] },
    { op: 'setCommunityState', args: [2, 'banned'] },
  ]);
  const { results } = (await answer.json()) as { results: (number | null)[] };
  expect(results).toEqual([expect.any(Number), null]);
  expect(sandbox.mark()).toBe(mark + 2);
  expect(sandbox.truth().posts.find((row) => row.text === 'Издалека')?.id).toBe(results[0] ?? 0);
});

test('what makes no sense is refused', async () => {
  sandbox = await startSandbox();
  expect((await control('nothing')).status).toBe(404);
  expect((await send('mutations', { op: 'explode', args: [] })).status).toBe(400);
  expect((await control('faults', { method: 'POST', body: '{' })).status).toBe(400);
});

test('a port that is taken is an error', async () => {
  sandbox = await startSandbox();
  expect(await rejection(startSandbox({ port: sandbox.port }))).toBeInstanceOf(Error);
});
