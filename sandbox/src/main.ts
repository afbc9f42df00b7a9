import { parseArgs } from 'node:util';
import { createSandbox, type SandboxOptions } from './createSandbox';
import { SERVICE_KEY, USER_TOKEN } from './limits/tokens';
import { WORLD_SIZES, type WorldSize } from './world/sizes';

const USAGE = `bun sandbox/src/main.ts [--port 8080] [--seed 7] [--world ${WORLD_SIZES.join('|')}]
  [--rps 3] [--service-execute] [--mutate-every N]`;

const isWorldSize = (name: string): name is WorldSize => WORLD_SIZES.some((size) => size === name);

const readNumber = (name: string, value: string): number => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new RangeError(`--${name}: not a number`);
  return number;
};

/** @throws RangeError or TypeError that names the argument which is wrong */
export const readOptions = (args: readonly string[]): SandboxOptions => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      port: { type: 'string', default: '8080' },
      seed: { type: 'string', default: '7' },
      world: { type: 'string', default: 'demo' },
      rps: { type: 'string', default: '3' },
      'service-execute': { type: 'boolean', default: false },
      'mutate-every': { type: 'string' },
    },
  });
  const { world } = values;
  if (!isWorldSize(world)) throw new RangeError(`--world: one of ${WORLD_SIZES.join(', ')}`);
  const rps = readNumber('rps', values.rps);
  const every = values['mutate-every'];
  return {
    port: readNumber('port', values.port),
    seed: readNumber('seed', values.seed),
    world,
    serviceExecute: values['service-execute'],
    tokens: [
      { token: USER_TOKEN, kind: 'user', rps },
      { token: SERVICE_KEY, kind: 'service', rps },
    ],
    ...(every === undefined ? {} : { mutate: { every: readNumber('mutate-every', every) } }),
  };
};

const start = async (): Promise<void> => {
  const sandbox = await createSandbox(readOptions(process.argv.slice(2)));
  const stop = (): void => void sandbox.stop();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const tokens = sandbox.tokens
    .list()
    .map(({ kind, token }) => `${kind}:${token}`)
    .join(',');
  process.stdout.write(`VK_API_URL=${sandbox.url}\nVK_TOKENS=${tokens}\n`);
};

if (import.meta.main) {
  start().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
    process.exitCode = 2;
  });
}
