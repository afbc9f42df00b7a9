import type { TaskSnapshot } from '../../../src/repositories/snapshots';
import { applyChanges } from './changes';
import { collectAll } from './collectAll';
import { tasksOf, type SchedulePlan } from './plan';
import type { MutationRig } from './rig';

export interface ScheduleRun {
  plan: SchedulePlan;
  communityId: number;
  /** As the sandbox counts: what was there from then on must be stored. */
  mark: number;
  /** The first one asked for the whole wall with all comments. */
  tasks: TaskSnapshot[];
  /** Changes of the wall while it was read. */
  changes: number;
  handovers: number;
  /** The fewest calls for the wall as it was at first, or at last if that takes more. */
  fewest: number;
}

/** Collects the wall of one seed while it changes. */
export const runSchedule = async (rig: MutationRig, communityId: number): Promise<ScheduleRun> => {
  const { sandbox, plans, workers } = rig;
  const plan = plans.get(communityId);
  const [first] = workers;
  if (!plan || !first) throw new RangeError(`There is no schedule for community ${communityId}.`);
  const { taskService } = first;
  const truth = () => sandbox.truth({ communities: [communityId] });
  const postIds = truth().posts.map(({ id }) => id);
  const fewestBefore = truth().fewest.total;
  const mark = sandbox.mark();
  const tasks = await Promise.all(
    tasksOf(plan, communityId, postIds).map((body) => taskService.createTask(body)),
  );
  const lists = await Promise.all(
    tasks.map(({ id }) => taskService.listTargets(id, { limit: 50 })),
  );
  const targets = lists.flatMap(({ items }) => items);

  let applied = 0;
  const stop = rig.onPage(communityId, () => {
    const changes = plan.changes[applied];
    if (!changes) return;
    applied += 1;
    applyChanges(sandbox, communityId, changes);
  });
  const handed = await Promise.all(
    targets.map(({ id }, index) => collectAll({ rig, communityId, plan }, id, index)),
  ).finally(stop);
  return {
    plan,
    communityId,
    mark,
    tasks: await Promise.all(tasks.map(({ id }) => taskService.getTask(id))),
    changes: plan.changes.slice(0, applied).flat().length,
    handovers: handed.reduce((sum, count) => sum + count, 0),
    fewest: Math.max(fewestBefore, truth().fewest.total),
  };
};
