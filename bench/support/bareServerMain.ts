import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A process that answers every request with the body that it was sent first: what node:http itself
 * costs, and nothing else. Prints its address.
 */
let body: Buffer | null = null;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    body ??= Buffer.concat(chunks);
    response.writeHead(200, {
      'content-type': 'application/json; charset=utf-8',
      'content-length': body.byteLength,
    });
    response.end(body);
  });
});

server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
