import { expect, test } from 'bun:test';
import { createSandbox } from '@stenograf/sandbox/createSandbox';
import { createVkApi } from '../../../src/vkApi/client';
import { configOf, createLogRecorder, madeUpToken, openRedis, range } from './support';

test('two processes with one token at 3 requests a second: no violation, full packs', async () => {
  const token = madeUpToken();
  const sandbox = await createSandbox({ tokens: [{ token, kind: 'user' }] });
  const config = configOf(sandbox.url, [{ token, kind: 'user' }], { userRps: 3 });
  const redis = await Promise.all([openRedis(), openRedis()]);
  const { logger } = createLogRecorder();
  const engines = redis.map((redis) => createVkApi({ config, redis, logger }));
  await Promise.all(
    engines.flatMap((engine) =>
      range(125).map((offset) =>
        engine.call('wall.get', { owner_id: -1, offset, count: 1 }, { groupKey: `${offset % 7}` }),
      ),
    ),
  );
  const { violations, packs, calls } = sandbox.stats();
  await Promise.all(engines.map((engine) => engine.close()));
  for (const connection of redis) connection.disconnect();
  await sandbox.stop();
  expect(violations).toEqual([]);
  expect(packs).toEqual(range(10).map(() => 25));
  expect(calls).toBe(250);
}, 20_000);
