import { connectClient } from '@stenograf/backend/config/database';
import { collectWorld } from './support/collectWorld';
import { inventComments } from './support/comments';
import { copyComments } from './support/copyComments';
import { median, report } from './support/report';
import { startBenchServices } from './support/services';

/**
 * The way from a task to its last row, on the sandbox's demo world: once within VK's limit for one
 * user token, which shows how well calls are chosen and packed; then with limits far away, which
 * shows what the engine can take, beside COPY of as many comments into the same table.
 */
const VK_LIMIT = 3;
const NO_LIMIT = 100_000;
/** As much as the pacing of one token can tell apart. */
const OWN_LIMIT = 2_000;
const ROUNDS = 5;
/** Until code and caches are warm. */
const ROUNDS_IGNORED = 1;

const services = await startBenchServices();
const client = await connectClient(services.databaseUrl);

const copyPerSecond = async (count: number): Promise<number> => {
  const comments = inventComments(count);
  await client.query('TRUNCATE comments');
  const start = performance.now();
  await copyComments(client, comments);
  return (count / (performance.now() - start)) * 1_000;
};

const measureLimited = async () => {
  const { stats, truth } = await collectWorld({
    services,
    requestsPerSecond: VK_LIMIT,
    ownRequestsPerSecond: VK_LIMIT,
  });
  const packed = stats.packs.reduce((sum, calls) => sum + calls, 0);
  return [
    {
      what: 'calls made ÷ fewest possible calls',
      value: stats.calls / truth.fewest.total,
      atMost: 1.03,
    },
    { what: 'calls per `execute` request, over the whole run', value: packed / stats.packs.length },
    { what: 'calls per request of any kind', value: stats.calls / stats.requests },
    {
      what: 'requests sent ÷ allowed, from the first to the last',
      value: ((stats.requests - 1) / (stats.spanMs * VK_LIMIT)) * 1_000,
      atLeast: 0.9,
    },
    { what: 'requests above the limit, seen by the sandbox', value: stats.violations.length },
  ];
};

const measureUnlimited = async () => {
  const perSecond: number[] = [];
  const shares: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { truth, seconds } = await collectWorld({
      services,
      requestsPerSecond: NO_LIMIT,
      ownRequestsPerSecond: OWN_LIMIT,
    });
    const copied = await copyPerSecond(truth.comments.length);
    if (round < ROUNDS_IGNORED) continue;
    perSecond.push(truth.comments.length / seconds);
    shares.push(truth.comments.length / seconds / copied);
  }
  return [
    {
      what: 'comments per second, end to end, limits off',
      value: median(perSecond),
      atLeast: 15_000,
    },
    { what: 'the same ÷ COPY of as many comments', value: median(shares) },
  ];
};

try {
  await report('Collecting', [...(await measureLimited()), ...(await measureUnlimited())]);
} finally {
  await client.end();
  await services.stop();
}
