import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { SCOPES } from '@stenograf/contracts/scopes';
import { createSandbox, type Sandbox } from '@stenograf/sandbox';
import { createMetricsService } from '../../../src/services/metrics/metricsService';
import { runWorker } from '../../../src/worker';
import { eventually } from '../../support/eventually';
import { parsePrometheusText, valuesOf, type PrometheusSample } from '../../support/prometheusText';
import { signInAs } from '../access/browser';
import { startApi, type TestApi } from '../http/startApi';

const TOKEN = 'FAKE.canary-token-of-metrics_1c9e';

let sandbox: Sandbox;
let api: TestApi;
beforeAll(async () => {
  sandbox = await createSandbox({
    world: 'tiny',
    tokens: [{ token: TOKEN, kind: 'user', rps: 100 }],
  });
  api = await startApi({
    env: { VK_API_URL: sandbox.url, VK_TOKENS: TOKEN, VK_USER_RPS: '100', VK_JITTER_MS: '20' },
  });
});
afterAll(async () => {
  await api.stop();
  await sandbox.stop();
});

type Headers = Record<string, string>;

const ask = (headers: Headers = {}, { url }: { url: string } = api) =>
  fetch(`${url}/metrics`, { headers });

const readText = async (): Promise<string> => (await ask()).text();
const scrape = async (): Promise<PrometheusSample[]> => parsePrometheusText(await readText());

const numberOf = async (sql: string): Promise<number> => {
  const [row] = await api.query<{ n: number }>(`SELECT (${sql})::float8 AS n`);
  return Number(row?.n);
};

