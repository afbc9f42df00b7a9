import { afterAll, beforeAll, expect, test } from 'bun:test';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import express from 'express';
import { createEventStreams } from '../../../src/controllers/eventStream';
import { startApi, type TestApi } from './startApi';

/** More than the buffers of two sockets hold. */
const EVENTS = 400;
const EVENT_BYTES = 100_000;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

test('a reader that takes nothing is given up, and others may come', async () => {
  const { id } = await api.taskService.createTask({ communities: ['club1'] });
  await api.query(
    `INSERT INTO task_events (task_id, type, data)
     SELECT $1, 'progress', jsonb_build_object('text', repeat('x', $2))
     FROM generate_series(1, $3::int)`,
    [id, EVENT_BYTES, EVENTS],
  );
  const streams = createEventStreams({ ...api, idleMsMax: 200 });
  const ended = Promise.withResolvers<void>();
  const app = express().get('/', (_request, response) => {
    void streams.send(id, 0, response).then(ended.resolve, ended.reject);
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.pause();
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  try {
    await ended.promise;
    expect(await api.processMetrics.show()).toContain('stenograf_event_streams_open 0');
  } finally {
    socket.destroy();
    server.close();
  }
}, 20_000);
