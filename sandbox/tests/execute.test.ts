import { afterEach, describe, expect, test } from 'bun:test';
import type { Sandbox } from '../src/createSandbox';
import { callVk, startSandbox } from './support/client';

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

const pack = (calls: readonly string[]): string => `return [${calls.join(',')}];`;
const TIME = 'API.utils.getServerTime({})';

describe('execute', () => {
  test('a failed call is false, errors follow in order, the last is repeated as execute', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const calls = [
      'API.wall.get({"owner_id":-101})',
      TIME,
      'API.wall.nothing({})',
      'API.wall.getComments({"owner_id":-1})',
    ];
    const { response, execute_errors: errors } = await callVk<unknown[]>(sandbox, 'execute', {
      code: pack(calls),
    });
    expect(response).toEqual([false, expect.any(Number), false, false]);
    const last = {
      error_code: 100,
      error_msg: 'One of the parameters specified was missing or invalid: post_id is undefined',
    };
    expect(errors).toEqual([
      {
        method: 'wall.get',
        error_code: 15,
        error_msg: 'Access denied: this wall available only for community members',
      },
      { method: 'wall.nothing', error_code: 3, error_msg: 'Unknown method passed' },
      { method: 'wall.getComments', ...last },
      { method: 'execute', ...last },
    ]);
    expect(sandbox.stats().errorsByCode).toEqual({ 15: 1, 3: 1, 100: 1 });
  });

  test('without failures there is no list of errors', async () => {
    sandbox = await startSandbox();
    const envelope = await callVk<unknown[]>(sandbox, 'execute', { code: pack([TIME, TIME]) });
    expect(Object.keys(envelope)).toEqual(['response']);
    expect(envelope.response).toHaveLength(2);
  });

  test('25 calls are run, 26 are error 13', async () => {
    sandbox = await startSandbox();
    const send = (count: number) =>
      callVk<unknown[]>(sandbox, 'execute', {
        code: pack(Array.from({ length: count }, () => TIME)),
      });
    expect((await send(25)).response).toHaveLength(25);
    expect((await send(26)).error?.error_code).toBe(13);
  });

  test('an answer above the limit is error 13; half of it passes', async () => {
    sandbox = await startSandbox({ switches: { executeBytesMax: 20_000 } });
    const wall = 'API.wall.get({"owner_id":-1,"count":12})';
    const whole = await callVk(sandbox, 'execute', { code: pack([wall, wall]) });
    expect(whole.error?.error_msg).toBe(
      'Runtime error occurred during code invocation: response size is too big',
    );
    expect((await callVk(sandbox, 'execute', { code: pack([wall]) })).error).toBeUndefined();
  });

  test('code that does not compile is error 12, no code is 100, execute within execute is 12', async () => {
    sandbox = await startSandbox();
    const codeOf = async (params: Record<string, string>) =>
      (await callVk(sandbox, 'execute', params)).error?.error_code;
    expect(await codeOf({ code: 'return 1' })).toBe(12);
    expect(await codeOf({})).toBe(100);
    expect(await codeOf({ code: 'return [API.execute({"code":"return 1;"})];' })).toBe(12);
  });

  test('inner calls with a community token answer 27', async () => {
    sandbox = await startSandbox();
    const { response, execute_errors: errors } = await callVk<unknown[]>(sandbox, 'execute', {
      code: pack(['API.wall.get({"owner_id":-1})']),
      access_token: 'community-fast',
    });
    expect(response).toEqual([false]);
    expect(errors?.[0]?.error_code).toBe(27);
  });

  test('code works on what calls answer, with the parameters of the request', async () => {
    sandbox = await startSandbox();
    const code = `
      var all = [], offset = 0;
      while (offset < Args.total) {
        all = all + API.wall.get({owner_id: Args.owner_id, count: 5, offset: offset}).items@.id;
        offset = offset + 5;
      }
      return {ids: all, count: API.wall.get({owner_id: Args.owner_id}).count};`;
    const params = { code, owner_id: -1, total: 12 };
    const { response } = await callVk<{ ids: number[]; count: number }>(sandbox, 'execute', params);
    expect(response.count).toBe(12);
    expect(new Set(response.ids).size).toBe(12);
    expect(sandbox.stats().packs).toEqual([4]);
  });

  test('the fields of a failed call are null, its methods are error 13', async () => {
    sandbox = await startSandbox({ world: 'quirks' });
    const wall = 'var wall = API.wall.get({"owner_id":-101});';
    const fields = await callVk(sandbox, 'execute', { code: `${wall} return wall.items.length;` });
    expect(fields.response).toBeNull();
    expect(fields.execute_errors).toHaveLength(2);
    const methods = await callVk(sandbox, 'execute', {
      code: `${wall} return wall.items.slice(1);`,
    });
    expect(methods.error?.error_msg).toBe(
      'Runtime error occurred during code invocation: Method slice requires an array',
    );
  });

  test('a short code cannot make an answer without end: 13', async () => {
    sandbox = await startSandbox();
    const code =
      'var a = API.wall.get({"owner_id":-1}), i = 0; while (i < 99) { a = [a, a]; i = i + 1; } return a;';
    const { error } = await callVk(sandbox, 'execute', { code });
    expect(error?.error_msg).toEndWith('response size is too big');
  });
});
