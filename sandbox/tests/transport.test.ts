import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { Sandbox } from '../src/createSandbox';
import { callVk, failCode, post, startSandbox, type Envelope } from './support/client';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ world: 'tiny' });
});
afterAll(() => sandbox.stop());

const QUERY = 'owner_id=-1&count=1&v=5.199';

interface Wall {
  count: number;
}

const readCount = async (response: Response): Promise<number> =>
  ((await response.json()) as Envelope<Wall>).response.count;

describe('the ways to send a call', () => {
  const ways: Record<string, () => Promise<Response>> = {
    'GET with everything in the address': () =>
      fetch(`${sandbox.url}/wall.get?${QUERY}&access_token=user-fast`),
    'GET with a Bearer header': () =>
      fetch(`${sandbox.url}/wall.get?${QUERY}`, { headers: { authorization: 'Bearer user-fast' } }),
    'POST urlencoded': () =>
      post(sandbox, 'wall.get', { owner_id: -1, v: '5.199', access_token: 'user-fast' }),
    'POST multipart': () => {
      const body = new FormData();
      for (const [name, value] of new URLSearchParams(`${QUERY}&access_token=user-fast`)) {
        body.set(name, value);
      }
      return fetch(`${sandbox.url}/wall.get`, { method: 'POST', body });
    },
    'POST with parameters in body and address': () =>
      fetch(`${sandbox.url}/wall.get?owner_id=-3&v=5.199`, {
        method: 'POST',
        body: new URLSearchParams({ owner_id: '-1', access_token: 'user-fast' }),
      }),
  };
  for (const [name, send] of Object.entries(ways)) {
    test(`${name} is understood`, async () => {
      expect(await readCount(await send())).toBe(12);
    });
  }

  test('a JSON body is not read: nothing of it is there', async () => {
    const response = await fetch(`${sandbox.url}/wall.get`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ owner_id: -1, v: '5.199', access_token: 'user-fast' }),
    });
    expect(await response.json()).toMatchObject({ error: { error_code: 8 } });
  });

  test('another verb is error 9999', async () => {
    const response = await fetch(`${sandbox.url}/wall.get?${QUERY}`, { method: 'PUT' });
    expect(await response.json()).toMatchObject({ error: { error_code: 9999 } });
  });

  test('a body that is too long is refused in HTML with status 413', async () => {
    const response = await post(sandbox, 'execute', { code: 'x'.repeat(5 * 1024 * 1024) });
    expect(response.status).toBe(413);
  });

  test('other paths are 404', async () => {
    expect((await fetch(sandbox.url.replace('/method', '/other'))).status).toBe(404);
  });

  test('an answer of some size is compressed only for who takes gzip', async () => {
    const zipped = async (encoding: string): Promise<string | null> => {
      const headers = { 'accept-encoding': encoding };
      const address = `${sandbox.url}/wall.get?owner_id=-1&v=5.199&access_token=user-fast`;
      return (await fetch(address, { headers })).headers.get('content-encoding');
    };
    expect(await zipped('gzip')).toBe('gzip');
    expect(await zipped('identity')).toBeNull();
  });
});

describe('the envelope', () => {
  test('an error repeats the parameters but the token', async () => {
    const { error } = await callVk(sandbox, 'wall.get', { owner_id: 'x', count: 3 });
    expect(error?.error_code).toBe(100);
    expect(error?.request_params).toEqual([
      { key: 'oauth', value: '1' },
      { key: 'method', value: 'wall.get' },
      { key: 'v', value: '5.199' },
      { key: 'lang', value: 'ru' },
      { key: 'owner_id', value: 'x' },
      { key: 'count', value: '3' },
    ]);
    expect(JSON.stringify(error)).not.toContain('user-fast');
  });

  test('without v: 8', async () => {
    const { error } = await callVk(sandbox, 'wall.get', { owner_id: -1, v: '' });
    expect(error).toMatchObject({
      error_code: 8,
      error_msg: 'Invalid request: v (version) is required',
    });
  });

  test('an unknown method, or one in other letters: 3', async () => {
    expect(await failCode(sandbox, 'wall.post')).toBe(3);
    expect(await failCode(sandbox, 'Wall.get')).toBe(3);
  });

  test('flags arrive as 0/1 in one reply and as true/false in the next', async () => {
    const seen = new Set<unknown>();
    for (let reply = 0; reply < 2; reply += 1) {
      const { response } = await callVk<{ items: { is_pinned: unknown }[] }>(sandbox, 'wall.get', {
        owner_id: -1,
      });
      seen.add(response.items[0]?.is_pinned);
    }
    expect(seen).toEqual(new Set([1, true]));
  });

  test('some integers arrive with a decimal point', async () => {
    const params = { screen_name: 'vetrogorod', v: '5.199', access_token: 'user-fast' };
    const text = await (await post(sandbox, 'utils.resolveScreenName', params)).text();
    expect(text).toBe('{"response":{"type":"group","object_id":1.0}}');
  });
});
