import { afterAll, beforeAll, expect, test } from 'bun:test';
import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import type { SandboxStats } from '@stenograf/sandbox/server/stats';
import { type Collecting, createCollecting } from '../support/collecting';
import { keyOf } from '../support/records';
import { startWorkerProcess, type WorkerProcess } from '../support/startWorkerProcess';

/** What VK allows a user token in any one second. */
const RPS = 3;

/** At the ends of its work a process has too little to ask: lists are read page after page. */
const EDGE_MS = 3_000;

interface SentRequest {
  atMs: number;
  calls: number;
}

let collecting: Collecting;
let workers: WorkerProcess[];
let stats: SandboxStats;

beforeAll(async () => {
  collecting = await createCollecting({
    sandbox: {
      world: 'demo',
      seed: 11,
      tokens: [{ token: 'sandbox-user-token', kind: 'user', rps: RPS }],
    },
    tokens: 'user:sandbox-user-token',
    env: { VK_USER_RPS: String(RPS) },
    withWorker: false,
  });
  workers = await Promise.all(
    [1, 2].map(() => startWorkerProcess({ ...collecting.env, LOG_LEVEL: 'debug' })),
  );
  const communities = [...collecting.sandbox.world.communities.values()]
    .filter(({ isBystander, state }) => !isBystander && state === 'open')
    .map(({ id }) => `club${id}`);
  const task = await collecting.collect({ communities });
  expect(task.status).toBe('completed');
  stats = collecting.sandbox.stats();
}, 60_000);

afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
  await collecting.stop();
});

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** Requests of one process, from its own log. */
const requestsOf = ({ log }: WorkerProcess): SentRequest[] =>
  log
    .map((line) => JSON.parse(line) as { at: string; message: string; calls: number })
    .filter(({ message }) => message === 'VK request')
    .map(({ at, calls }) => ({ atMs: Date.parse(at), calls }));

const withoutEdges = (requests: readonly SentRequest[]): SentRequest[] => {
  const from = (requests[0]?.atMs ?? 0) + EDGE_MS;
  const until = (requests.at(-1)?.atMs ?? 0) - EDGE_MS;
  return requests.filter(({ atMs }) => atMs >= from && atMs <= until);
};

test('two processes share a token without a single request above its rate', () => {
  const sent = workers.map((worker) => requestsOf(worker).length);
  const share = (stats.requests - 1) / (stats.spanMs / 1_000) / RPS;
  console.log(
    `  ${stats.requests} requests of two processes (${sent.join(' + ')}) in ` +
      `${(stats.spanMs / 1_000).toFixed(1)} s: ${(share * 100).toFixed(1)} % of the allowed rate`,
  );
  expect(stats.violations).toEqual([]);
  expect(sum(sent)).toBe(stats.requests);
  // Neither of them did it alone.
  expect(Math.min(...sent)).toBeGreaterThan(RPS);
});

test('a request carries at least 24 calls while there is enough to ask', () => {
  const saturated = workers.flatMap((worker) => withoutEdges(requestsOf(worker)));
  const callsPerRequest = sum(saturated.map(({ calls }) => calls)) / saturated.length;
  console.log(
    `  ${callsPerRequest.toFixed(2)} calls in each of ${saturated.length} saturated requests, ` +
      `${(stats.calls / stats.requests).toFixed(2)} over the whole run`,
  );
  expect(saturated.length).toBeGreaterThan(stats.requests / 3);
  expect(callsPerRequest).toBeGreaterThanOrEqual(24);
});

test('everything is read with hardly more calls than the fewest possible', async () => {
  const { posts, comments, authors, communities, fewest } = collecting.sandbox.truth({
    communities: [1, 2, 3, 4, 5, 6],
  });
  const listed = [...posts, ...comments, ...authors, ...communities] as ExportRecord[];
  const exported = await collecting.exportAll();
  expect(exported.map(keyOf).sort()).toEqual(listed.map(keyOf).sort());
  const ratio = stats.calls / fewest.total;
  console.log(`  ${stats.calls} calls, ${fewest.total} at least: ${ratio.toFixed(3)}`);
  expect(ratio).toBeLessThanOrEqual(1.03);
});
