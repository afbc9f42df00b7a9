import { expect } from 'bun:test';
import type { Lane } from '../rig/lane';
import type { NamedFault } from '../rig/namedFault';
import { closeScene, openScene, type Scene } from '../rig/scene';

const HOUR_MS = 3_600_000;
const YEARS_MS = 10 * 365 * 24 * HOUR_MS;

/** Times that the database keeps are those of PostgreSQL and Redis, never of a worker. */
const expectTimesOfServers = async ({ query }: Lane, taskId: number): Promise<void> => {
  const strange = await query(
    `SELECT id FROM tasks WHERE id = $1
       AND (started_at, finished_at) <> (least(greatest(started_at, now() - interval '5 min'), now()),
         least(greatest(finished_at, now() - interval '5 min'), now()))`,
    [taskId],
  );
  expect(strange).toEqual([]);
  const ahead = await query(
    `SELECT id FROM posts WHERE fetched_at > now() + interval '1 min' LIMIT 1`,
  );
  expect(ahead).toEqual([]);
};

const stepped = async (lane: Lane): Promise<void> => {
  const scene = await openScene(lane);
  const [first, second] = scene.workers;
  first?.stepClock(YEARS_MS);
  second?.stepClock(-HOUR_MS);
  await closeScene(scene);
  await expectTimesOfServers(lane, scene.job.taskId);
  await lane.workers(0);
};

/** A wait has its end by the clock of PostgreSQL, which is the one that ends it. */
const waitOfSteppedWorker =
  (offsetMs: number): NamedFault['run'] =>
  async (lane) => {
    await lane.workers(0);
    const env = { VK_TOKENS: `user:${lane.issueToken()}` };
    const worker = await lane.start('worker', { env });
    worker.stepClock(offsetMs);
    const { sandbox, waitForEnd } = lane.collecting;
    sandbox.faults.add({ kind: 'vk-error', code: 29, method: 'wall.get', times: 'always' });
    const scene: Scene = await openScene(lane, { workers: 1, atRequest: 1 });
    expect(await waitForEnd(scene.job.taskId)).toMatchObject({
      status: 'waiting',
      waitingFor: 'quota',
    });
    const waits = await lane.query<{ s: number }>(
      `SELECT extract(epoch FROM waiting_until - now())::float AS s FROM targets
       WHERE task_id = $1`,
      [scene.job.taskId],
    );
    await lane.workers(0);
    for (const { s } of waits) {
      expect(s).toBeGreaterThan(0);
      expect(s).toBeLessThan(24 * 3_600);
    }
    await lane.query(`UPDATE targets SET waiting_until = now() WHERE task_id = $1 RETURNING id`, [
      scene.job.taskId,
    ]);
    await closeScene(scene);
  };

export const CLOCK_FAULTS: NamedFault[] = [
  {
    id: 'F26',
    name: 'the clock of one worker goes ten years ahead, of the other one an hour back',
    holds: 'leases and times are those of PostgreSQL and Redis',
    run: stepped,
  },
  {
    id: 'F26b',
    name: 'a worker whose clock is ten years ahead meets a quota',
    holds: 'the wait ends when VK lets it',
    run: waitOfSteppedWorker(YEARS_MS),
  },
  {
    id: 'F26c',
    name: 'a worker whose clock is an hour behind meets a quota',
    holds: 'the wait is no shorter than VK wants it',
    run: waitOfSteppedWorker(-HOUR_MS),
  },
];
