import { afterEach, describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import type { Sandbox } from '../src/createSandbox';
import type { Fault } from '../src/server/faults';
import { callVk, post, rejection, startSandbox } from './support/client';

let sandbox: Sandbox;
afterEach(() => sandbox.stop());

const PARAMS = { owner_id: -1, v: '5.199', access_token: 'user-fast' };
const wall = (): Promise<Response> => post(sandbox, 'wall.get', PARAMS);

const startWith = async (...faults: Fault[]): Promise<void> => {
  sandbox = await startSandbox();
  for (const fault of faults) sandbox.faults.add(fault);
};

/** What a bare TCP client gets: every byte, and how the connection ended. */
const readBytes = (): Promise<{ text: string; end: string }> =>
  new Promise((resolve) => {
    let text = '';
    const query = new URLSearchParams({ owner_id: '-1', v: '5.199', access_token: 'user-fast' });
    const socket = connect(sandbox.port, '127.0.0.1', () => {
      socket.write(`GET /method/wall.get?${query.toString()} HTTP/1.1\r\nHost: x\r\n\r\n`);
    });
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('end', () => resolve({ text, end: 'end' }));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve({ text, end: error.code ?? '' }));
  });

describe('faults on the wire', () => {
  test('a page in HTML comes with status 200', async () => {
    await startWith({ kind: 'html-200' });
    const response = await wall();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(await response.text()).toStartWith('<!DOCTYPE html>');
  });

  test('an HTTP status comes with its body', async () => {
    await startWith({ kind: 'http', status: 502, body: '<html>Bad Gateway</html>' });
    const response = await wall();
    expect([response.status, await response.text()]).toEqual([502, '<html>Bad Gateway</html>']);
  });

  test('truncated JSON is a whole reply that does not parse', async () => {
    await startWith({ kind: 'truncated-json' });
    const text = await (await wall()).text();
    expect(text).toStartWith('{"response":');
    expect(() => JSON.parse(text)).toThrow(SyntaxError);
  });

  test('a truncated body breaks the length it promised', async () => {
    await startWith({ kind: 'truncated-body', times: 2 });
    const { text, end } = await readBytes();
    const [head = '', body = ''] = text.split('\r\n\r\n');
    const promised = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    expect(end).toBe('end');
    expect(Buffer.byteLength(body)).toBeLessThan(promised);
    expect(Buffer.byteLength(body)).toBeGreaterThan(0);
    expect(await rejection(wall().then((response) => response.text()))).toBeInstanceOf(Error);
  });

  test('a reset is a reset, before the first byte', async () => {
    await startWith({ kind: 'reset', times: 2 });
    expect(await readBytes()).toEqual({ text: '', end: 'ECONNRESET' });
    expect(await rejection(wall())).toBeInstanceOf(Error);
  });

  test('an empty body is JSON by its header alone', async () => {
    await startWith({ kind: 'empty-body' });
    const response = await wall();
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.text()).toBe('');
  });

  test('a stalled reply begins at once and ends later', async () => {
    await startWith({ kind: 'stall', ms: 50 });
    const response = await wall();
    const promised = Number(response.headers.get('content-length'));
    const chunks: number[] = [];
    for await (const chunk of response.body ?? []) chunks.push(chunk.byteLength);
    expect(chunks[0]).toBe(promised >> 1);
    expect(chunks.reduce((sum, bytes) => sum + bytes, 0)).toBe(promised);
  });

  test('whoever hangs up on a stalled reply leaves nothing behind', async () => {
    await startWith({ kind: 'stall', ms: 3_600_000 });
    const abort = new AbortController();
    const response = await fetch(`${sandbox.url}/wall.get?owner_id=-1&v=5.199`, {
      headers: { authorization: 'Bearer user-fast' },
      signal: abort.signal,
    });
    const body = response.text();
    abort.abort();
    expect(await rejection(body)).toBeInstanceOf(Error);
    expect((await wall()).status).toBe(200);
  });

  test('a slow reply is whole and lets later ones pass', async () => {
    await startWith({ kind: 'slow', ms: 100, method: 'wall.get' });
    const order: string[] = [];
    const readSlowly = async (): Promise<void> => {
      expect(await (await wall()).json()).toHaveProperty('response');
      order.push('slow');
    };
    const slow = readSlowly();
    await callVk(sandbox, 'users.get');
    order.push('quick');
    await slow;
    expect(order).toEqual(['quick', 'slow']);
  });
});

describe('scripted errors of VK', () => {
  test('a code brings its text, or the text and the fields of the script', async () => {
    await startWith(
      { kind: 'vk-error', code: 10 },
      {
        kind: 'vk-error',
        code: 14,
        msg: 'Captcha needed',
        extra: { captcha_sid: '1', redirect_uri: 'https://id.vk.ru/not_robot_captcha' },
      },
      { kind: 'vk-error', code: 77_777 },
    );
    expect((await callVk(sandbox, 'wall.get')).error).toMatchObject({
      error_code: 10,
      error_msg: 'Internal server error',
    });
    expect((await callVk(sandbox, 'wall.get')).error).toMatchObject({
      error_code: 14,
      error_msg: 'Captcha needed',
      captcha_sid: '1',
      redirect_uri: 'https://id.vk.ru/not_robot_captcha',
    });
    expect((await callVk(sandbox, 'wall.get')).error?.error_msg).toBe('Error 77777');
    expect(sandbox.stats().errorsByCode).toEqual({ 10: 1, 14: 1, 77_777: 1 });
  });

  test('an error of a method strikes inside execute, and execute goes on', async () => {
    await startWith({ kind: 'vk-error', code: 10, method: 'wall.get', skip: 1 });
    const call = 'API.wall.get({"owner_id":-1})';
    const { response, execute_errors: errors } = await callVk<unknown[]>(sandbox, 'execute', {
      code: `return [${[call, call, call].join(',')}];`,
    });
    expect(response.map(Boolean)).toEqual([true, false, true]);
    expect(errors?.map(({ method }) => method)).toEqual(['wall.get', 'execute']);
  });

  test('too big strikes execute alone', async () => {
    await startWith({ kind: 'too-big' });
    expect((await callVk(sandbox, 'wall.get', PARAMS)).error).toBeUndefined();
    const { error } = await callVk(sandbox, 'execute', { code: 'return [];' });
    expect(error?.error_msg).toEndWith('response size is too big');
    expect((await callVk(sandbox, 'execute', { code: 'return [];' })).error).toBeUndefined();
  });
});

describe('the script', () => {
  test('a fault waits for its method, lets some pass, strikes as often as it says', async () => {
    await startWith({ kind: 'vk-error', code: 1, method: 'wall.get', skip: 1, times: 2 });
    expect(sandbox.faults.pending()).toBe(2);
    const codes: (number | undefined)[] = [];
    for (const method of ['wall.get', 'users.get', 'wall.get', 'wall.get', 'wall.get']) {
      codes.push((await callVk(sandbox, method, PARAMS)).error?.error_code);
    }
    expect(codes).toEqual([undefined, undefined, 1, 1, undefined]);
    expect(sandbox.faults.pending()).toBe(0);
  });

  test('cleared faults do not strike', async () => {
    await startWith({ kind: 'reset' });
    sandbox.faults.clear();
    expect((await wall()).status).toBe(200);
  });

  test('stopping ends connections that hang in a fault', async () => {
    await startWith({ kind: 'stall', ms: 3_600_000 });
    const response = await wall();
    const body = response.text();
    await sandbox.stop();
    expect(await rejection(body)).toBeInstanceOf(Error);
    sandbox = await startSandbox();
  });
});
