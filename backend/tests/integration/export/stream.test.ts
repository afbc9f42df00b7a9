import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { EXPORT_FORMATS } from '@stenograf/contracts/exportRecords';
import { createExportService } from '../../../src/services/exportService';
import { eventually } from '../../support/eventually';
import { startApi, type TestApi } from '../http/startApi';
import { insertComments, insertPosts, makeComment, makePost } from './seed';

const FORMATS = EXPORT_FORMATS.posts;
const POSTS_OF = { kind: 'posts', query: {} } as const;
const ALL = { kind: 'all', format: 'ndjson', query: {} } as const;
const POSTS = 1_500;
const EXPORT_BACKENDS = `SELECT state, wait_event, query_start::text AS asked FROM pg_stat_activity
  WHERE datname = current_database() AND application_name = 'stenograf-export'`;

let api: TestApi;

beforeAll(async () => {
  api = await startApi();
  // About 24 MB in all, and no less when packed: far more than the buffers on the way hold.
  const posts = Array.from({ length: POSTS }, (_, index) =>
    makePost({ owner_id: -1, id: index + 1, text: randomBytes(12_000).toString('base64') }),
  );
  for (let from = 0; from < POSTS; from += 500) {
    await insertPosts(api, posts.slice(from, from + 500));
  }
  await insertComments(api, [makeComment({ owner_id: -1, post_id: 1, id: 1 })]);
});
afterAll(() => api.stop());

const backends = () =>
  api.query<{ state: string; wait_event: string | null; asked: string }>(EXPORT_BACKENDS);
const noBackendIsLeft = () =>
  eventually(async () => (await backends()).length === 0, {
    what: 'exports to hold no connection',
  });
afterEach(noBackendIsLeft);

/** Of noticing by itself that nobody waits for a query any more, which not every server does. */
const letServersDefaultBeOff = async () => {
  const name = new URL(api.databaseUrl).pathname.slice(1);
  await api.query(`ALTER DATABASE "${name}" SET client_connection_check_interval = 0`);
};

const readAll = async (stream: Readable): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks).toString();
};

const request = (path: string, init: RequestInit = {}) =>
  fetch(`${api.url}/api/v1/exports/${path}`, {
    ...init,
    headers: { authorization: `Bearer ${api.keys.read}` },
  });

/** A client that shows the bytes of the answer as they come, and reads only what it is told to. */
const openSocket = async (path: string): Promise<Socket> => {
  const { port } = new URL(api.url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    `GET /api/v1/exports/${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.keys.read}\r\n\r\n`,
  );
  return socket;
};

const readToEnd = async (socket: Socket): Promise<string> => {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  return Buffer.concat(chunks).toString();
};

test('nothing that is stored after an export began gets into it', async () => {
  const stream = await api.exportService.open(ALL);
  const first = (await once(stream, 'readable')) && String(stream.read());
  await insertPosts(api, [makePost({ owner_id: -9, id: 1, from_id: 9_001 })]);
  await insertComments(api, [makeComment({ owner_id: -9, post_id: 1, id: 1, from_id: 9_002 })]);
  const lines = (first + (await readAll(stream))).trimEnd().split('\n');
  await api.query('DELETE FROM posts WHERE owner_id = -9');
  await api.query('DELETE FROM comments WHERE owner_id = -9');
  expect(lines.filter((line) => line.includes('"from_id":900'))).toEqual([]);
  // The posts, the comment, its author, the community.
  expect(lines).toHaveLength(POSTS + 3);
});

