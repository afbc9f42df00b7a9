import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import { isDeepStrictEqual } from 'node:util';
import { QueryTypes, type Sequelize } from 'sequelize';
import { exportRecords } from '../exportRecords';
import { byKey } from '../records';
import type { MutationRig } from './rig';
import type { ScheduleRun } from './runSchedule';

/** For names, for pages that overlap, for a look at the top of the wall. */
const SPARE_CALLS = 6;

/** Pages on their way when a target goes from hand to hand. */
const HANDOVER_CALLS = 25;

interface Counts {
  posts: number;
  comments: number;
  authors: number;
  open: number;
  miscounted: number;
  doubled: number;
  unlisted: number;
  undercounted: boolean;
}

/** What the tables hold of a wall, and walks whose ledger does not add up. */
const COUNTS = `
SELECT (SELECT count(*) FROM posts WHERE owner_id = $1)::int AS posts,
  (SELECT count(*) FROM comments WHERE owner_id = $1)::int AS comments,
  (SELECT count(DISTINCT from_id) FROM (
    SELECT from_id FROM posts WHERE owner_id = $1
    UNION ALL SELECT from_id FROM comments WHERE owner_id = $1) AS who)::int AS authors,
  count(*) FILTER (WHERE state <> 'done')::int AS open,
  count(*) FILTER (WHERE unlisted <> vk_count - (stored - vanished))::int AS miscounted,
  count(*) FILTER (WHERE stored > CASE kind
    WHEN 'wall' THEN (SELECT count(*) FROM posts WHERE posts.owner_id = walks.owner_id)
    WHEN 'post' THEN 1
    WHEN 'comments' THEN (SELECT count(*) FROM comments
      WHERE comments.owner_id = walks.owner_id AND comments.post_id = walks.post_id
        AND thread_root_id IS NULL)
    ELSE (SELECT count(*) FROM comments
      WHERE comments.owner_id = walks.owner_id AND thread_root_id = walks.root_id)
  END)::int AS doubled,
  coalesce(sum(unlisted) FILTER (WHERE state = 'done'), 0)::int AS unlisted,
  coalesce(bool_or(memory @> '{"undercounted": true}'), false) AS undercounted
FROM walks WHERE target_id IN (
  SELECT id FROM targets WHERE owner_id = $1 AND post_id IS NULL AND task_id = $2)`;

const readCounts = async (
  sequelize: Sequelize,
  ownerId: number,
  taskId: number,
): Promise<Counts> => {
  const [counts] = await sequelize.query<Counts>(COUNTS, {
    bind: [ownerId, taskId],
    type: QueryTypes.SELECT,
  });
  if (!counts) throw new Error('Counting brings a row.');
  return counts;
};

/** Whatever was there from the mark to the end is stored, and as VK shows what did not change. */
const findLost = async (
  { sandbox, workers: [worker] }: MutationRig,
  { communityId, mark, tasks: [task] }: ScheduleRun,
): Promise<string[]> => {
  if (!worker || !task) return ['nothing was run'];
  const exported = byKey(await exportRecords(worker, task.id));
  const { posts, comments, unsettled } = sandbox.truth({ communities: [communityId], since: mark });
  // What was edited meanwhile may have been read before or after; its text is looked at below.
  const edited = new Set(unsettled.map((entry) => entry.replace(':', ' ')));
  return Object.entries(byKey([...posts, ...comments] as ExportRecord[])).flatMap(
    ([key, record]) => {
      const found = exported[key];
      if (!found) return [`${key} is missing`];
      if (edited.has(key) || isDeepStrictEqual(found, record)) return [];
      return [`${key} is not as it was listed: ${JSON.stringify([found, record])}`];
    },
  );
};

