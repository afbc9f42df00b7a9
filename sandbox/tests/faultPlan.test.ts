import { afterEach, describe, expect, test } from 'bun:test';
import type { WallWallpostFull } from '@vkontakte/api-schema-typescript';
import type { Sandbox } from '../src/createSandbox';
import { askVk, callVk, post, rejection, startSandbox } from './support/client';

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

const PARAMS = { owner_id: -1, v: '5.199', access_token: 'user-fast' };

const statusOf = async (method = 'wall.get'): Promise<number | 'reset'> => {
  const response = await post(sandbox, method, PARAMS).catch(() => null);
  await response?.arrayBuffer();
  return response?.status ?? 'reset';
};

const statuses = async (requests: number): Promise<(number | 'reset')[]> => {
  const seen: (number | 'reset')[] = [];
  for (let index = 0; index < requests; index += 1) seen.push(await statusOf());
  return seen;
};

describe('a plan of faults', () => {
  test('strikes the requests that its text names, and says which those were', async () => {
    sandbox = await startSandbox({
      faults: 'after 4 requests answer 502 three times; after 5 requests answer 503',
    });
    expect(await statuses(10)).toEqual([200, 200, 200, 200, 502, 502, 502, 503, 200, 200]);
    expect(sandbox.faults.struck().map(({ request, kind }) => [request, kind])).toEqual([
      [5, 'http'],
      [6, 'http'],
      [7, 'http'],
      [8, 'http'],
    ]);
    expect(sandbox.faults.pending()).toBe(0);
  });

  test('by chance: the same seed strikes the same requests, another one others', async () => {
    const run = async (seed: number): Promise<(number | 'reset')[]> => {
      const chances = [
        { kind: 'http', status: 502, share: 0.2 },
        { kind: 'http', status: 500, share: 0.2 },
      ] as const;
      sandbox = await startSandbox({ faults: { seed, chances } });
      const seen = await statuses(60);
      await sandbox.stop();
      return seen;
    };
    const first = await run(1);
    expect(await run(1)).toEqual(first);
    expect(await run(2)).not.toEqual(first);
    expect(new Set(first)).toEqual(new Set([200, 500, 502]));
  });

  test('by chance of a method: its calls inside execute are struck, others are not', async () => {
    sandbox = await startSandbox({ faults: '100% of wall.get answer error 10' });
    const { response } = await callVk<unknown[]>(sandbox, 'execute', {
      code: 'return [API.wall.get({"owner_id":-1}),API.utils.getServerTime()];',
    });
    expect(response.map(Boolean)).toEqual([false, true]);
    expect(sandbox.faults.struck()).toEqual([
      { request: 1, method: 'wall.get', kind: 'vk-error', code: 10 },
    ]);
  });

  test('what always strikes does so until it is cleared', async () => {
    sandbox = await startSandbox({ faults: 'answer 503 always' });
    expect(new Set(await statuses(5))).toEqual(new Set([503]));
    expect(sandbox.faults.pending()).toBe(0);
    sandbox.faults.clear();
    expect(await statusOf()).toBe(200);
  });

  test('a closed connection is an error to its reader, and the next one is fine', async () => {
    sandbox = await startSandbox();
    sandbox.faults.add({ kind: 'close' });
    const asked = fetch(`${sandbox.url}/wall.get?owner_id=-1&v=5.199`, {
      headers: { authorization: 'Bearer user-fast', connection: 'close' },
    });
    expect(await rejection(asked)).toBeInstanceOf(Error);
    expect(await statusOf()).toBe(200);
  });

  test('pages come short and counts do not add up, in execute too', async () => {
    sandbox = await startSandbox({
      faults: 'short page -3; wrong count +5; wrong count -1000; on execute answer short page -2',
    });
    interface Wall {
      count: number;
      items: WallWallpostFull[];
    }
    const read = () => askVk<Wall>(sandbox, 'wall.get', { owner_id: -1, count: 10 });
    const sizes: [number, number][] = [];
    for (let index = 0; index < 4; index += 1) {
      const { count, items } = await read();
      sizes.push([count, items.length]);
      if (index === 2) {
        const code = 'return [API.wall.get({"owner_id":-1,"count":10})];';
        const [page] = await askVk<Wall[]>(sandbox, 'execute', { code });
        sizes.push([page?.count ?? 0, page?.items.length ?? 0]);
      }
    }
    expect(sizes).toEqual([
      [12, 7],
      [17, 10],
      [0, 10],
      [12, 8],
      [12, 10],
    ]);
  });

  test('comes from another process as text or JSON, and can be looked at', async () => {
    sandbox = await startSandbox();
    const address = sandbox.url.replace('/method', '/sandbox/faults');
    const send = (body: unknown): Promise<Response> =>
      fetch(address, { method: 'POST', body: JSON.stringify(body) });
    expect(await (await send('answer 502 twice')).json()).toEqual({ pending: 2 });
    const plan = { script: [{ kind: 'reset' }], chances: [{ kind: 'reset', share: 1 }] };
    expect(await (await send(plan)).json()).toEqual({ pending: 3 });
    expect(await statusOf()).toBe(502);
    expect(await (await fetch(address)).json()).toEqual({
      pending: 2,
      struck: [{ request: 1, method: 'wall.get', kind: 'http' }],
    });
    const refused = await send('answer explode');
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('line 1');
    expect((await send({ kind: 'explode' })).status).toBe(400);
  });

  test('a text that makes no sense keeps the sandbox from starting', async () => {
    expect(await rejection(startSandbox({ faults: 'answer 502 seldom' }))).toBeInstanceOf(
      RangeError,
    );
    sandbox = await startSandbox();
  });
});
