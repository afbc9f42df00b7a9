import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';

let sandbox;
let url;

before(async () => {
  sandbox = spawn('bun', ['sandbox/src/main.ts', '--port', '0', '--world', 'tiny'], {
    cwd: process.env.STENOGRAF,
  });
  const [text] = await once(sandbox.stdout, 'data');
  url = /VK_API_URL=(\S+)/.exec(text)[1];
});
after(() => sandbox.kill());

test('reads a wall', async () => {
  const body = new URLSearchParams({
    owner_id: '-1',
    count: '100',
    v: '5.199',
    access_token: 'sandbox-user-token',
  });
  const { response } = await (await fetch(`${url}/wall.get`, { method: 'POST', body })).json();
  const truth = await (await fetch(new URL('/sandbox/truth?communities=1', url))).json();
  assert.equal(response.items.length, truth.posts.length);
});
