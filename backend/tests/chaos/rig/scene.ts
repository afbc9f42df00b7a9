import { isTaskEnded } from '@stenograf/contracts/statuses';
import { eventually } from '../../support/eventually';
import type { WallKind } from './chaosWorld';
import { expectIntact } from './judge';
import type { Job, Lane } from './lane';
import type { ChaosProcess } from './processes';

/** A run in its middle. */
export interface Scene {
  lane: Lane;
  job: Job;
  workers: ChaosProcess[];
}

export interface SceneOptions {
  workers?: number;
  kind?: WallKind;
  /** By default so many that a run takes seconds. */
  walls?: number;
  /** Requests that VK has seen when the fault strikes; 3 by default. */
  atRequest?: number;
  /** Before there is a task. */
  prepare?: (lane: Lane) => Promise<unknown> | void;
}

/** One by packs and one by single calls take about as long. */
const WALLS = { packs: 5, singles: 2 };

/** Waits until VK was asked so often since `from`, in a run that is not over yet. */
export const reach = async ({ lane, job }: Scene, requests: number, from = 0): Promise<void> => {
  const { sandbox, container } = lane.collecting;
  const what = `request ${requests} to VK`;
  await eventually(
    async () => {
      if (sandbox.stats().requests >= from + requests) return true;
      const task = await container.taskService.getTask(job.taskId).catch(() => null);
      if (task && isTaskEnded(task.status)) throw new Error(`The run was over before ${what}.`);
      return false;
    },
    { withinMs: 60_000, what },
  );
};

/** So many more requests than there were. */
export const reachMore = (scene: Scene, requests: number): Promise<void> =>
  reach(scene, requests, scene.lane.collecting.sandbox.stats().requests);

export const openScene = async (lane: Lane, options: SceneOptions = {}): Promise<Scene> => {
  const { workers: count = 2, kind = 'small', walls = WALLS[lane.way] } = options;
  const workers = await lane.workers(count);
  lane.collecting.sandbox.resetStats();
  await options.prepare?.(lane);
  const scene = { lane, job: await lane.createJob(kind, walls), workers };
  await reach(scene, options.atRequest ?? 3);
  return scene;
};

/** Whatever the fault has ended lives again, and the run must end as if nothing had been. */
export const closeScene = async ({ lane, job, workers }: Scene): Promise<void> => {
  await lane.calm();
  await lane.workers(Math.max(1, workers.length));
  await expectIntact(lane, job);
};

/** The usual run: begun, struck in its middle, and intact in the end. */
export const inMidRun =
  (strike: (scene: Scene) => Promise<unknown> | void, options: SceneOptions = {}) =>
  async (lane: Lane): Promise<void> => {
    const scene = await openScene(lane, options);
    await strike(scene);
    await closeScene(scene);
  };
