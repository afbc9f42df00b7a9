import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { SessionDto } from '@stenograf/contracts/access';
import { startApi, type TestApi } from '../http/startApi';
import { addUser, cookieOf, openBrowser, postJson } from './browser';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const open = (path: string, language = 'en'): Promise<Response> =>
  fetch(`${api.url}${path}`, { headers: { 'accept-language': language } });

test('a link that signs in leads to a page in the language of its reader', async () => {
  for (const [language, words] of [
    ['ru-RU,ru;q=0.9,en;q=0.5', 'Войти'],
    ['de', 'Sign in'],
  ] as const) {
    const response = await open('/', language);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toStartWith('text/html');
    expect(response.headers.get('vary')).toContain('Accept-Language');
    expect(await response.text()).toContain(words);
  }
});

test('the page runs and loads nothing but files of this host', async () => {
  const page = await open('/');
  const policy = page.headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain('unsafe');
  const html = await page.text();
  expect(html).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=/);
  const files = [...html.matchAll(/(?:src|href)="(\/start\.\w+)"/g)].map(([, path]) => path ?? '');
  expect(files.sort()).toEqual(['/start.css', '/start.js']);
  const types = await Promise.all(
    files.map(async (path) => (await open(path)).headers.get('content-type')),
  );
  expect(types).toEqual([
    expect.stringContaining('text/css'),
    expect.stringContaining('javascript'),
  ]);
});

test('every sentence that the script says is on the page', async () => {
  const [html, script] = await Promise.all(
    ['/', '/start.js'].map(async (path) => (await open(path)).text()),
  );
  const names = [
    ...(script ?? '').matchAll(/say\('(\w+)'|(?:429|401): '(\w+)'|'(linkused|wrong)'/g),
  ]
    .flatMap((match) => match.slice(1))
    .filter((name) => name !== undefined);
  expect(new Set(names).size).toBe(5);
  for (const name of names) expect(html).toContain(`data-said-${name}="`);
  for (const role of ['viewer', 'operator', 'admin']) expect(html).toContain(`data-role-${role}="`);
});

test('what its script sends opens one session by a link, and ends it', async () => {
  const { id } = await addUser(api, 'anna', 'admin');
  const { link_token } = (await (
    await api.send(`/users/${id}/link`, { method: 'POST' })
  ).json()) as { link_token: string };
  const ofPage = { origin: api.url, 'sec-fetch-site': 'same-origin', 'x-csrf-token': '' };
  const signIn = () => fetch(`${api.url}/api/v1/session`, postJson({ link_token }, ofPage));
  const response = await signIn();
  expect(response.status).toBe(201);
  expect(cookieOf(response)).not.toBe('');
  const browser = await openBrowser(api, response);
  const { user } = (await (await browser.send('/session')).json()) as SessionDto;
  expect(user).toMatchObject({ name: 'anna', role: 'admin' });
  // Whoever opens the link again is told so, and may sign in by name.
  expect((await signIn()).status).toBe(401);
  expect((await browser.send('/session', { method: 'DELETE' })).status).toBe(204);
  expect((await browser.send('/session')).status).toBe(401);
});
