import { NO_LIMIT, openInstallation, type Scope } from './support/installation';
import { report, type Row } from './support/report';
import { startBenchServices } from './support/services';
import { DEMO, TALL, type WorldName } from './support/worlds';

/**
 * What a plan foretells ÷ what the task then takes, over worlds whose walls are known to the plan
 * whole (demo) or by samples (tall). Requests and time are compared within VK's limit for one user
 * token; calls do not depend on it.
 */
const VK_LIMIT = 3;
const NEAR = { atLeast: 0.9, atMost: 1.1 };

interface Case {
  what: string;
  world: WorldName;
  communities: readonly number[];
  seed: number;
  scope?: Scope;
}

const CASES: Case[] = [
  { what: 'demo world, another seed', world: 'demo', communities: DEMO, seed: 23 },
  { what: 'long walls', world: 'tall', communities: TALL, seed: 7 },
  { what: 'long walls, another seed', world: 'tall', communities: TALL, seed: 23 },
  {
    what: 'long walls, their newest 300 posts',
    world: 'tall',
    communities: TALL,
    seed: 7,
    scope: { posts: { limit: 300 } },
  },
];

const services = await startBenchServices();

const sumOf = (calls: Readonly<Record<string, number>>): number =>
  Object.values(calls).reduce((sum, count) => sum + count, 0);

const measureWhole = async (): Promise<Row[]> => {
  const { plan, collect, sandbox, stop } = await openInstallation({
    services,
    world: 'demo',
    requestsPerSecond: VK_LIMIT,
  });
  const start = performance.now();
  const planned = await plan(DEMO);
  const planSeconds = (performance.now() - start) / 1_000;
  const { calls: planCalls } = await sandbox.readStats();
  const { metrics, seconds } = await collect(DEMO);
  await stop();
  return [
    {
      what: 'calls planned ÷ made, demo world',
      value: sumOf(planned.calls) / metrics.calls,
      ...NEAR,
    },
    { what: 'requests planned ÷ made', value: planned.cost.requests / metrics.requests },
    { what: 'seconds planned ÷ taken', value: planned.cost.seconds / seconds },
    {
      what: 'calls that the plan itself made ÷ those of the task',
      value: planCalls / metrics.calls,
    },
    { what: 'seconds that the plan took ÷ those of the task', value: planSeconds / seconds },
  ];
};

const measureCase = async ({ what, world, communities, seed, scope }: Case): Promise<Row> => {
  const { plan, collect, stop } = await openInstallation({ services, world, seed, ...NO_LIMIT });
  const planned = await plan(communities, scope);
  const { metrics } = await collect(communities, scope);
  await stop();
  const value = sumOf(planned.calls) / metrics.calls;
  return { what: `calls planned ÷ made, ${what}`, value, ...NEAR };
};

/** From the day of the post in the middle of the wall in the middle. */
const measureSince = async (): Promise<Row> => {
  const { client, plan, collect, stop } = await openInstallation({
    services,
    world: 'tall',
    ...NO_LIMIT,
  });
  await collect(TALL, { comments: { collect: false } });
  const { rows } = await client.query<{ since: Date }>(
    'SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY date) AS since FROM posts',
  );
  const since = rows[0]?.since.toISOString().slice(0, 10) ?? '';
  const scope = { posts: { since } };
  const planned = await plan(TALL, scope);
  const { metrics } = await collect(TALL, scope);
  await stop();
  const value = sumOf(planned.calls) / metrics.calls;
  return { what: 'calls planned ÷ made, long walls, their newer half by `since`', value, ...NEAR };
};

try {
  const rows = await measureWhole();
  for (const one of CASES) rows.push(await measureCase(one));
  rows.push(await measureSince());
  await report('Plan', rows);
} finally {
  await services.stop();
}
