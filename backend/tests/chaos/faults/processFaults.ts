import { expect } from 'bun:test';
import { eventually } from '../../support/eventually';
import { expectIntact } from '../rig/judge';
import type { Job, Lane } from '../rig/lane';
import type { NamedFault } from '../rig/namedFault';
import type { ChaosProcess } from '../rig/processes';
import { inMidRun, openScene, closeScene, reachMore, type Scene } from '../rig/scene';
import type { Trap } from '../rig/traps';
import { PATIENCE_MS } from '../rig/patience';

const SHUTDOWN_MS_MAX = 10_000;

/** Pages that are committed, and nothing smaller. */
const PAGE_WRITE = '^pg INSERT INTO (posts|comments)$';

export const untilTakenOver = ({ lane, job }: Scene): Promise<unknown> =>
  eventually(
    async () => {
      const sql = 'SELECT id FROM targets WHERE task_id = $1 AND epoch > 1';
      return (await lane.query(sql, [job.taskId])).length > 0;
    },
    { withinMs: PATIENCE_MS, what: 'a target to be taken over' },
  );

/** A run of one worker that steps into a trap; another one takes over. */
const trapped =
  (trap: Trap, then: (scene: Scene, worker: ChaosProcess) => Promise<unknown>): NamedFault['run'] =>
  async (lane) => {
    await lane.workers(0);
    lane.collecting.sandbox.resetStats();
    const worker = await lane.start('worker', { trap });
    const job = await lane.createJob('small');
    await worker.sprung();
    await then({ lane, job, workers: [worker] }, worker);
    await lane.calm();
    await lane.workers(1);
    await expectIntact(lane, job);
  };

const killAtRandomMoments = inMidRun(async (scene) => {
  const { lane } = scene;
  for (const requests of [0, 2, 1]) {
    await reachMore(scene, requests);
    const [oldest] = await lane.workers(2);
    await oldest?.end('SIGKILL');
  }
});

const killAtOnePlace = async (lane: Lane): Promise<void> => {
  await lane.workers(0);
  lane.collecting.sandbox.resetStats();
  const job = await lane.createJob('small');
  for (let times = 0; times < 5; times += 1) {
    const trap: Trap = { on: PAGE_WRITE, nth: 1, phase: 'after', deed: 'kill' };
    const worker = await lane.start('worker', { trap });
    await worker.sprung();
    await worker.exited;
  }
  await lane.workers(1);
  await expectIntact(lane, job);
};

const killAll = async (lane: Lane): Promise<void> => {
  const scene = await openScene(lane, { workers: 3 });
  const api = await lane.start('server');
  await Promise.all(scene.workers.map((worker) => worker.end('SIGKILL')));
  const response = await fetch(`${api.url}/api/v1/tasks/${scene.job.taskId}`, {
    headers: { authorization: `Bearer ${api.key}` },
  });
  expect(response.status).toBe(200);
  expect(await response.json()).toMatchObject({ status: 'running' });
  await api.end('SIGKILL');
  await closeScene(scene);
};

const expectCleanExit = async ({ lane }: Scene, worker: ChaosProcess): Promise<void> => {
  const sinceMs = performance.now();
  expect(await worker.exited).toBe(0);
  expect(performance.now() - sinceMs).toBeLessThan(SHUTDOWN_MS_MAX);
  const open = `SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND xact_start IS NOT NULL`;
  expect(await lane.query(open, [worker.name])).toEqual([]);
};

const terminateInMidPage = trapped(
  { on: PAGE_WRITE, nth: 2, phase: 'before', deed: 'terminate' },
  async (scene, worker) => {
    await expectCleanExit(scene, worker);
    const held = `SELECT id FROM targets WHERE status = 'running' AND task_id = $1`;
    expect(await scene.lane.query(held, [scene.job.taskId])).toEqual([]);
  },
);

/** VK says nothing meanwhile: what was begun all the same would have to be broken off. */
const terminateInClaim = async (lane: Lane): Promise<void> => {
  await lane.workers(0);
  lane.collecting.sandbox.resetStats();
  lane.proxies.vk.set({ isSilent: true });
  const worker = await lane.start('worker');
  await worker.arm({ on: '^pg UPDATE targets$', nth: 1, phase: 'before', deed: 'terminate' });
  const job = await lane.createJob('tiny');
  await worker.sprung();
  await expectCleanExit({ lane, job, workers: [worker] }, worker);
  const targets = 'SELECT status, reason_kind FROM targets WHERE task_id = $1';
  expect(await lane.query(targets, [job.taskId])).toEqual([
    { status: 'queued', reason_kind: null },
  ]);
  await lane.calm();
  await lane.workers(1);
  await expectIntact(lane, job);
};

