import { expect, inject, test } from 'vitest';
test('survives a broken line', async () => {
  const url = inject('vkUrl');
  const plan = JSON.stringify('on wall.get answer 502 once');
  await fetch(new URL('/sandbox/faults', url), { method: 'POST', body: plan });
  const body = new URLSearchParams({
    owner_id: '-1',
    v: '5.199',
    access_token: 'sandbox-user-token',
  });
  expect((await fetch(`${url}/wall.get`, { method: 'POST', body })).status).toBe(502);
  expect((await fetch(`${url}/wall.get`, { method: 'POST', body })).status).toBe(200);
});
