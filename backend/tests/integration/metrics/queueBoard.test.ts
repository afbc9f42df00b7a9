import { afterAll, beforeAll, expect, test } from 'bun:test';
import { ROLES } from '@stenograf/contracts/scopes';
import type { ProblemDetails } from '@stenograf/contracts/api';
import { signInAs } from '../access/browser';
import { startApi, type TestApi } from '../http/startApi';

const BOARD = '/admin/queues';
const JOBS = `${BOARD}/api/queues?activeQueue=collect&status=latest&page=1&jobsPerPage=10`;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

type Headers = Record<string, string>;

const asAdmin = (): Headers => ({ authorization: `Bearer ${api.keys.admin}` });
const ask = (path: string, headers: Headers = asAdmin(), method = 'GET') =>
  fetch(api.url + path, { method, headers });

interface ShownQueue {
  isPaused: boolean;
  readOnlyMode: boolean;
  jobs: { id: string; data: object }[];
}

const readQueue = async (): Promise<ShownQueue | undefined> => {
  const { queues } = (await (await ask(JOBS)).json()) as { queues: ShownQueue[] };
  return queues[0];
};

test('the board is for admins alone', async () => {
  const sessions: [Headers, number][] = [];
  for (const role of ROLES) {
    const { cookie } = await signInAs(api, role, role);
    sessions.push([{ cookie }, role === 'admin' ? 200 : 403]);
  }
  const callers: [Headers, number][] = [
    [{}, 401],
    [{ authorization: `Bearer stg_${'a'.repeat(33)}` }, 401],
    [{ authorization: `Bearer ${api.keys.read}` }, 403],
    [{ authorization: `Bearer ${api.keys.write}` }, 403],
    [asAdmin(), 200],
    ...sessions,
  ];
  for (const [headers, status] of callers) {
    for (const path of [BOARD, JOBS, `${BOARD}/static/favicon-32x32.png`]) {
      const response = await ask(path, headers);
      expect([path, response.status]).toEqual([path, status]);
      if (status === 200) continue;
      expect(response.headers.get('content-type')).toStartWith('application/problem+json');
    }
  }
  expect((await ask('/admin/nothing', {})).status).toBe(401);
});

test('it shows the hint of every queued target', async () => {
  const { id } = await api.taskService.createTask({ communities: ['club1'] });
  const [target] = await api.query<{ id: number }>('SELECT id FROM targets WHERE task_id = $1', [
    id,
  ]);
  expect(await readQueue()).toMatchObject({
    readOnlyMode: true,
    jobs: [{ id: `t-${target?.id}-0`, data: { targetId: target?.id } }],
  });
});

test('it changes nothing, not even for an admin', async () => {
  const job = (await readQueue())?.jobs[0]?.id;
  for (const [method, path] of [
    ['PUT', '/api/queues/collect/pause'],
    ['PUT', '/api/queues/collect/empty'],
    ['PUT', '/api/queues/pause'],
    ['PUT', `/api/queues/collect/${job}/clean`],
    ['POST', '/api/queues/collect/add'],
    ['DELETE', '/api/queues/collect'],
  ] as const) {
    const response = await ask(BOARD + path, asAdmin(), method);
    const problem = (await response.json()) as ProblemDetails;
    expect([path, problem.code]).toEqual([path, 'method_not_allowed']);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  }
  expect(await readQueue()).toMatchObject({ isPaused: false, jobs: [{ id: job ?? '' }] });
});

test('all that the page loads comes from here, under the policy of our pages', async () => {
  const page = await ask(BOARD);
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("script-src 'self';style-src 'self'");
  expect(policy).toContain("base-uri 'self'");
  expect(policy).not.toContain('unsafe');
  expect(page.headers.get('x-powered-by')).toBeNull();
  const html = await page.text();
  expect(html).toContain(`<base href="${BOARD}/">`);
  const loaded = [...html.matchAll(/(?:src|href)="(static[^"]+)"/g)].map(([, path]) => path ?? '');
  expect(loaded.length).toBeGreaterThanOrEqual(6);
  for (const path of loaded) {
    const response = await ask(`${BOARD}/${path}`);
    expect([path, response.status]).toEqual([path, 200]);
  }
  expect(html).not.toMatch(/<script>|<style|style=|https?:/);
});

test('what it does not have is not found, as everywhere', async () => {
  const response = await ask(`${BOARD}/api/nothing`);
  expect(((await response.json()) as ProblemDetails).code).toBe('not_found');
});