describe('a reader', () => {
  test.each(FORMATS)(
    'of %s that does not read stops the reading of the database',
    async (format) => {
      const stream = await api.exportService.open({ ...POSTS_OF, format });
      await once(stream, 'readable');
      let asked = '';
      const isAtRest = async () => {
        const [backend] = await backends();
        const before = asked;
        asked = backend?.asked ?? '';
        // Either asked for no more, or not able to send more of what it was asked for.
        const waits =
          backend?.state === 'idle in transaction' || backend?.wait_event === 'ClientWrite';
        return waits && asked === before;
      };
      await eventually(isAtRest, { what: 'the database not being asked for more' });
      expect(stream.readableLength).toBeLessThan(10_000_000);
      stream.destroy();
    },
  );

  test.each(FORMATS)('of %s that leaves ends the query and is no failure', async (format) => {
    const before = api.logLines.length;
    const leave = new AbortController();
    const response = await request(`posts.${format}`, { signal: leave.signal });
    await response.body?.getReader().read();
    expect(await backends()).toHaveLength(1);
    leave.abort();
    await noBackendIsLeft();
    await eventually(
      () => api.logLines.slice(before).some((line) => line.includes('"aborted":true')),
      { what: 'the line of the request' },
    );
    expect(api.logLines.slice(before).join()).not.toContain('"level":"error"');
  });

  test('that stays but takes nothing is given up', async () => {
    const { open } = createExportService({ ...api, idleMsMax: 50 });
    const stream = await open({ ...POSTS_OF, format: 'csv' });
    const failed = once(stream, 'error');
    stream.read(0);
    expect(String(await failed)).toContain('takes nothing any more');
    await noBackendIsLeft();
  });

  const lock = async (table: string) => {
    const transaction = await api.sequelize.transaction();
    await api.sequelize.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`, { transaction });
    return { release: () => transaction.rollback() };
  };
  const waitsFor = (table: string) =>
    eventually(
      async () => {
        const waiting = await api.query(
          `SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
           WHERE NOT l.granted AND l.relation = $1::regclass
             AND a.application_name = 'stenograf-export'`,
          [table],
        );
        return waiting.length > 0;
      },
      { what: `the export to wait for ${table}` },
    );

  test('that leaves while the database is still searching ends the search', async () => {
    await letServersDefaultBeOff();
    const posts = await lock('posts');
    const socket = await openSocket('posts.ndjson');
    await waitsFor('posts');
    socket.destroy();
    await noBackendIsLeft();
    await posts.release();
  });

  test('that leaves before the export is open starts none', async () => {
    const { id: taskId } = await api.taskService.createTask({ communities: ['club1'] });
    const [tasks, posts] = [await lock('tasks'), await lock('posts')];
    const before = api.logLines.length;
    const socket = await openSocket(`posts.ndjson?task=${taskId}`);
    await waitsFor('tasks');
    socket.destroy();
    await eventually(() => api.logLines.length > before, { what: 'the line of the request' });
    await tasks.release();
    await noBackendIsLeft();
    await posts.release();
    expect(api.logLines.slice(before).join()).not.toContain('"level":"error"');
  });
});

describe('an export that fails half-way', () => {
  const endBackends = () =>
    api.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'stenograf-export'`,
    );

  test('does not look complete', async () => {
    const before = api.logLines.length;
    const socket = await openSocket('all.ndjson');
    await once(socket, 'readable');
    await endBackends();
    const received = await readToEnd(socket);
    expect(received).toStartWith('HTTP/1.1 200 OK');
    expect(received.toLowerCase()).toContain('transfer-encoding: chunked');
    expect(received).not.toEndWith('0\r\n\r\n');
    await eventually(
      () => api.logLines.slice(before).some((line) => line.includes('"level":"error"')),
      { what: 'the line of the failure' },
    );
  });

  const outcomeOf = (response: Response) =>
    response.arrayBuffer().then(
      () => 'complete',
      () => 'failed',
    );

  test.each(FORMATS)('is told from a complete one: %s, the connection lost', async (format) => {
    const response = await request(`posts.${format}`);
    await endBackends();
    expect(await outcomeOf(response)).toBe('failed');
  });

  test.each(EXPORT_FORMATS.all)(
    'is told from a complete one: %s, a query failed',
    async (format) => {
      const response = await request(`all.${format}`);
      await api.query('ALTER TABLE authors RENAME TO authors_elsewhere');
      const outcome = await outcomeOf(response);
      await api.query('ALTER TABLE authors_elsewhere RENAME TO authors');
      expect(outcome).toBe('failed');
    },
  );

  test('while nobody reads, frees its place at once', async () => {
    const stream = await api.exportService.open(ALL);
    await once(stream, 'readable');
    const failed = new Promise((resolve) => stream.once('error', resolve));
    await endBackends();
    expect(await failed).toBeInstanceOf(Error);
    expect(stream.destroyed).toBe(true);
  });
});

test('as many exports as allowed are written at once, and a place is free when one ends', async () => {
  const openFor = (holder: string, length: number) =>
    Array.from({ length }, () => api.exportService.open({ ...POSTS_OF, format: 'ndjson', holder }));
  const streams = await Promise.all([openFor('key:x', 3), openFor('key:y', 3)].flat());
  const [tooMuch] = openFor('key:x', 1);
  expect(await tooMuch?.catch(String)).toContain('You have 3 exports open already.');
  streams.push(...(await Promise.all(openFor('key:z', 2))));
  const refused = await request('posts.ndjson');
  expect(refused.status).toBe(429);
  expect(await refused.json()).toMatchObject({
    code: 'too_many_requests',
    detail: '8 exports are open already.',
  });
  streams[0]?.destroy();
  expect((await request('comments.ndjson')).status).toBe(200);
  for (const stream of streams) stream.destroy();
});

test('HEAD asks for the headers alone and reads nothing', async () => {
  const response = await request('all.ndjson', { method: 'HEAD' });
  expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  expect(await backends()).toHaveLength(0);
});