const terminateWithoutRedis = inMidRun(
  async (scene) => {
    const [worker] = scene.workers;
    if (!worker) return;
    scene.lane.proxies.redis.set({ isDown: true });
    void worker.end('SIGTERM');
    await expectCleanExit(scene, worker);
  },
  { workers: 1 },
);

/** Between the reply of VK and its commit: what is in hand is old when the process wakes. */
const freezeWithPageInHand = trapped(
  { on: '^vk (execute|wall)', nth: 2, phase: 'after', deed: 'freeze' },
  async (scene, sleeper) => {
    await scene.lane.start('worker');
    await untilTakenOver(scene);
    sleeper.wake();
  },
);

const freezeInTransaction = trapped(
  { on: '^pg COMMIT$', nth: 4, phase: 'before', deed: 'freeze' },
  async (scene, sleeper) => {
    await scene.lane.start('worker');
    await eventually(
      async () => {
        const sql = 'SELECT pid FROM pg_stat_activity WHERE application_name = $1';
        const open = `${sql} AND state = 'idle in transaction'`;
        return (await scene.lane.query(open, [sleeper.name])).length === 0;
      },
      { withinMs: PATIENCE_MS, what: 'PostgreSQL to end the transaction of a frozen process' },
    );
    await untilTakenOver(scene);
    sleeper.wake();
  },
);

const blockEventLoop = trapped(
  { on: '^vk (execute|wall)', nth: 2, phase: 'after', deed: 'block', ms: 2_500 },
  async (scene) => {
    await scene.lane.start('worker');
    await untilTakenOver(scene);
  },
);

const crash = trapped(
  { on: PAGE_WRITE, nth: 2, phase: 'before', deed: 'crash' },
  async (_scene, worker) => expect(await worker.exited).toBeGreaterThan(0),
);

/** Kills whoever collects it, at the first thing it does: nothing is ever committed. */
const poison = async (lane: Lane): Promise<void> => {
  await lane.workers(0);
  lane.collecting.sandbox.resetStats();
  const job = await lane.createJob('tiny');
  // As if most of the twenty deaths that it may cause had been.
  await lane.query('UPDATE targets SET barren_claims = 18 WHERE task_id = $1 RETURNING id', [
    job.taskId,
  ]);
  for (let times = 0; times < 2; times += 1) {
    const trap: Trap = { on: '^vk ', nth: 1, phase: 'before', deed: 'kill' };
    await (
      await lane.start('worker', { trap })
    ).exited;
  }
  await lane.workers(1);
  const other = await lane.createJob('tiny');
  await expectIntact(lane, other);
  await expectPoisoned(lane, job);
};

const expectPoisoned = async (lane: Lane, { taskId }: Job): Promise<void> => {
  const { waitForEnd, container } = lane.collecting;
  expect((await waitForEnd(taskId)).status).toBe('failed');
  const { items } = await container.taskService.listTargets(taskId, { limit: 2 });
  expect(items).toMatchObject([{ status: 'failed', reasonKind: 'internal' }]);
};

export const PROCESS_FAULTS: NamedFault[] = [
  { id: 'F01', name: 'workers are killed (SIGKILL) again and again', run: killAtRandomMoments },
  {
    id: 'F03',
    name: 'the workers of one target are killed five times at the same place',
    holds: 'the queue does not give its target up',
    run: killAtOnePlace,
  },
  {
    id: 'F04',
    name: 'all workers are killed at once',
    holds: 'the API goes on answering',
    run: killAll,
  },
  {
    id: 'F06',
    name: 'SIGTERM in the middle of a page',
    holds: 'exit code 0 within 10 s, no open transaction, the target is handed back',
    run: terminateInMidPage,
  },
  {
    id: 'F06b',
    name: 'SIGTERM while a target is claimed',
    holds: 'exit code 0 within 10 s, the target is handed back',
    run: terminateInClaim,
  },
  {
    id: 'F07',
    name: 'SIGTERM while Redis is down',
    holds: 'exit code 0 within 10 s, no open transaction',
    run: terminateWithoutRedis,
  },
  {
    id: 'F08',
    name: 'a worker is frozen for longer than its lease with a page in its hands',
    holds: 'it writes nothing over its successor',
    run: freezeWithPageInHand,
  },
  {
    id: 'F08b',
    name: 'a worker is frozen within a transaction',
    holds: 'PostgreSQL ends it after 30 s, and the target is taken over',
    isSlow: true,
    run: freezeInTransaction,
  },
  {
    id: 'F09',
    name: 'the event loop of a worker is blocked for longer than its lease',
    holds: 'another worker takes over',
    run: blockEventLoop,
  },
  {
    id: 'F10',
    name: 'a worker crashes by a rejection that nobody hears',
    holds: 'its exit code is not 0',
    run: crash,
  },
  {
    id: 'F29',
    name: 'a target that kills every worker which takes it',
    holds: 'it is failed after 20 claims without a commit, others are not held up',
    run: poison,
  },
];
