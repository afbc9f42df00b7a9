import { NO_LIMIT, openInstallation } from './support/installation';
import { startMemoryWorker } from './support/memoryWorker';
import { report } from './support/report';
import { startBenchServices } from './support/services';
import { WIDE } from './support/worlds';

/**
 * Resident memory of one job process that collects 10 000 comments of 16 communities at once, and then,
 * without a restart, a million of 16 others, limits far away.
 */
const services = await startBenchServices();
const { client, collect, env, stop } = await openInstallation({
  services,
  world: 'wide',
  ...NO_LIMIT,
  withWorker: false,
});
const worker = await startMemoryWorker(env);

const countComments = async (): Promise<number> => {
  const { rows } = await client.query<{ stored: number }>(
    'SELECT count(*)::int AS stored FROM comments',
  );
  return rows[0]?.stored ?? 0;
};

try {
  await collect(WIDE.small);
  const before = { comments: await countComments(), rss: await worker.readRss() };
  const collecting = collect(WIDE.large);
  const samples = await worker.sampleDuring(collecting);
  const after = { comments: await countComments(), rss: await worker.readRss() };
  const half = Math.ceil(samples.length / 2);
  const most = Math.max(...samples);
  await report('Memory', [
    { what: 'comments collected in the end', value: after.comments },
    { what: 'the same ÷ those before the first look', value: after.comments / before.comments },
    {
      what: 'megabytes that a worker grew by in between, garbage collected',
      value: after.rss - before.rss,
      atMost: 50,
    },
    {
      what: 'its most in the second half of the time ÷ in the first half, garbage included',
      value: Math.max(...samples.slice(half)) / Math.max(...samples.slice(0, half)),
    },
    { what: 'its most in megabytes, garbage included, limits off', value: most },
    {
      what: 'comments per second, end to end, limits off',
      value: (after.comments - before.comments) / (await collecting).seconds,
      atLeast: 15_000,
    },
  ]);
} finally {
  await worker.stop();
  await stop();
  await services.stop();
}
