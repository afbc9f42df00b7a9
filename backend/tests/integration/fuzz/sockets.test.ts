import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { sendRaw, type RawOptions } from '../../support/fuzzing/rawRequest';
import { startApi, type TestApi } from '../http/startApi';

let api: TestApi;
let port: number;
beforeAll(async () => {
  api = await startApi();
  port = Number(new URL(api.url).port);
});
afterAll(async () => {
  expect(api.logLines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  await api.stop();
});

const JSON_TYPE = 'Content-Type: application/json\r\n';
const CHUNKED = 'Transfer-Encoding: chunked\r\n';

/** A request of an admin, its headers and body as they are given; the connection ends with it. */
const request = (line: string, headers = '', body: string | Buffer = ''): Buffer =>
  Buffer.concat([
    Buffer.from(`${line} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.keys.admin}\r\n`),
    Buffer.from(`Connection: close\r\n${headers}\r\n`, 'latin1'),
    Buffer.from(body),
  ]);

const post = (headers: string, body = ''): Buffer =>
  request('POST /api/v1/tasks', JSON_TYPE + headers, body);

const expectWell = async (): Promise<void> => {
  const health = await fetch(`${api.url}/health/ready`);
  expect(health.status).toBe(200);
};

/** One reply or none, whole, never one of ours that failed, and a service that goes on. */
const expectRefusal = async (bytes: string | Buffer, options?: RawOptions): Promise<void> => {
  const { statuses, text } = await sendRaw(port, bytes, options);
  expect(statuses.length).toBeLessThanOrEqual(1);
  for (const status of statuses) {
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  }
  expect(text).not.toMatch(/<html|node_modules|\bat \/|X-Injected/);
  await expectWell();
};

describe('what is no HTTP ends the connection', () => {
  test.each<[string, string | Buffer]>([
    ['bytes', '\x00\x01\x02\xff\r\n\r\n'],
    ['a greeting of TLS', Buffer.from('16030100a5010000a10303', 'hex')],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/0.9', 'GET /\r\n'],
    ['a version to come', 'GET /health/live HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['no Host', 'GET /health/live HTTP/1.1\r\n\r\n'],
    ['line feeds alone', 'GET /health/live HTTP/1.1\nHost: x\n\n'],
    ['a folded header', 'GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: a\r\n b\r\n\r\n'],
    ['a space before the colon', 'GET /health/live HTTP/1.1\r\nHost: x\r\nX-A : a\r\n\r\n'],
    ['U+0000 in a header', 'GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n'],
    ['U+0000 in a path', 'GET /health/live\0 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a method of 10 000 letters', `${'A'.repeat(10_000)} / HTTP/1.1\r\nHost: x\r\n\r\n`],
  ])('%s', async (_, bytes) => {
    await expectRefusal(bytes);
    expect((await sendRaw(port, bytes)).isClosed).toBe(true);
  });
});

describe('of a body whose end is in doubt nothing is taken for another request', () => {
  const NEXT = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';

  test.each<[string, string, string]>([
    ['a length and chunks', `Content-Length: 6\r\n${CHUNKED}`, `0\r\n\r\n${NEXT}`],
    ['chunks and a length', `${CHUNKED}Content-Length: 6\r\n`, `0\r\n\r\n${NEXT}`],
    ['two lengths', 'Content-Length: 2\r\nContent-Length: 9\r\n', `{}${NEXT}`],
    ['a length below zero', 'Content-Length: -1\r\n', NEXT],
    ['a length with a sign', 'Content-Length: +2\r\n', `{}${NEXT}`],
    ['a list of lengths', 'Content-Length: 2, 2\r\n', `{}${NEXT}`],
    ['a length beyond counting', `Content-Length: ${'9'.repeat(30)}\r\n`, NEXT],
    ['chunks by another name', 'Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${NEXT}`],
    ['chunks and no chunks', `${CHUNKED}Transfer-Encoding: identity\r\n`, `0\r\n\r\n${NEXT}`],
    ['a chunk of no size', CHUNKED, `zz\r\n{}\r\n0\r\n\r\n${NEXT}`],
    ['a chunk below zero', CHUNKED, `-1\r\n{}\r\n0\r\n\r\n${NEXT}`],
    ['a chunk beyond counting', CHUNKED, `${'f'.repeat(17)}\r\n{}\r\n0\r\n\r\n${NEXT}`],
    ['a chunk longer than it says', CHUNKED, `2\r\n{}${NEXT}0\r\n\r\n`],
  ])('%s', async (_, headers, body) => {
    await expectRefusal(post(headers, body));
  });
});

describe('what has no end is not waited for', () => {
  test.each<[string, string, string]>([
    ['headers', 'X-A: 1\r\n', 'X-A: b\r\n'.repeat(100)],
    ['a header', 'X-A: ', 'a'.repeat(1_000)],
    ['chunks', `${CHUNKED}\r\n`, `10000\r\n${'x'.repeat(0x10000)}\r\n`],
    ['an extension of a chunk', `${CHUNKED}\r\n1;`, 'a'.repeat(1_000)],
    ['trailers', `${CHUNKED}\r\n0\r\n`, 'X-A: b\r\n'.repeat(100)],
    ['a body of a terabyte', 'Content-Length: 1000000000000\r\n\r\n', 'x'.repeat(0x10000)],
  ])('%s', async (_, headers, endless) => {
    // Closed while more is on its way, a connection may be reset before its reply was read.
    const open = post(headers).toString().slice(0, -2).replace('Connection: close\r\n', '');
    const { statuses } = await sendRaw(port, open, { endless });
    expect(statuses).toHaveLength(1);
    expect([413, 431]).toContain(statuses[0] ?? 0);
    await expectWell();
  });

  test('a body too large by its length is refused before it comes', async () => {
    const { statuses } = await sendRaw(port, post('Content-Length: 1000000000000\r\n'));
    expect(statuses).toEqual([413]);
  });
});

describe('a flood of headers is refused', () => {
  test.each<[string, () => string]>([
    ['1 000 of them', () => Array.from({ length: 1_000 }, (_, i) => `X-${i}: ${i}\r\n`).join('')],
    ['one of 100 KB', () => `X-A: ${'a'.repeat(100_000)}\r\n`],
    ['a key of 8 KB', () => `Idempotency-Key: ${'a'.repeat(8_192)}\r\nContent-Length: 2\r\n`],
    ['two keys', () => 'Idempotency-Key: a\r\nIdempotency-Key: b\r\nContent-Length: 2\r\n'],
  ])('%s', async (_, headers) => {
    await expectRefusal(post(headers(), '{}'));
  });
});

const PATHS = [
  ['//api/v1/tasks', '///', '//evil.example/health/live', '/api//v1/tasks', '/api/v1/tasks/%00'],
  ['/api/v1/../../openapi.json', '/api/v1/%2e%2e/tasks', '/api/v1/%c0%ae%c0%ae/tasks', '/%zz'],
  ['/docs/../../package.json', '/docs/%2e%2e/package.json', '/docs/..%2fpackage.json', '*', '?x'],
  ['/docs/swagger-ui.css%00.js', '/docs/..%5c..%5cpackage.json', '/api/v1/tasks/%ff', '\\'],
  ['http://', 'http://[/api/v1/tasks', 'ftp://x/', 'api/v1/tasks'],
  [`/api/v1/tasks?cursor=${'a'.repeat(100_000)}`, '/api/v1/tasks/\xff'],
].flat();

describe('a path that is meant to lead elsewhere leads nowhere', () => {
  test.each(PATHS)('%p', async (path) => {
    await expectRefusal(request(`GET ${path}`));
  });

  test.each(['/api/v1/tasks', '/', ''])(
    'one that names a host is answered by this one: %p',
    async (path) => {
      const { statuses, text } = await sendRaw(port, request(`GET http://evil.example${path}`));
      expect(statuses).toEqual([200]);
      expect(text).not.toContain('evil');
    },
  );
});

describe('a method that nobody knows here is refused', () => {
  const methods = 'TRACE CONNECT PUT PROPFIND QUERY PURGE M-SEARCH OPTIONS FOO get';
  test.each(methods.split(' '))('%s', async (method) => {
    await expectRefusal(request(`${method} /api/v1/tasks`));
  });
});

test('headers that may be nonsense are passed over', async () => {
  const odd = ['\xff\xfe', '__proto__', '%zz; =; ;;;', '"', '<script>', '1.1.1.1,'.repeat(500)];
  const names = [
    'Accept-Language',
    'X-Request-Id',
    'Accept',
    'X-Forwarded-For',
    '__proto__',
    'Cookie',
  ];
  for (const [index, value] of odd.entries()) {
    const headers = names.map((name, at) => `${name}: ${odd[(index + at) % odd.length]}\r\n`);
    const { statuses } = await sendRaw(
      port,
      request('GET /api/v1/tasks', headers.join('') + `Via: ${value}\r\n`),
    );
    expect(statuses).toEqual([200]);
  }
});

test('conditions and ranges of a file that cannot be met are refused', async () => {
  for (const header of ['Range: bytes=99999999-', 'If-Match: "x"', 'If-Unmodified-Since: \x80']) {
    const { statuses } = await sendRaw(port, request('GET /docs/swagger-ui.css', `${header}\r\n`));
    expect([200, 400]).toContain(statuses[0] ?? 0);
  }
});

test('requests that are sent without waiting are answered one by one', async () => {
  const one = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n';
  const { statuses } = await sendRaw(port, one.repeat(50));
  expect(statuses).toEqual(Array<number>(50).fill(200));
});
