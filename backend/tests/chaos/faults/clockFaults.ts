import { expect } from 'bun:test';
import type { Lane } from '../rig/lane';
import type { NamedFault } from '../rig/namedFault';
import { closeScene, openScene } from '../rig/scene';

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

export const CLOCK_FAULTS: NamedFault[] = [
  {
    id: 'F26',
    name: 'the clock of one worker goes ten years ahead, of the other one an hour back',
    holds: 'leases and times are those of PostgreSQL and Redis',
    run: stepped,
  },
];
