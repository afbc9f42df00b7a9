import { afterEach, expect, test } from 'bun:test';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { cutSlowClients } from './slowClients';

const DEADLINES = { headersMs: 150, bodyMs: 300 };
/** Often enough that no gap between two drops is long. */
const DRIP_MS = 20;

let server: Server;
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const listen = async (handler: RequestListener): Promise<number> => {
  server = createServer(handler);
  cutSlowClients(server, DEADLINES);
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
};

/** Answers when it has all of the body. */
const patient: RequestListener = (request, response) => {
  request.on('error', () => undefined);
  request.resume().on('end', () => response.end('served'));
};

/** Sends `first`, then `drop` again and again, until the server has had enough. */
const dripUntilCut = async (port: number, first: string, drop: string): Promise<string> => {
  const socket: Socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString()));
  socket.on('error', () => undefined);
  socket.write(first);
  const dripping = drop === '' ? undefined : setInterval(() => socket.write(drop), DRIP_MS);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(dripping);
  return received;
};

const POST = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n';

test.each([
  ['nothing', '', ''],
  ['headers that stop', 'GET / HTTP/1.1\r\nHost: x\r\n', ''],
  ['headers drop by drop', 'GET / HTTP/1.1\r\nHost: x\r\n', 'a: b\r\n'],
  ['a body that stops', `${POST}abc`, ''],
  ['a body drop by drop', POST, 'x'],
])('a client that sends %s is cut off', async (_, first, drop) => {
  const port = await listen(patient);
  expect(await dripUntilCut(port, first, drop)).toBe('');
});

test('a connection that was served once is cut off at its next slow request', async () => {
  const port = await listen(patient);
  const received = await dripUntilCut(port, 'GET / HTTP/1.1\r\nHost: x\r\n\r\n', 'G');
  expect(received).toContain('served');
});

test.each([
  ['no body', undefined],
  ['a body that nobody reads', 'unread'],
])('a request with %s is answered however long that takes', async (_, body) => {
  const port = await listen((_request, response) => {
    response.write('slow ');
    // Longer than any deadline: only what the client sends has one.
    setTimeout(() => response.end('answer'), DEADLINES.bodyMs * 2);
  });
  const init = body === undefined ? {} : { method: 'POST', body };
  const response = await fetch(`http://127.0.0.1:${port}`, init);
  expect(await response.text()).toBe('slow answer');
});
