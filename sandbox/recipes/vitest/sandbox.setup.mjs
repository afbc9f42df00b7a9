import { spawn } from 'node:child_process';
import { once } from 'node:events';

export default async ({ provide }) => {
  const sandbox = spawn('bun', ['sandbox/src/main.ts', '--port', '0', '--world', 'tiny'], {
    cwd: process.env.STENOGRAF,
  });
  const [text] = await once(sandbox.stdout, 'data');
  provide('vkUrl', /VK_API_URL=(\S+)/.exec(text)[1]);
  return () => sandbox.kill();
};
