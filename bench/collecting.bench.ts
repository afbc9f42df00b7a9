import { inventComments } from './support/comments';
import { copyComments } from './support/copyComments';
import { NO_LIMIT, openInstallation } from './support/installation';
import { median, report, type Row } from './support/report';
import { countRowWrites } from './support/rowWrites';
import { startBenchServices } from './support/services';
import { DEMO, LONG } from './support/worlds';

/**
 * The way from a task to its last row, on the sandbox's demo world with one worker: once within VK's
 * limit for one user token, which shows how well calls are chosen and packed; then with limits far
 * away, which shows what the engine can take, beside COPY of as many comments into the same table.
 */
const VK_LIMIT = 3;
const ROUNDS = 5;
/** Until code and caches are warm. */
const ROUNDS_IGNORED = 1;

const services = await startBenchServices();

const measureLimited = async (): Promise<Row[]> => {
  const { collect, sandbox, stop } = await openInstallation({
    services,
    world: 'demo',
    requestsPerSecond: VK_LIMIT,
  });
  await collect(DEMO);
  const stats = await sandbox.readStats();
  const { fewest } = await sandbox.readTruth(DEMO);
  await stop();
  const packed = stats.packs.reduce((sum, calls) => sum + calls, 0);
  return [
    { what: 'calls made ÷ fewest possible calls', value: stats.calls / fewest.total, atMost: 1.03 },
    {
      what: 'calls per `execute` request, over the whole run',
      value: packed / stats.packs.length,
      atLeast: 22,
    },
    { what: 'calls per request of any kind', value: stats.calls / stats.requests },
    {
      what: 'requests sent ÷ allowed, from the first to the last',
      value: ((stats.requests - 1) / (stats.spanMs * VK_LIMIT)) * 1_000,
      atLeast: 0.9,
    },
    {
      what: 'requests above the limit, seen by the sandbox',
      value: stats.violations.length,
      atMost: 0,
    },
  ];
};

/** Comments per second of one round, ours and those of COPY. */
const measureRound = async () => {
  const { client, collect, sandbox, stop } = await openInstallation({
    services,
    world: 'demo',
    ...NO_LIMIT,
  });
  const { seconds } = await collect(DEMO);
  const count = (await sandbox.readTruth(DEMO)).comments.length;
  const comments = inventComments(count);
  await client.query('TRUNCATE comments');
  const start = performance.now();
  await copyComments(client, comments);
  const copied = (count / (performance.now() - start)) * 1_000;
  await stop();
  return { collected: count / seconds, copied };
};

const measureUnlimited = async (): Promise<Row[]> => {
  const rounds: Awaited<ReturnType<typeof measureRound>>[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await measureRound());
  const warm = rounds.slice(ROUNDS_IGNORED);
  return [
    {
      what: 'comments per second, end to end, limits off',
      value: median(warm.map(({ collected }) => collected)),
      atLeast: 15_000,
    },
    {
      what: 'the same ÷ COPY of as many comments',
      value: median(warm.map(({ collected, copied }) => collected / copied)),
    },
  ];
};

/** By PostgreSQL's statistics: what a connection wrote stands there for sure when it has ended. */
const measureSecondRun = async (): Promise<Row[]> => {
  const { client, collect, restart, stop } = await openInstallation({
    services,
    world: 'demo',
    ...NO_LIMIT,
  });
  const before = await countRowWrites(client);
  await collect(DEMO);
  await restart();
  const first = await countRowWrites(client);
  await collect(DEMO);
  await restart();
  const second = await countRowWrites(client);
  await stop();
  return [
    { what: 'rows written by a first run', value: first - before },
    {
      what: 'rows written by a second run, nothing having changed',
      value: second - first,
      atMost: 0,
    },
  ];
};

const measureLongList = async (): Promise<Row[]> => {
  const { collect, sandbox, stop } = await openInstallation({
    services,
    world: 'long',
    requestsPerSecond: VK_LIMIT,
  });
  await collect(LONG);
  const { calls, requests } = await sandbox.readStats();
  const { fewest } = await sandbox.readTruth(LONG);
  await stop();
  return [
    { what: 'one list of 100 pages: calls per request', value: calls / requests },
    {
      what: 'one list of 100 pages: calls made ÷ fewest possible calls',
      value: calls / fewest.total,
    },
  ];
};

try {
  await report('Collecting', [
    ...(await measureLimited()),
    ...(await measureLongList()),
    ...(await measureUnlimited()),
    ...(await measureSecondRun()),
  ]);
} finally {
  await services.stop();
}
