import type { AddressInfo } from 'node:net';
import express from 'express';

/**
 * A process of one bare Express route that answers with the JSON it was started with: what the
 * framework itself costs, and nothing else. Prints its address.
 */
const answer: unknown = JSON.parse(process.argv[2] ?? 'null');

const app = express();
app.get('/tasks/:id', (_request, response) => {
  response.json(answer);
});

const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
