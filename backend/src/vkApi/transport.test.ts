import { afterEach, describe, expect, test } from 'bun:test';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Secret } from '../utils/secret';
import { TransportError } from './errors';
import { createTransport } from './transport';

const TOKEN = 'vk1.a.secret-token-that-nobody-may-see';
const BYTES_MAX = 100_000;
const never = new AbortController().signal;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const send = (url: string, method = 'wall.get', params = {}, requestTimeoutMs = 5_000) =>
  createTransport({ url, version: '5.199', requestTimeoutMs, responseBytesMax: BYTES_MAX })(
    method,
    params,
    new Secret(TOKEN),
    never,
  );

const serve = (answer: (request: Request) => Response | Promise<Response>): string => {
  const server = Bun.serve({ port: 0, fetch: answer });
  closers.push(() => server.stop(true));
  return `http://127.0.0.1:${server.port}/method/`;
};

/** A server that says exactly these bytes to a request, then does as told. */
const serveRaw = async (bytes: string, then: (socket: Socket) => void): Promise<string> => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('data', () => socket.write(bytes, () => then(socket)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/method`;
};

const json = (body: string, init?: ResponseInit): Response =>
  new Response(body, { headers: { 'content-type': 'application/json; charset=utf-8' }, ...init });

const failure = async (sending: Promise<unknown>): Promise<TransportError> => {
  const error = await sending.then(
    () => new Error('it was answered'),
    (error: unknown) => error,
  );
  if (!(error instanceof TransportError)) throw error;
  const shown = `${Bun.inspect(error)}${error.stack}${JSON.stringify(error)}`;
  expect(shown).not.toContain(TOKEN);
  return error;
};

test('the request is a form with the token in its body and the defaults beside it', async () => {
  const seen: { method: string; url: string; headers: Headers; body: string }[] = [];
  const url = serve(async (request) => {
    const { method, headers } = request;
    seen.push({ method, url: request.url, headers, body: await request.text() });
    return json('{"response":1}');
  });
  await send(url, 'utils.resolveScreenName', { screen_name: 'имя & co' });
  const [request] = seen;
  expect(request?.method).toBe('POST');
  expect(request?.url).toBe(`${url}utils.resolveScreenName`);
  expect(request?.headers.get('content-type')).toStartWith('application/x-www-form-urlencoded');
  expect(request?.headers.get('accept-encoding')).toBe('gzip');
  expect(Object.fromEntries(new URLSearchParams(request?.body))).toEqual({
    screen_name: 'имя & co',
    lang: 'ru',
    v: '5.199',
    access_token: TOKEN,
  });
});

describe('an answer', () => {
  test('is unpacked and its text cleaned', async () => {
    const body = gzipSync('{"response":{"text":"a\\u0000b\\ud800 😀 \\ud83d\\ude00"}}');
    const url = serve(() => {
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
      return new Response(body, { headers });
    });
    expect(await send(url)).toEqual({
      ok: true,
      response: { text: 'ab\ufffd 😀 😀' },
      executeErrors: [],
    });
  });

  test('may be null, and carries the errors of inner calls', async () => {
    const errors = [{ method: 'wall.get', error_code: 15, error_msg: 'Access denied' }];
    const url = serve(() => json(JSON.stringify({ response: null, execute_errors: errors })));
    expect(await send(url)).toEqual({
      ok: true,
      response: null,
      executeErrors: [{ method: 'wall.get', code: 15, subcode: null, text: 'Access denied' }],
    });
  });

  test('of error gives code, subcode and text, short and without the token', async () => {
    const error = {
      error_code: 5,
      error_subcode: 1133,
      error_msg: `User authorization failed: ${TOKEN} ${'x'.repeat(1_000)}`,
      request_params: [{ key: 'access_token', value: TOKEN }],
    };
    const url = serve(() => json(JSON.stringify({ error })));
    const answer = await send(url);
    if (answer.ok) throw new Error('an error was sent');
    expect(answer.error).toMatchObject({ code: 5, subcode: 1133 });
    expect(answer.error.text).toStartWith('User authorization failed: [secret] xxx');
    expect(answer.error.text.length).toBe(300);
    expect(JSON.stringify(answer)).not.toContain(TOKEN);
  });

  test('of error counts whatever the status it came with', async () => {
    const body = '{"error":{"error_code":6,"error_msg":"Too many requests per second"}}';
    const headers = { 'content-type': 'text/json' };
    expect(await send(serve(() => json(body, { status: 429, headers })))).toMatchObject({
      ok: false,
      error: { code: 6 },
    });
  });
});

describe('a fault is told apart:', () => {
  test('nobody listens', async () => {
    const server = Bun.serve({ port: 0, fetch: () => new Response() });
    const url = `http://127.0.0.1:${server.port}/method`;
    await server.stop(true);
    const error = await failure(send(url));
    expect(error).toMatchObject({ fault: 'network', status: null });
    expect(error.cause).toBeInstanceOf(Error);
  });

  test('the connection is reset', async () => {
    const url = await serveRaw('', (socket) => socket.resetAndDestroy());
    expect(await failure(send(url))).toMatchObject({ fault: 'network' });
  });

  test('the body ends before its length', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n';
    const url = await serveRaw(`${head}{"response":[1,`, (socket) => socket.end());
    expect(await failure(send(url))).toMatchObject({ fault: 'network' });
  });

  test('nothing comes within the deadline', async () => {
    const url = await serveRaw('', () => {});
    const error = await failure(send(url, 'wall.get', {}, 50));
    expect(error).toMatchObject({ fault: 'timeout', status: null });
  });

  test('the body drips beyond the deadline', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n';
    const url = await serveRaw(head, (socket) => {
      const dripping = setInterval(() => socket.write(' '), 10);
      socket.once('close', () => clearInterval(dripping));
    });
    expect(await failure(send(url, 'wall.get', {}, 100))).toMatchObject({ fault: 'timeout' });
  });

  test.each([400, 403, 404, 413, 429, 500, 502, 503, 504])('status %d', async (status) => {
    const url = serve(() => new Response(`<html>${TOKEN}</html>`, { status }));
    expect(await failure(send(url))).toMatchObject({ fault: 'http', status });
  });

  test('a redirect is not followed', async () => {
    let followed = 0;
    const elsewhere = serve(() => (followed++, json('{"response":1}')));
    const url = serve(() => new Response('', { status: 307, headers: { location: elsewhere } }));
    expect(await failure(send(url))).toMatchObject({ fault: 'http', status: 307 });
    expect(followed).toBe(0);
  });

  test('HTML with status 200', async () => {
    const headers = { 'content-type': 'text/html' };
    const url = serve(() => new Response('<html>Error 429</html>', { headers }));
    expect(await failure(send(url))).toMatchObject({ fault: 'not_json', status: 200 });
  });

  test.each([
    '{"response":[1,',
    'Ebody',
    TOKEN,
    '',
    '[]',
    'null',
    '{}',
    '{"error":"text"}',
    '{"error":{"error_msg":"no code"}}',
  ])('JSON that is none or no reply: %j', async (body) => {
    const url = serve(() => json(body));
    expect(await failure(send(url))).toMatchObject({ fault: 'not_json', status: 200 });
  });

  test('a body beyond the cap, also one that only unpacks to it', async () => {
    const flood = `{"response":"${'x'.repeat(BYTES_MAX)}"}`;
    expect(await failure(send(serve(() => json(flood))))).toMatchObject({ fault: 'too_large' });
    const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const bomb = serve(() => new Response(gzipSync(flood), { headers }));
    expect(await failure(send(bomb))).toMatchObject({ fault: 'too_large', status: 200 });
  });
});

test('a request given up by its caller ends as a network fault', async () => {
  const url = await serveRaw('', () => {});
  const config = { url, version: '5.199', requestTimeoutMs: 5_000, responseBytesMax: BYTES_MAX };
  const signal = AbortSignal.timeout(20);
  const sending = createTransport(config)('wall.get', {}, new Secret(TOKEN), signal);
  expect(await failure(sending)).toMatchObject({ fault: 'network' });
});
