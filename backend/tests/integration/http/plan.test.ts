import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ProblemDetails } from '@stenograf/contracts/api';
import { Secret } from '../../../src/utils/secret';
import { startApi, type TestApi } from './startApi';

const TOKEN = 'sandbox-user-token';
const { fingerprint } = new Secret(TOKEN);
let api: TestApi;

beforeAll(async () => {
  // Nobody answers there: what is told is known before anybody is asked.
  api = await startApi({ env: { VK_API_URL: 'http://127.0.0.1:9', VK_TOKENS: TOKEN } });
  await api.tokenKeeper.sync();
});
afterAll(() => api.stop());

const plan = async (language: string, from = api) => {
  const response = await from.send('/tasks/plan', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'accept-language': language },
    body: JSON.stringify({ communities: ['club1'] }),
  });
  const problem = (await response.json()) as ProblemDetails;
  return { status: response.status, retryAfter: response.headers.get('retry-after'), problem };
};

const rest = async (method: string, kind: string, code: number): Promise<void> => {
  await api.query(
    `INSERT INTO vk_token_methods (fingerprint, method, rest_since, rest_until, rest_level,
       rest_kind, rest_code)
     VALUES ($1, $2, now(), now() + interval '1 hour', 0, $3, $4) RETURNING 1`,
    [fingerprint, method, kind, code],
  );
  await api.tokenKeeper.sync();
};

test('a plan that must wait for a token says so in the language of its reader', async () => {
  const bare = await startApi({ env: { VK_API_URL: 'http://127.0.0.1:9' } });
  const english = await plan('en', bare);
  expect(english).toMatchObject({
    status: 409,
    retryAfter: null,
    problem: { code: 'conflict', waiting_for: 'token', waiting_until: null, kind: 'no_token' },
  });
  expect(english.problem.detail).toStartWith('VK cannot be asked now. There is no VK token');
  const russian = await plan('ru', bare);
  expect(russian.problem.detail).toStartWith('Сейчас спросить ВКонтакте нельзя. Нет токена');
  await bare.stop();
});

test('a plan that must wait for a quota says until when, and then for a captcha', async () => {
  await rest('groups.getById', 'quota', 29);
  const quota = await plan('ru');
  expect(quota).toMatchObject({ status: 409, problem: { waiting_for: 'quota', kind: 'quota' } });
  expect(quota.problem.detail).toContain('код ВКонтакте 29');
  const untilS = (Date.parse(quota.problem.waiting_until ?? '') - Date.now()) / 1_000;
  for (const seconds of [untilS, Number(quota.retryAfter)]) {
    expect(seconds).toBeGreaterThan(3_500);
    expect(seconds).toBeLessThanOrEqual(3_601);
  }
  await api.query('DELETE FROM vk_token_methods RETURNING 1');
  await rest('*', 'captcha', 14);
  expect((await plan('en')).problem).toMatchObject({ waiting_for: 'captcha', kind: 'captcha' });
});
