import { expect } from 'bun:test';
import { Queue } from 'bullmq';
import { producerConnection } from '../../../config/redis';
import { COLLECT_QUEUE } from '../../../src/jobs/collectJob';
import { rowVersions } from '../../support/rowVersions';
import { expectIntact, waitForEnd } from '../rig/judge';
import type { Job, Lane } from '../rig/lane';
import type { NamedFault } from '../rig/namedFault';
import { eventually } from '../../support/eventually';
import { PATIENCE_MS } from '../rig/patience';

const targetIdsOf = async ({ query }: Lane, { taskId }: Job): Promise<number[]> =>
  (await query<{ id: number }>('SELECT id FROM targets WHERE task_id = $1', [taskId])).map(
    ({ id }) => id,
  );

const countClaims = async ({ query }: Lane, { taskId }: Job): Promise<number> => {
  const sql = 'SELECT sum(epoch)::int AS claims FROM targets WHERE task_id = $1';
  return (await query<{ claims: number }>(sql, [taskId]))[0]?.claims ?? -1;
};

const deliver = async (lane: Lane, job: Job, times: number): Promise<void> => {
  const targetIds = await targetIdsOf(lane, job);
  const hints = targetIds.flatMap((targetId) =>
    // Each with an epoch of its own: equal ones would be one job.
    Array.from({ length: times }, (_, epoch) => ({ targetId, epoch, priority: 5 })),
  );
  await lane.collecting.container.targetQueue.addHints(hints);
};

const withQueue = async <T>(lane: Lane, work: (queue: Queue) => Promise<T>): Promise<T> => {
  const queue = new Queue(COLLECT_QUEUE, {
    connection: producerConnection(lane.services.redisUrl),
    prefix: lane.collecting.config.redisPrefix,
  });
  try {
    await queue.waitUntilReady();
    return await work(queue);
  } finally {
    await queue.close();
  }
};

const untilDrained = (lane: Lane): Promise<unknown> =>
  withQueue(lane, async (queue) => {
    const counts = () => queue.getJobCounts('wait', 'prioritized', 'active', 'delayed');
    const isEmpty = async (): Promise<boolean> =>
      Object.values(await counts()).every((count) => count === 0);
    try {
      await eventually(isEmpty, { withinMs: 3 * PATIENCE_MS, what: 'an empty queue' });
    } catch (cause) {
      throw new Error(`Jobs are left: ${JSON.stringify(await counts())}`, { cause });
    }
  });

/** Busy with thousands of jobs, they would now and then lose a lease of one second. */
const PATIENT = { STENOGRAF_LEASE_MS: '20000' };

const begin = async (lane: Lane, walls: number): Promise<Job> => {
  await lane.workers(2);
  lane.collecting.sandbox.resetStats();
  return lane.createJob('tiny', walls);
};

const manyTimes =
  (walls: number, times: number): NamedFault['run'] =>
  async (lane) => {
    await lane.workers(0);
    await Promise.all([1, 2].map(() => lane.start('worker', { env: PATIENT })));
    const job = await begin(lane, walls);
    await deliver(lane, job, times);
    await expectIntact(lane, job);
    expect(await countClaims(lane, job)).toBe(walls);
    await untilDrained(lane);
    await lane.workers(0);
  };

const tooLate = async (lane: Lane): Promise<void> => {
  const job = await begin(lane, 1);
  await expectIntact(lane, job);
  const { sequelize } = lane.collecting.container;
  const versions = await rowVersions(sequelize);
  const { requests } = lane.collecting.sandbox.stats();
  await deliver(lane, job, 20);
  await untilDrained(lane);
  expect(await rowVersions(sequelize)).toEqual(versions);
  expect(await countClaims(lane, job)).toBe(1);
  expect(lane.collecting.sandbox.stats().requests).toBe(requests);
};

/** Handed out by the queue, and not claimed: to PostgreSQL nobody has it, to Redis somebody. */
const stalled = async (lane: Lane): Promise<void> => {
  await lane.workers(0);
  lane.collecting.sandbox.resetStats();
  const job = await lane.createJob('tiny');
  const trap = { on: '^pg BEGIN$', nth: 1, phase: 'before', deed: 'kill' } as const;
  const worker = await lane.start('worker', { trap });
  await worker.exited;
  expect(await countClaims(lane, job)).toBe(0);
  await lane.workers(1);
  await expectIntact(lane, job);
};

const STRANGE = [
  {},
  { targetId: 'x' },
  { targetId: null },
  { targetId: -1 },
  { targetId: 1.5 },
  { targetId: 2 ** 60 },
  { targetId: [1] },
  { job: { version: 2 } },
  [],
  null,
];

const strange = async (lane: Lane): Promise<void> => {
  const workers = await lane.workers(2);
  await withQueue(lane, async (queue) => {
    for (const data of STRANGE) await queue.add('of another version', data);
  });
  const job = await begin(lane, 1);
  await expectIntact(lane, job);
  await untilDrained(lane);
  expect(workers.map((worker) => worker.isAlive())).toEqual([true, true]);
};

/** Two tasks of one wall, at the same time. */
const twoTasks = async (lane: Lane): Promise<void> => {
  const job = await begin(lane, 1);
  const { taskService } = lane.collecting.container;
  const communities = job.communityIds.map((id) => `club${id}`);
  const { id } = await taskService.createTask({ communities });
  await waitForEnd(lane, { ...job, taskId: id });
  const ends = await Promise.all(
    [job.taskId, id].map((taskId) => waitForEnd(lane, { ...job, taskId })),
  );
  expect(ends.map(({ status }) => status)).toEqual(['completed', 'completed']);
  const [first, second] = ends.map(({ metrics }) => metrics);
  expect([first?.posts, first?.comments]).toEqual([second?.posts, second?.comments]);
  expect((first?.new ?? 0) + (second?.new ?? 0)).toBe((first?.posts ?? 0) + (first?.comments ?? 0));
};

export const DELIVERY_FAULTS: NamedFault[] = [
  {
    id: 'F28',
    name: 'a target is delivered a thousand times',
    holds: 'it is claimed once',
    run: manyTimes(1, 1_000),
  },
  {
    id: 'F28b',
    name: 'a job comes after its target has ended',
    holds: 'nothing is asked and nothing written',
    run: tooLate,
  },
  {
    id: 'F28c',
    name: 'a worker is killed between being handed a job and claiming its target',
    holds: 'the queue hands the job out again',
    run: stalled,
  },
  {
    id: 'F32',
    name: 'ten thousand jobs for ten targets',
    holds: 'each is claimed once, and the queue is empty in the end',
    isSlow: true,
    run: manyTimes(10, 1_000),
  },
  {
    id: 'F33',
    name: 'jobs of shapes that no worker knows',
    holds: 'workers live on, and the queue is empty in the end',
    run: strange,
  },
  {
    id: 'F33b',
    name: 'two tasks want one wall at the same time',
    holds: 'both get all of it, and no row is new twice',
    run: twoTasks,
  },
];