describe('the metrics', () => {
  test('agree with the database and the queue before, during and after a collection', async () => {
    const task = await api.taskService.createTask({ communities: ['club1', 'club2'] });
    const before = await scrape();
    expect(valuesOf(before, 'stenograf_targets', 'status')).toMatchObject({ queued: 2 });
    expect(valuesOf(before, 'stenograf_queue_jobs', 'state')).toMatchObject({ prioritized: 2 });
    expect(valuesOf(before, 'stenograf_oldest_queued_target_age_seconds')['']).toBeGreaterThan(0);
    expect(valuesOf(before, 'stenograf_last_progress_timestamp_seconds')).toEqual({});

    const stream = await api.send(`/tasks/${task.id}/events`, {
      headers: { accept: 'text/event-stream' },
    });
    expect(valuesOf(await scrape(), 'stenograf_event_streams_open')).toEqual({ '': 1 });
    await runWorker(api);
    await stream.text();

    const after = await scrape();
    expect(valuesOf(after, 'stenograf_event_streams_open')).toEqual({ '': 0 });
    expect(valuesOf(after, 'stenograf_tasks', 'status')).toMatchObject({ queued: 0, completed: 1 });
    expect(valuesOf(after, 'stenograf_targets', 'status')).toMatchObject({ completed: 2 });
    expect(valuesOf(after, 'stenograf_walks_open')).toEqual({ '': 0 });
    expect(valuesOf(after, 'stenograf_oldest_queued_target_age_seconds')).toEqual({ '': 0 });
    for (const name of ['calls', 'requests', 'errors']) {
      const stored = await numberOf(`SELECT sum(${name}) FROM targets`);
      expect(valuesOf(after, `stenograf_tasks_vk_${name}`)).toEqual({ '': stored });
    }
    expect(valuesOf(after, 'stenograf_tasks_vk_calls')['']).toBeGreaterThan(0);
    expect(valuesOf(after, 'stenograf_last_progress_timestamp_seconds')['']).toBeCloseTo(
      await numberOf(`SELECT extract(epoch FROM max(at)) FROM task_events WHERE type = 'progress'`),
      3,
    );
    const user = after.filter(
      ({ name, labels }) => name === 'stenograf_vk_tokens' && labels['kind'] === 'user',
    );
    expect(valuesOf(user, 'stenograf_vk_tokens', 'status')).toMatchObject({
      ready: 1,
      quarantined: 0,
    });
    expect(valuesOf(after, 'stenograf_up', 'dependency')).toEqual({ postgres: 1, redis: 1 });
  });

  test('tell the quota of each method once it is written down, and the caps that are set', async () => {
    await eventually(async () => (await numberOf('SELECT count(*) FROM vk_quota')) > 0, {
      what: 'the calls in the quota',
    });
    await api.tokenKeeper.stop();
    const samples = await scrape();
    const used = `SELECT sum(calls) FROM vk_quota WHERE method = 'wall.get'`;
    expect(valuesOf(samples, 'stenograf_vk_quota_used_calls', 'method')).toMatchObject({
      'wall.get': await numberOf(used),
    });
    expect(valuesOf(samples, 'stenograf_vk_quota_cap_calls', 'method')).toEqual({
      'newsfeed.search': 1000,
      'wall.get': 5000,
      'wall.search': 1000,
    });
  });

  test('count requests by route, and hold no path, token, key or name that was typed', async () => {
    const paths = ['/api/v1/tasks/987654', '/api/v1/typed-canary', '/typed-canary', '/docs'];
    const headers = { authorization: `Bearer ${api.keys.admin}` };
    for (const path of paths) await (await fetch(api.url + path, { headers })).text();
    await fetch(`${api.url}/typed-canary`, { method: 'PROPFIND' });
    const text = await eventually(
      async () => {
        const now = await readText();
        return now.includes('method="other"') && now;
      },
      { what: 'the last request in the metrics' },
    );
    const routes = new Set(
      parsePrometheusText(text).flatMap(({ labels: { route } }) => route ?? []),
    );
    expect([...routes].sort()).toEqual([
      '/api/v1/tasks/:id',
      '/api/v1/tasks/:id/events',
      '/docs',
      '/metrics',
      'unmatched',
    ]);
    const secrets = [TOKEN, TOKEN.slice(-4), ...Object.values(api.keys), 'canary', '987654'];
    for (const secret of secrets) expect(text).not.toContain(secret);
  });

  test('show of the process what is true on Bun', async () => {
    const names = new Set((await scrape()).map(({ name }) => name));
    expect([...names].filter((name) => !name.startsWith('stenograf_')).sort()).toEqual([
      'nodejs_eventloop_lag_max_seconds',
      'nodejs_eventloop_lag_p50_seconds',
      'nodejs_eventloop_lag_p90_seconds',
      'nodejs_eventloop_lag_p99_seconds',
      'nodejs_eventloop_lag_seconds',
      'process_cpu_seconds_total',
      'process_cpu_system_seconds_total',
      'process_cpu_user_seconds_total',
      'process_max_fds',
      'process_open_fds',
      'process_resident_memory_bytes',
      'process_start_time_seconds',
    ]);
    expect(names).toContain('stenograf_build_info');
  });

  test('are read once for all who ask at the same time', async () => {
    let readings = 0;
    const service = createMetricsService({
      ...api,
      countJobs: () => Promise.resolve({}),
      dependencies: { counted: () => Promise.resolve((readings += 1)) },
    });
    const shown = await Promise.all(Array.from({ length: 20 }, () => service.show()));
    expect([readings, new Set(shown).size]).toEqual([1, 1]);
    await service.show();
    expect(readings).toBe(2);
  });

  test('come without what never answers', async () => {
    const never = new Promise<never>(() => {});
    const service = createMetricsService({
      ...api,
      countJobs: () => never,
      dependencies: { hanging: () => never },
    });
    const samples = parsePrometheusText(await service.show());
    expect(valuesOf(samples, 'stenograf_up', 'dependency')).toEqual({ hanging: 0 });
    expect(valuesOf(samples, 'stenograf_metrics_read', 'part')).toEqual({
      work: 1,
      tokens: 1,
      queue: 0,
    });
    expect(valuesOf(samples, 'stenograf_tasks', 'status')).toMatchObject({ completed: 1 });
    expect(valuesOf(samples, 'stenograf_queue_jobs', 'state')).toEqual({});
  });
});

describe('whoever asks through a proxy', () => {
  const PROXIED: Headers[] = [
    { 'x-forwarded-for': '203.0.113.9' },
    { 'x-forwarded-for': '127.0.0.1' },
    { forwarded: 'for=203.0.113.9' },
    { 'x-real-ip': '203.0.113.9' },
    { via: '1.1 proxy.example' },
  ];

  test('needs a key or a session, whether or not the proxy is believed', async () => {
    const access = { trustProxy: ['loopback'] };
    const believing = await startApi({ beside: api, access });
    try {
      for (const { url } of [api, believing]) {
        expect((await ask({}, { url })).status).toBe(200);
        for (const headers of PROXIED) {
          const response = await ask(headers, { url });
          expect([headers, response.status]).toEqual([headers, 401]);
          expect(response.headers.get('content-type')).toStartWith('application/problem+json');
        }
      }
    } finally {
      await believing.stop();
    }
  });

  test('is served with any scope and any role, and not with a bad key', async () => {
    const [proxied = {}] = PROXIED;
    const { cookie } = await signInAs(api, 'anna', 'viewer');
    const credentials = [
      ...SCOPES.map((scope): Headers => ({ authorization: `Bearer ${api.keys[scope]}` })),
      { cookie },
    ];
    for (const headers of credentials) {
      expect((await ask({ ...proxied, ...headers })).status).toBe(200);
    }
    const bad = { authorization: `Bearer stg_${'a'.repeat(33)}` };
    expect((await ask({ ...proxied, ...bad })).status).toBe(401);
  });
});