/** Each row was listed once, with a text that it had at some time; an edit only adds to a text. */
const findInvented = async (
  { sandbox, workers: [worker] }: MutationRig,
  communityId: number,
): Promise<string[]> => {
  const wall = sandbox.world.communities.get(communityId)?.wall;
  if (!worker || !wall) return ['nothing was run'];
  const gonePosts = [...wall.gonePosts.values()].map(({ post }) => post);
  const posts = [...wall.posts, ...gonePosts];
  const roots = [...posts.flatMap((post) => post.roots), ...wall.goneComments.values()];
  const comments = roots.flatMap((root) => [root, ...root.replies]);
  const texts = new Map([...posts, ...comments].map(({ id, text }) => [id, text]));
  const rows = await worker.sequelize.query<{ id: number; text: string }>(
    `SELECT id, text FROM posts WHERE owner_id = $1
     UNION ALL SELECT id, text FROM comments WHERE owner_id = $1`,
    { bind: [wall.ownerId], type: QueryTypes.SELECT },
  );
  return rows.flatMap(({ id, text }) => {
    const latest = texts.get(id);
    if (latest === undefined) return [`${id} was never listed`];
    return latest.startsWith(text) ? [] : [`${id} never had the text ${text}`];
  });
};

const expectEqual = (what: string, found: unknown, expected: unknown): string[] =>
  isDeepStrictEqual(found, expected)
    ? []
    : [`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`];

/** A link to a post that is deleted before it is read fails, and must: nothing else may. */
const findUnfinished = async (
  { workers: [worker] }: MutationRig,
  { tasks }: ScheduleRun,
): Promise<string[]> => {
  if (!worker) return ['nothing was run'];
  const lists = await Promise.all(
    tasks.map(({ id }) => worker.taskService.listTargets(id, { limit: 50 })),
  );
  return lists
    .flatMap(({ items }) => items)
    .filter(({ status, postId, reasonKind }) =>
      postId === null
        ? status !== 'completed'
        : status !== 'completed' && reasonKind !== 'post_gone',
    )
    .map(({ id, status, reasonKind }) => `target ${id} ended ${status}: ${reasonKind}`);
};

/** Where a post is read twice, it may have got comments in between: one target alone is exact. */
const checkMetrics = ({ tasks, plan }: ScheduleRun, counts: Counts): string[] => {
  const [first] = tasks;
  const inserted = tasks.reduce((sum, { metrics }) => sum + metrics.new, 0);
  const problems = [
    ...expectEqual('rows inserted', inserted, counts.posts + counts.comments),
    ...tasks.flatMap(({ status, progress }) => expectEqual(`progress when ${status}`, progress, 1)),
  ];
  if (plan.scope !== 'wall' || !first) return problems;
  const { posts, comments, authors } = first.metrics;
  const { posts: postRows, comments: commentRows, authors: authorRows } = counts;
  return [
    ...problems,
    ...expectEqual(
      'metrics',
      { posts, comments, authors },
      { posts: postRows, comments: commentRows, authors: authorRows },
    ),
  ];
};

/**
 * A change costs one call at most, mostly none: a step back, a page that nobody needed, a look behind
 * the end. A handover costs what was on its way. Where VK is caught counting too few comments, all
 * posts that it counted none under are asked about after all.
 */
const checkCalls = ({ tasks, plan, ...run }: ScheduleRun, counts: Counts): string[] => {
  if (plan.scope !== 'wall') return [];
  const spare = SPARE_CALLS + run.handovers * HANDOVER_CALLS;
  const asked = counts.undercounted ? counts.posts : 0;
  const most = run.fewest + spare + run.changes + asked;
  const calls = tasks[0]?.metrics.calls ?? 0;
  return calls <= most ? [] : [`${calls} calls for ${run.fewest} and ${run.changes} changes`];
};

/** Everything that is wrong after a schedule. */
export const problemsOf = async (rig: MutationRig, run: ScheduleRun): Promise<string[]> => {
  const [worker] = rig.workers;
  const [task] = run.tasks;
  if (!worker || !task) return ['nothing was run'];
  const counts = await readCounts(worker.sequelize, -run.communityId, task.id);
  return [
    ...(await findUnfinished(rig, run)),
    ...(await findLost(rig, run)),
    ...(await findInvented(rig, run.communityId)),
    ...checkMetrics(run, counts),
    ...checkCalls(run, counts),
    ...expectEqual('walks not done', counts.open, 0),
    ...expectEqual('walks whose ledger does not add up', counts.miscounted, 0),
    ...expectEqual('walks that count more than there is', counts.doubled, 0),
    ...(run.plan.scope === 'wallAndPosts'
      ? []
      : expectEqual('unlisted in the sum', task.ledger.unlisted, counts.unlisted)),
  ];
};
