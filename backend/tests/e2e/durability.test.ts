import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'bun:test';
import { isTaskEnded } from '@stenograf/contracts/statuses';
import { QueryTypes } from 'sequelize';
import { type Collecting, createCollecting } from '../support/collecting';
import { eventually } from '../support/eventually';
import { byKey } from '../support/records';
import { type PrivateServices, startPrivateServices } from '../support/services';
import { startWorkerProcess, type WorkerProcess } from '../support/startWorkerProcess';
import { truthOf } from '../support/truthOf';

/** As the sandbox allows and as the workers are told. */
const RPS = 6;
const LEASE_MS = 1_000;

let services: PrivateServices;
let collecting: Collecting;
let workers: WorkerProcess[];

beforeAll(async () => {
  services = await startPrivateServices();
}, 60_000);
afterAll(() => services.stop());

beforeEach(async () => {
  workers = [];
  collecting = await createCollecting({
    sandbox: {
      world: 'quirks',
      seed: 3,
      tokens: [{ token: 'sandbox-user-token', kind: 'user', rps: RPS }],
    },
    tokens: 'user:sandbox-user-token',
    env: { VK_USER_RPS: String(RPS), STENOGRAF_LEASE_MS: String(LEASE_MS) },
    services,
    withWorker: false,
  });
}, 60_000);
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
  await collecting.stop();
}, 60_000);

const startWorker = async (): Promise<WorkerProcess> => {
  const worker = await startWorkerProcess(collecting.env);
  workers.push(worker);
  return worker;
};

const readableIds = (): number[] =>
  [...collecting.sandbox.world.communities.values()]
    .filter(({ isBystander, state }) => !isBystander && state === 'open')
    .map(({ id }) => id);

const createTask = async (): Promise<number> => {
  const communities = readableIds().map((id) => `club${id}`);
  return (await collecting.container.taskService.createTask({ communities })).id;
};

/** Waits until VK was asked so much of a task that is still far from its end. */
const reach = async (calls: number, taskId: number): Promise<void> => {
  const what = `call ${calls}`;
  await eventually(() => collecting.sandbox.stats().calls >= calls, { withinMs: 30_000, what });
  const { status } = await collecting.container.taskService.getTask(taskId);
  expect(status).toBe('running');
};

const waitForEnd = (taskId: number) =>
  eventually(
    async () => {
      // A database that was just restarted ends the connections that it had.
      const task = await collecting.container.taskService.getTask(taskId).catch(() => null);
      return task && isTaskEnded(task.status) ? task : null;
    },
    { withinMs: 30_000, what: 'the end of the task' },
  );

const countRows = async (sql: string): Promise<number> => {
  const [row] = await collecting.container.sequelize.query<{ rows: number }>(
    `SELECT count(*)::int AS rows FROM ${sql}`,
    { type: QueryTypes.SELECT },
  );
  return row?.rows ?? -1;
};

/** What holds after any disturbance: the same data as without, counted exactly, nothing left over. */
const expectIntact = async (taskId: number): Promise<void> => {
  const { metrics } = await waitForEnd(taskId);
  const { items } = await collecting.container.taskService.listTargets(taskId, { limit: 100 });
  const ends = items.map(({ status, reasonKind, problems }) => ({ status, reasonKind, problems }));
  expect(ends).toEqual(items.map(() => ({ status: 'completed', reasonKind: null, problems: [] })));
  expect(byKey(await collecting.exportAll(taskId))).toEqual(
    truthOf(collecting.sandbox, readableIds()),
  );

  const rows = { posts: await countRows('posts'), comments: await countRows('comments') };
  expect(metrics).toMatchObject({
    ...rows,
    new: rows.posts + rows.comments,
    changed: 0,
    authors: await countRows(`(SELECT from_id FROM posts UNION SELECT from_id FROM comments) AS who
      WHERE from_id IS NOT NULL`),
  });
  expect(await countRows(`walks WHERE state <> 'done'`)).toBe(0);
  expect(await countRows(`targets WHERE status <> 'completed' OR lease_until IS NOT NULL`)).toBe(0);

  const { violations, errorsByCode } = collecting.sandbox.stats();
  expect(violations).toEqual([]);
  expect(errorsByCode[6]).toBeUndefined();
};

test('a worker that is killed, again and again, is replaced without anything lost or doubled', async () => {
  await startWorker();
  const taskId = await createTask();
  for (const calls of [1, 40, 110, 180]) {
    await reach(calls, taskId);
    await workers.at(-1)?.end('SIGKILL');
    await startWorker();
  }
  await expectIntact(taskId);
}, 60_000);

/** Not within a transaction, whose locks would hold up everybody until PostgreSQL ends it (30 s). */
const freezeBetweenTransactions = (worker: WorkerProcess): Promise<unknown> =>
  eventually(
    async () => {
      worker.freeze();
      const open = await countRows(`pg_stat_activity WHERE datname = current_database()
        AND backend_type = 'client backend' AND state <> 'idle' AND pid <> pg_backend_pid()`);
      if (open > 0) worker.wake();
      return open === 0;
    },
    { what: 'a moment between two transactions' },
  );

test('a worker that wakes after its targets were taken over writes nothing over its successor', async () => {
  const sleeper = await startWorker();
  const taskId = await createTask();
  await reach(60, taskId);
  await freezeBetweenTransactions(sleeper);
  await startWorker();
  await eventually(async () => (await countRows('targets WHERE epoch > 1')) > 0, {
    withinMs: 30_000,
    what: 'a target to be taken over',
  });
  sleeper.wake();
  await expectIntact(taskId);
}, 60_000);

test('a Redis that is emptied, and one that crashes and comes back empty, cost only seconds', async () => {
  await Promise.all([startWorker(), startWorker()]);
  const taskId = await createTask();
  await reach(20, taskId);
  await services.redis.flushAll();
  await reach(100, taskId);
  await services.redis.kill();
  await services.redis.start();
  await services.redis.flushAll();
  await expectIntact(taskId);
}, 60_000);

test('a worker that is told to stop does so within 10 s, and hands its targets back', async () => {
  const first = await startWorker();
  const taskId = await createTask();
  await reach(60, taskId);
  const toldAtMs = performance.now();
  expect(await first.end('SIGTERM')).toBe(0);
  expect(performance.now() - toldAtMs).toBeLessThan(10_000);
  expect(await countRows(`targets WHERE status = 'running'`)).toBe(0);
  await startWorker();
  await expectIntact(taskId);
}, 60_000);

test('a PostgreSQL that crashes under its workers has lost nothing that it had taken', async () => {
  await Promise.all([startWorker(), startWorker()]);
  const taskId = await createTask();
  await reach(60, taskId);
  await services.postgres.restart('immediate');
  await expectIntact(taskId);
}, 60_000);
