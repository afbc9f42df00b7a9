import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { startApi, type TestApi } from '../http/startApi';
import { addUser, PASSWORD, postJson, signIn, signInAs, type Browser } from './browser';

const LISTED = 'https://desk.example';

let api: TestApi;
let browser: Browser;
beforeAll(async () => {
  api = await startApi({ corsOrigins: [LISTED] });
  browser = await signInAs(api, 'anna', 'operator');
});
afterAll(() => api.stop());

const TASK = { communities: ['club1'] };
const createTask = async (headers: Record<string, string>): Promise<number> =>
  (await browser.send('/tasks', postJson(TASK, headers))).status;

describe('a session that is used from', () => {
  test('a page of ours may change something', async () => {
    expect(await createTask({})).toBe(202);
    expect(await createTask({ origin: api.url, 'sec-fetch-site': 'same-origin' })).toBe(202);
    expect(await createTask({ origin: api.url })).toBe(202);
    expect(await createTask({ 'sec-fetch-site': 'none' })).toBe(202);
  });

  test('a page of a listed origin may too, and its answers may be read', async () => {
    const headers = { origin: LISTED, 'sec-fetch-site': 'cross-site' };
    const response = await browser.send('/tasks', postJson(TASK, headers));
    expect(response.status).toBe(202);
    expect(response.headers.get('access-control-allow-origin')).toBe(LISTED);
    expect(response.headers.get('access-control-allow-credentials')).toBe('true');
  });

  test.each<[string, Record<string, string>]>([
    ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another site, in an old browser', { origin: 'https://evil.example' }],
    ['a site with our name in it', { origin: 'https://desk.example.evil' }],
    ['the listed host by http', { origin: 'http://desk.example' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a neighbour of our site', { 'sec-fetch-site': 'same-site' }],
    ['another port of this host', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
  ])('%s may change nothing, not even with the token', async (_, headers) => {
    const response = await browser.send('/tasks', postJson(TASK, headers));
    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  test('anywhere may read without a token: browsers hand the answer to pages of ours', async () => {
    const { cookie } = browser;
    const response = await fetch(`${api.url}/api/v1/tasks`, { headers: { cookie } });
    expect(response.status).toBe(200);
  });
});

test('a key needs neither token nor origin', async () => {
  const response = await api.send('/tasks', postJson(TASK, { origin: 'https://evil.example' }));
  expect(response.status).toBe(202);
});

test('what is shown as a page loads from this host alone and holds no script of its own', async () => {
  const { headers } = await fetch(`${api.url}/docs`);
  const policy = headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain('unsafe');
  expect(headers.get('x-frame-options')).toBe('DENY');
});

test('nobody is signed in by a page of somebody else', async () => {
  await addUser(api, 'lured');
  const body = { name: 'lured', password: PASSWORD };
  const evil = await signIn(api, body, { origin: 'https://evil.example' });
  expect(evil.status).toBe(403);
  expect(evil.headers.get('set-cookie')).toBeNull();
  // What a form can send without asking is no JSON.
  const form = await fetch(`${api.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    body: JSON.stringify(body),
  });
  expect(form.status).toBe(415);
});

test('a preflight of a listed origin hears what it may send', async () => {
  const { status, headers } = await fetch(`${api.url}/api/v1/users/1`, {
    method: 'OPTIONS',
    headers: { origin: LISTED, 'access-control-request-method': 'PATCH' },
  });
  expect(status).toBe(204);
  expect(headers.get('access-control-allow-methods')).toContain('PATCH');
  expect(headers.get('access-control-allow-headers')).toContain('X-CSRF-Token');
});
