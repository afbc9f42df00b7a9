import { QueryTypes } from 'sequelize';
import { problemsOf } from './problems';
import { createMutationRig, type MutationRig } from './rig';
import { runSchedule, type ScheduleRun } from './runSchedule';

/** Schedules that run at the same time, as targets do in one process. */
const AT_ONCE = 8;

/** Sums over schedules. */
export interface SchedulesReport {
  /** Each names the seed that it was found with. */
  problems: string[];
  schedules: number;
  changes: number;
  handovers: number;
  /** Pages that moved a walk, and pages that VK was asked for. */
  pagesUsed: number;
  pagesAsked: number;
  /** Of those with one target: calls beyond the fewest possible, and the changes that cost them. */
  callsMore: number;
  changesSingle: number;
}

export const EMPTY_REPORT: SchedulesReport = {
  problems: [],
  schedules: 0,
  changes: 0,
  handovers: 0,
  pagesUsed: 0,
  pagesAsked: 0,
  callsMore: 0,
  changesSingle: 0,
};

export const addReports = (a: SchedulesReport, b: SchedulesReport): SchedulesReport => ({
  problems: [...a.problems, ...b.problems],
  schedules: a.schedules + b.schedules,
  changes: a.changes + b.changes,
  handovers: a.handovers + b.handovers,
  pagesUsed: a.pagesUsed + b.pagesUsed,
  pagesAsked: a.pagesAsked + b.pagesAsked,
  callsMore: a.callsMore + b.callsMore,
  changesSingle: a.changesSingle + b.changesSingle,
});

const reportOf = (run: ScheduleRun, problems: string[]): SchedulesReport => {
  const isSingle = run.plan.scope === 'wall';
  const calls = run.tasks[0]?.metrics.calls ?? 0;
  return {
    ...EMPTY_REPORT,
    problems: problems.map((text) => `seed ${run.plan.seed}: ${text}`),
    schedules: 1,
    changes: run.changes,
    handovers: run.handovers,
    callsMore: isSingle ? calls - run.fewest : 0,
    changesSingle: isSingle ? run.changes : 0,
  };
};

const countPages = async ({ sandbox, workers: [worker] }: MutationRig) => {
  const [row] = (await worker?.sequelize.query<{ pages: number }>(
    `SELECT coalesce(sum((memory ->> 'pages')::int), 0)::int AS pages FROM walks`,
    { type: QueryTypes.SELECT },
  )) ?? [{ pages: 0 }];
  const { callsByMethod } = sandbox.stats();
  const pagesAsked = (callsByMethod['wall.get'] ?? 0) + (callsByMethod['wall.getComments'] ?? 0);
  return { pagesUsed: row?.pages ?? 0, pagesAsked };
};

const runOne = async (rig: MutationRig, communityId: number): Promise<SchedulesReport> => {
  try {
    const run = await runSchedule(rig, communityId);
    return reportOf(run, await problemsOf(rig, run));
  } catch (error) {
    const seed = rig.plans.get(communityId)?.seed;
    return { ...EMPTY_REPORT, problems: [`seed ${seed}: ${String(error)}`] };
  }
};

/** Collects a wall for each seed, while all of them change. */
export const runSchedules = async (seeds: readonly number[]): Promise<SchedulesReport> => {
  const rig = await createMutationRig(seeds);
  const waiting = [...rig.plans.keys()];
  let report = EMPTY_REPORT;
  const takeTurns = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const one = await runOne(rig, id);
      report = addReports(report, one);
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, takeTurns));
    return { ...report, ...(await countPages(rig)) };
  } finally {
    await rig.stop();
  }
};

/** One line for people: what it cost to read what changed. */
export const describeReport = (report: SchedulesReport): string => {
  const used = (report.pagesUsed / report.pagesAsked) * 100;
  const more = report.callsMore / Math.max(1, report.changesSingle);
  return (
    `${report.schedules} schedules, ${report.changes} changes, ${report.handovers} handovers: ` +
    `${used.toFixed(1)} % of the pages asked for moved a walk, ` +
    `${more.toFixed(3)} calls beyond the fewest for each change`
  );
};
