import { expect } from 'bun:test';
import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import { isTaskEnded } from '@stenograf/contracts/statuses';
import type { TaskSnapshot } from '../../../src/repositories/snapshots';
import { eventually } from '../../support/eventually';
import { byKey } from '../../support/records';
import { truthOf } from '../../support/truthOf';
import { type Job, JITTER_MS, type Lane } from './lane';

/** Longer than everything that a run may have to wait for once the faults are over. */
const END_MS_MAX = 90_000;

/** Of each worker, what it said last. */
const LINES_TOLD = 5;

const describeStuck = async (lane: Lane, { taskId }: Job): Promise<string> => {
  const targets = await lane.query(
    `SELECT id, status, epoch, lease_until - now() AS lease, barren_claims, waiting_for,
       waiting_until - now() AS wait, reason_kind, walks_done, walks_total
     FROM targets WHERE task_id = $1`,
    [taskId],
  );
  const sessions = await lane.query(
    `SELECT application_name, state, wait_event, now() - state_change AS since, left(query, 60)
     FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'`,
  );
  const workers = lane
    .liveWorkers()
    .map(({ name, log }) => `${name}: ${log.slice(-LINES_TOLD).join(' ')}`);
  return JSON.stringify({ targets, sessions, workers }, null, 1);
};

/** The run must end by itself. @throws telling where it stands when it does not. */
export const waitForEnd = async (
  lane: Lane,
  job: Job,
  withinMs = END_MS_MAX,
): Promise<TaskSnapshot> => {
  const look = async (): Promise<TaskSnapshot | null> => {
    // A database that was just restarted ends the connections that it had.
    const task = await lane.collecting.container.taskService.getTask(job.taskId).catch(() => null);
    return task && isTaskEnded(task.status) ? task : null;
  };
  try {
    return await eventually(look, { withinMs, what: 'the end of the task' });
  } catch (cause) {
    throw new Error(`Task ${job.taskId} is stuck: ${await describeStuck(lane, job)}`, { cause });
  }
};

/** What was there from the beginning to the end is stored, and as VK shows what did not change. */
const expectTrueData = async (lane: Lane, { taskId, communityIds, mark }: Job): Promise<void> => {
  const { sandbox, exportAll } = lane.collecting;
  const stored = byKey(await exportAll(taskId));
  if (sandbox.mark() === mark) {
    expect(stored).toEqual(truthOf(sandbox, communityIds));
    return;
  }
  const { posts, comments, unsettled } = sandbox.truth({ communities: communityIds, since: mark });
  const stayed = byKey([...posts, ...comments] as ExportRecord[]);
  // What was edited meanwhile may have been read before or after: it must be there, no more.
  const edited = new Set(unsettled.map((entry) => entry.replace(':', ' ')));
  const keys = Object.keys(stayed).filter((key) => !(key in stored && edited.has(key)));
  const among = (records: typeof stayed) => keys.map((key) => [key, records[key]]);
  expect(among(stored)).toEqual(among(stayed));
};

const expectTrueCounters = async (
  { query }: Lane,
  { communityIds }: Job,
  { metrics }: TaskSnapshot,
): Promise<void> => {
  const [counts] = await query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM posts WHERE owner_id = ANY($1)) AS posts,
       (SELECT count(*)::int FROM comments WHERE owner_id = ANY($1)) AS comments,
       (SELECT count(DISTINCT from_id)::int FROM (
         SELECT from_id FROM posts WHERE owner_id = ANY($1)
         UNION SELECT from_id FROM comments WHERE owner_id = ANY($1)) AS who
        WHERE from_id IS NOT NULL) AS authors`,
    [communityIds.map((id) => -id)],
  );
  const { posts = -1, comments = -1 } = counts ?? {};
  expect(metrics).toMatchObject({ ...counts, new: posts + comments });
};

/** Nothing of the task is left over, neither a list nor a lease nor a locked row. */
const expectNothingLeft = async ({ query }: Lane, { taskId }: Job): Promise<void> => {
  const left = await query(
    `SELECT targets.id, targets.status, lease_until, count(walks.id) AS open_walks
     FROM targets LEFT JOIN walks ON walks.target_id = targets.id AND walks.state <> 'done'
     WHERE task_id = $1 GROUP BY targets.id
     HAVING targets.status <> 'completed' OR lease_until IS NOT NULL OR count(walks.id) > 0`,
    [taskId],
  );
  expect(left).toEqual([]);
};

/** Requests above the limit, as far as this process was awake enough to tell. */
export const violationsOf = ({ collecting, lagMeter }: Lane): unknown[] =>
  collecting.sandbox
    .stats()
    .violations.map((violation) => ({
      ...violation,
      lagMs: lagMeter.before(Date.parse(violation.at)),
    }))
    .filter(({ lagMs }) => lagMs < JITTER_MS / 2);

/** What must never have been, whatever the fault: a limit broken, a stale write, a step back. */
export const expectNoBreach = async (lane: Lane): Promise<void> => {
  expect(await lane.query('SELECT what FROM chaos_breaches')).toEqual([]);
  expect(violationsOf(lane)).toEqual([]);
};

/** The same data as without any fault, counted exactly, an honest status, no limit violated. */
export const expectIntact = async (lane: Lane, job: Job): Promise<void> => {
  const task = await waitForEnd(lane, job);
  const { items } = await lane.collecting.container.taskService.listTargets(job.taskId, {
    limit: 100,
  });
  const ends = items.map(({ status, reasonKind, problems }) => ({ status, reasonKind, problems }));
  expect(ends).toEqual(items.map(() => ({ status: 'completed', reasonKind: null, problems: [] })));
  expect(task).toMatchObject({ status: 'completed', progress: 1 });
  await expectTrueData(lane, job);
  await expectTrueCounters(lane, job, task);
  await expectNothingLeft(lane, job);
  await expectNoBreach(lane);
};
