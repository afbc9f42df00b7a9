import type { SandboxStats } from '@stenograf/sandbox/server/stats';
import type { Truth } from '@stenograf/sandbox/world/truth';
import { openInstallation } from './support/installation';
import { report } from './support/report';
import { startSandboxProcess } from './support/sandboxProcess';
import { startBenchServices } from './support/services';
import { HALF_DEMO } from './support/worlds';
import type { Collected, YardstickOptions } from './yardsticks/collected';
import { collectPlainly } from './yardsticks/plainCollector';
import { collectAllAtOnceWithVkIo, collectWithVkIo } from './yardsticks/vkIoCollector';

/**
 * How long others take for the same posts and comments, of about 700 calls, with one user token.
 * They keep what they read in memory; only Stenograf stores it. The plain collector would take four
 * minutes: it runs at twenty times VK's limit, and its time is what its requests take at the
 * limit at least, not a millisecond lost.
 */
const VK_LIMIT = 3;
const PLAIN_LIMIT = 60;

interface Run {
  seconds: number;
  stats: SandboxStats;
  /** Records that are missing, and such that do not exist. */
  wrong: number;
}

const countWrong = (found: Iterable<string>, listed: readonly object[]): number => {
  const keys = new Set(
    (listed as { owner_id: number; id: number }[]).map(({ owner_id, id }) => `${owner_id}_${id}`),
  );
  let strange = 0;
  for (const key of found) if (!keys.delete(key)) strange += 1;
  return strange + keys.size;
};

const compare = (
  found: Record<'posts' | 'comments', Iterable<string>>,
  { posts, comments }: Truth,
): number => countWrong(found.posts, posts) + countWrong(found.comments, comments);

const runYardstick = async (
  collect: (options: YardstickOptions) => Promise<Collected>,
  requestsPerSecond: number,
): Promise<Run> => {
  const sandbox = await startSandboxProcess('demo', requestsPerSecond);
  const start = performance.now();
  const { posts, comments } = await collect({
    ...sandbox,
    requestsPerSecond,
    communityIds: HALF_DEMO,
  });
  const seconds = (performance.now() - start) / 1_000;
  const truth = await sandbox.readTruth(HALF_DEMO);
  const wrong = compare({ posts: posts.keys(), comments: comments.keys() }, truth);
  const stats = await sandbox.readStats();
  await sandbox.stop();
  return { seconds, stats, wrong };
};

const runStenograf = async (): Promise<Run> => {
  const services = await startBenchServices();
  const installation = await openInstallation({
    services,
    world: 'demo',
    requestsPerSecond: VK_LIMIT,
  });
  const { sandbox, collect, listStored, stop } = installation;
  try {
    const { seconds } = await collect(HALF_DEMO);
    const stored = { posts: await listStored('posts'), comments: await listStored('comments') };
    const wrong = compare(stored, await sandbox.readTruth(HALF_DEMO));
    return { seconds, stats: await sandbox.readStats(), wrong };
  } finally {
    await stop();
    await services.stop();
  }
};

const stenograf = await runStenograf();
const vkIo = await runYardstick(collectWithVkIo, VK_LIMIT);
const vkIoAtOnce = await runYardstick(collectAllAtOnceWithVkIo, VK_LIMIT);
const plain = await runYardstick(collectPlainly, PLAIN_LIMIT);
const plainSeconds = plain.stats.requests / VK_LIMIT;
const runs = [stenograf, vkIo, vkIoAtOnce, plain];

await report('Beside other collectors', [
  { what: 'calls of Stenograf', value: stenograf.stats.calls },
  {
    what: 'one call per request, its requests ÷ 3 a second, ÷ time of Stenograf',
    value: plainSeconds / stenograf.seconds,
    atLeast: 18,
  },
  {
    what: 'time of vk-io in parallel mode, by pages of one wall after the other ÷ Stenograf',
    value: vkIo.seconds / stenograf.seconds,
    atLeast: 1.4,
  },
  {
    what: 'time of vk-io in parallel mode, everything at once in memory ÷ Stenograf',
    value: vkIoAtOnce.seconds / stenograf.seconds,
  },
  {
    what: 'posts and comments missing or too many, all four together',
    value: runs.reduce((sum, { wrong }) => sum + wrong, 0),
    atMost: 0,
  },
  {
    what: 'requests above the limit, all four together',
    value: runs.reduce((sum, { stats }) => sum + stats.violations.length, 0),
    atMost: 0,
  },
]);
