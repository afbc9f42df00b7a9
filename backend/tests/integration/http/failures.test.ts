import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { connect } from 'node:net';
import type { HealthDto, ProblemDetails, TaskDto } from '@stenograf/contracts/api';
import { eventually } from '../../support/eventually';
import { parsePrometheusText, valuesOf } from '../../support/prometheusText';
import { startPrivateServices, type PrivateServices } from '../../support/services';
import { startApi, type TestApi } from './startApi';

const START_MS_MAX = 60_000;

const newTask = (name: string): RequestInit & { headers: Record<string, string> } => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ communities: ['club1'], name }),
});

const readProblem = async (response: Response): Promise<ProblemDetails> => {
  expect(response.headers.get('content-type')).toStartWith('application/problem+json');
  return (await response.json()) as ProblemDetails;
};

describe('a fault of ours', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  test('is answered with a fixed text and the request id, and told to the log alone', async () => {
    await api.query('ALTER TABLE tasks RENAME TO tasks_elsewhere');
    try {
      const response = await api.send('/tasks', newTask('canary-parameter'));
      expect(response.status).toBe(500);
      const requestId = response.headers.get('x-request-id') ?? '';
      expect(await readProblem(response)).toEqual({
        type: 'urn:stenograf:problem:internal',
        title: 'Internal error',
        status: 500,
        detail: 'Something failed here; the log has it under this request id.',
        instance: '/api/v1/tasks',
        code: 'internal',
        request_id: requestId,
      });
      const lines = api.logLines.filter((line) => line.includes(requestId));
      expect(lines.some((line) => line.includes('"tasks\\" does not exist'))).toBe(true);
      expect(lines.join()).not.toContain('canary-parameter');
      expect(lines.join()).not.toContain('INSERT');
    } finally {
      await api.query('ALTER TABLE tasks_elsewhere RENAME TO tasks');
    }
  });

  test('keeps a sane request id of the caller and replaces any other', async () => {
    const idFor = async (presented: string) =>
      (await api.send('/service', { headers: { 'x-request-id': presented } })).headers.get(
        'x-request-id',
      );
    expect(await idFor('trace-0123456789')).toBe('trace-0123456789');
    for (const odd of ['short', 'a b c d e f g h', '<script>alert(1)', 'x'.repeat(65)]) {
      expect(await idFor(odd)).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
    }
  });

  test('and every request leave one line that shows neither key, query nor body', async () => {
    const headers = { 'x-request-id': 'line-of-a-request', 'content-type': 'application/json' };
    await api.send('/exports/posts.ndjson?since=2020-02-02', { headers });
    await eventually(() => api.logLines.some((line) => line.includes('line-of-a-request')), {
      what: 'the line of the request',
    });
    const lines = api.logLines.filter((line) => /line-of-a-request.*"route"/.test(line));
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      message: 'Request',
      method: 'GET',
      route: '/api/v1/exports/posts.ndjson',
      status: 200,
      durationMs: expect.any(Number),
      keyId: expect.any(Number),
    });
    await api.send('/tasks?limit=vk1.a.canary', { headers });
    await api.send('/nothing/vk1.a.canary', { headers });
    await api.send('/tasks', { ...newTask('body-canary'), headers });
    const log = api.logLines.join('\n');
    for (const secret of [...Object.values(api.keys), 'canary', '2020-02-02', 'stg_']) {
      expect(log).not.toContain(secret);
    }
  });

  test('a forged line in a request id or path stays out of the log', async () => {
    const { port } = new URL(api.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      'GET /%0d%0a{"level":"error"} HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\u0001b\r\n\r\n',
    );
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    expect(api.logLines.every((line) => line.startsWith('{"at":"'))).toBe(true);
  });
});

describe('while a service is away', () => {
  let services: PrivateServices;
  let api: TestApi;
  beforeAll(async () => {
    services = await startPrivateServices();
    api = await startApi({ services });
  }, START_MS_MAX);
  afterAll(async () => {
    await api.stop();
    await services.stop();
  }, START_MS_MAX);

  const health = async (path: string) => {
    const response = await fetch(`${api.url}/health/${path}`);
    return { status: response.status, body: (await response.json()) as HealthDto };
  };

  const metrics = async () => {
    const response = await fetch(`${api.url}/metrics`);
    expect(response.status).toBe(200);
    const samples = parsePrometheusText(await response.text());
    return {
      up: valuesOf(samples, 'stenograf_up', 'dependency'),
      read: valuesOf(samples, 'stenograf_metrics_read', 'part'),
      names: new Set(samples.map(({ name }) => name)),
    };
  };

  test(
    'PostgreSQL: every route says so, and works again by itself',
    async () => {
      expect((await api.send('/tasks')).status).toBe(200);
      await services.postgres.stop('immediate');
      for (const path of ['/tasks', '/tasks/1', '/tasks/1/targets', '/exports/all.ndjson']) {
        const response = await api.send(path);
        expect([path, response.status]).toEqual([path, 503]);
        const text = JSON.stringify(await readProblem(response));
        expect(text).toContain('"code":"database_unavailable"');
        expect(text).not.toMatch(/ECONN|127\.0\.0\.1|socket|SELECT|at \//);
      }
      const refused = await api.send('/tasks', newTask('never stored'));
      expect(await readProblem(refused)).toMatchObject({ code: 'database_unavailable' });
      expect(await health('live')).toMatchObject({ status: 200 });
      expect(await health('ready')).toEqual({
        status: 503,
        body: {
          status: 'unavailable',
          checks: { postgres: { ok: false }, redis: { ok: true } },
        },
      });
      const { up, read, names } = await metrics();
      expect({ up, read }).toEqual({
        up: { postgres: 0, redis: 1 },
        read: { work: 0, tokens: 0, queue: 1 },
      });
      expect(names).toContain('stenograf_queue_jobs');
      expect(names).not.toContain('stenograf_tasks');
      await services.postgres.start();
      await eventually(async () => (await api.send('/tasks')).status === 200, {
        what: 'the API to find PostgreSQL again',
      });
      expect(await health('ready')).toMatchObject({ status: 200, body: { status: 'ok' } });
      expect(await api.query("SELECT FROM tasks WHERE name = 'never stored'")).toEqual([]);
    },
    START_MS_MAX,
  );

  test(
    'Redis: a task is taken all the same, and readiness says what is missing',
    async () => {
      await services.redis.kill();
      const response = await api.send('/tasks', newTask('stored without a queue'));
      expect(response.status).toBe(202);
      expect(((await response.json()) as TaskDto).status).toBe('queued');
      expect(await health('ready')).toMatchObject({
        status: 503,
        body: { checks: { postgres: { ok: true }, redis: { ok: false } } },
      });
      const { up, read, names } = await metrics();
      expect({ up, read }).toEqual({
        up: { postgres: 1, redis: 0 },
        read: { work: 1, tokens: 1, queue: 0 },
      });
      expect(names).toContain('stenograf_tasks');
      expect(names).not.toContain('stenograf_queue_jobs');
      const lookAtQueue = () =>
        fetch(`${api.url}/admin/queues`, {
          headers: { authorization: `Bearer ${api.keys.admin}` },
        });
      const board = await lookAtQueue();
      expect([board.status, (await readProblem(board)).code]).toEqual([503, 'queue_unavailable']);
      await services.redis.start();
      await eventually(async () => (await health('ready')).status === 200, {
        what: 'the API to find Redis again',
      });
      await eventually(async () => (await lookAtQueue()).status === 200, {
        what: 'the page of the queue to find Redis again',
      });
    },
    START_MS_MAX,
  );
});
