import { createSandbox } from '@stenograf/sandbox';
import { USER_TOKEN } from '@stenograf/sandbox/limits/tokens';
import { createWorld } from '@stenograf/sandbox/world/createWorld';
import { type WorldName, WORLDS } from './worlds';

/** A sandbox with one user token: its arguments are the world, the token's requests a second and a seed. */
const [name = 'demo', requestsPerSecond = '3', seed = '7'] = process.argv.slice(2);

const { url } = await createSandbox({
  world: createWorld(WORLDS[name as WorldName](Number(seed)), Number(seed)),
  tokens: [{ token: USER_TOKEN, kind: 'user', rps: Number(requestsPerSecond) }],
});
process.stdout.write(`${url}\n`);
