import { connectClient } from '@stenograf/backend/config/database';
import { startChildProcess } from './support/childProcess';
import { readCpuSeconds } from './support/cpuSeconds';
import { sendAll, type Served } from './support/load';
import { median, report } from './support/report';
import { startServerProcess } from './support/serverProcess';
import { startBenchServices } from './support/services';

/**
 * Requests per second of `GET /tasks/:id` ÷ those of a bare Express route that sends the same JSON,
 * each from a process of its own; their rounds take turns, so that both meet the same noise. Once
 * more by the processor time of the serving process alone, which the asking does not share.
 */
const COMMUNITIES = 20;
const REQUESTS = 3_000;
const CONNECTIONS = 16;
const ROUNDS = 9;
/** Until code and caches are warm. */
const ROUNDS_IGNORED = 2;

interface Speed {
  perSecond: number;
  perCpuSecond: number;
}

const measureRound = async (served: Served): Promise<Speed> => {
  const cpuBefore = await readCpuSeconds(served.pid);
  const start = performance.now();
  await sendAll(served, REQUESTS, CONNECTIONS);
  const seconds = (performance.now() - start) / 1_000;
  const cpuSeconds = (await readCpuSeconds(served.pid)) - cpuBefore;
  return { perSecond: REQUESTS / seconds, perCpuSecond: REQUESTS / cpuSeconds };
};

const toMedian = (rounds: readonly Speed[]): Speed => ({
  perSecond: median(rounds.map(({ perSecond }) => perSecond)),
  perCpuSecond: median(rounds.map(({ perCpuSecond }) => perCpuSecond)),
});

const compare = async (served: readonly Served[]): Promise<Speed[]> => {
  const rounds: Speed[][] = served.map(() => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, one] of served.entries()) {
      const speed = await measureRound(one);
      if (round >= ROUNDS_IGNORED) rounds[index]?.push(speed);
    }
  }
  return rounds.map(toMedian);
};

const startBare = async (json: string) => {
  const child = startChildProcess('bareExpressMain.ts', [json]);
  const url = await child.readLine();
  return { pid: child.pid, send: () => fetch(`${url}/tasks/1`), stop: child.kill };
};

/** A task with a row for each community, as one that waits for its turn has. */
const insertTask = async (databaseUrl: string): Promise<number> => {
  const client = await connectClient(databaseUrl);
  const { rows } = await client.query<{ id: number }>(
    `INSERT INTO tasks DEFAULT VALUES RETURNING id`,
  );
  const id = rows[0]?.id ?? Number.NaN;
  await client.query(
    `INSERT INTO targets (task_id, refs, owner_id)
     SELECT $1, ARRAY['club' || n], -n FROM generate_series(1, $2::int) AS n`,
    [id, COMMUNITIES],
  );
  await client.end();
  return id;
};

const services = await startBenchServices();
const env = { DATABASE_URL: services.databaseUrl, REDIS_URL: services.redisUrl, PORT: '0' };
const start = (perMinute: number) =>
  startServerProcess({ ...env, LOG_LEVEL: 'error', RATE_LIMIT_PER_MINUTE: String(perMinute) });
const counting = await start(1_000_000);
const unlimited = await start(0);

try {
  const path = `tasks/${await insertTask(services.databaseUrl)}`;
  const bare = await startBare(await (await counting.get(path)).text());
  const [express, ours, counted] = await compare([
    bare,
    { pid: unlimited.pid, send: () => unlimited.get(path) },
    { pid: counting.pid, send: () => counting.get(path) },
  ]);
  await bare.stop();
  if (!express || !ours || !counted) throw new Error('Three were asked for.');
  await report('HTTP', [
    { what: 'a bare Express route: requests per second', value: express.perSecond },
    { what: 'GET /tasks/:id ÷ the bare route', value: ours.perSecond / express.perSecond },
    {
      what: 'the same, with requests counted in Redis for the rate limit',
      value: counted.perSecond / express.perSecond,
    },
    {
      what: 'GET /tasks/:id ÷ the bare route, by processor time of the process that serves',
      value: ours.perCpuSecond / express.perCpuSecond,
    },
  ]);
} finally {
  await counting.stop();
  await unlimited.stop();
  await services.stop();
}
