import { expect } from 'bun:test';
import { eventually } from '../../support/eventually';
import { expectIntact, waitForEnd } from '../rig/judge';
import type { Lane } from '../rig/lane';
import type { NamedFault } from '../rig/namedFault';
import { closeScene, openScene, reachMore } from '../rig/scene';
import type { Trap } from '../rig/traps';
import { PATIENCE_MS } from '../rig/patience';

/** Where the API dies while it takes a task. */
const MOMENTS: Omit<Trap, 'deed'>[] = [
  { on: '^pg INSERT INTO targets$', nth: 1, phase: 'before' },
  { on: '^pg COMMIT$', nth: 1, phase: 'before' },
  { on: '^pg COMMIT$', nth: 1, phase: 'after' },
  { on: '^redis addPrioritizedJob', nth: 1, phase: 'before' },
];

interface StoredTask {
  id: number;
  targets: number;
  events: number;
}

const killedDuringPost =
  (moments: typeof MOMENTS): NamedFault['run'] =>
  async (lane) => {
    await lane.workers(1);
    lane.collecting.sandbox.resetStats();
    for (const [index, moment] of moments.entries()) {
      const api = await lane.start('server');
      await api.arm({ ...moment, deed: 'kill' });
      const communityIds = lane.takeWalls('tiny', 2);
      const name = `moment ${index} of ${api.name}`;
      const posted: unknown = await fetch(`${api.url}/api/v1/tasks`, {
        method: 'POST',
        headers: { authorization: `Bearer ${api.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name, communities: communityIds.map((id) => `club${id}`) }),
      }).catch((error: unknown) => error);
      expect(posted).toBeInstanceOf(Error);
      await api.exited;
      // What was sent before the end may still be on its way.
      await eventually(
        async () => {
          const sql = `SELECT pid FROM pg_stat_activity WHERE application_name = $1`;
          return (await lane.query(sql, [api.name])).length === 0;
        },
        { withinMs: PATIENCE_MS, what: 'PostgreSQL to forget the API' },
      );
      const stored = await lane.query<StoredTask>(
        `SELECT id, (SELECT count(*)::int FROM targets WHERE task_id = tasks.id) AS targets,
           (SELECT count(*)::int FROM task_events WHERE task_id = tasks.id
              AND data ->> 'to' = 'queued') AS events
         FROM tasks WHERE name = $1`,
        [name],
      );
      const isStored = moment.on === '^redis addPrioritizedJob' || moment.phase === 'after';
      expect(stored.map(({ targets, events }) => ({ targets, events }))).toEqual(
        isStored ? [{ targets: 2, events: 1 }] : [],
      );
      for (const { id: taskId } of stored) {
        await expectIntact(lane, {
          taskId,
          communityIds,
          mark: lane.collecting.sandbox.mark(),
        });
      }
    }
  };

const pausedTwice = async (lane: Lane): Promise<void> => {
  const scene = await openScene(lane, { atRequest: 2 });
  const { taskService } = lane.collecting.container;
  for (let times = 0; times < 2; times += 1) {
    const moves = [1, 2, 3].map(() => taskService.pauseTask(scene.job.taskId));
    const outcomes = await Promise.allSettled(moves);
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    await taskService.resumeTask(scene.job.taskId);
    await reachMore(scene, 1);
  }
  await closeScene(scene);
};

const cancelledTwice = async (lane: Lane): Promise<void> => {
  const { job } = await openScene(lane, { atRequest: 2 });
  const { taskService } = lane.collecting.container;
  const countRows = async () =>
    lane.query(
      `SELECT (SELECT count(*) FROM posts WHERE owner_id = ANY($1)) AS posts,
         (SELECT count(*) FROM comments WHERE owner_id = ANY($1)) AS comments`,
      [job.communityIds.map((id) => -id)],
    );
  const outcomes = await Promise.allSettled(
    [1, 2, 3].map(() => taskService.cancelTask(job.taskId)),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1);
  const rows = await countRows();
  expect((await waitForEnd(lane, job)).status).toBe('cancelled');
  // Another run later: whoever still held pages of this one would have written them.
  await expectIntact(lane, await lane.createJob('tiny'));
  expect(await countRows()).toEqual(rows);
};

export const API_FAULTS: NamedFault[] = [
  {
    id: 'F05',
    name: 'the API is killed while it takes a task',
    holds: 'there is no task, or exactly one that is whole and is collected',
    run: killedDuringPost(MOMENTS),
  },
  {
    id: 'F30',
    name: 'a task is paused by three people at once, and again',
    holds: 'one of them pauses it; it goes on where it was',
    run: pausedTwice,
  },
  {
    id: 'F30b',
    name: 'a task is cancelled by three people at once',
    holds: 'one of them cancels it; nothing is written any more',
    run: cancelledTwice,
  },
];
