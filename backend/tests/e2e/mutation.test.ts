import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import { createWorld } from '@stenograf/sandbox/world/createWorld';
import type { PostPlan } from '@stenograf/sandbox/world/plan';
import fc from 'fast-check';
import { QueryTypes } from 'sequelize';
import { type Collecting, createCollecting } from '../support/collecting';
import { type Schedule, mutateBetweenRequests, schedules } from '../support/liveMutations';
import { byKey } from '../support/records';

const RUNS = 15;

/** Three pages of posts, two of root comments under one of them, two of replies in one thread. */
const POSTS: PostPlan[] = Array.from({ length: 210 }, (_, index): PostPlan => {
  if (index === 30) return { roots: Array.from({ length: 130 }, () => ({})) };
  if (index === 100) return { roots: [{ replies: 3 }, { replies: 120 }, {}] };
  if (index === 205) return { roots: [{ replies: 12 }, { isStub: true, replies: 2 }] };
  return index % 25 === 0 ? { roots: [{ replies: 1 }, {}] } : {};
});

const createManyLists = (count: number) =>
  createWorld(
    {
      users: 20,
      communities: Array.from({ length: count }, (_, index) => ({ id: index + 1, posts: POSTS })),
    },
    7,
  );

const WAYS = [
  { name: 'packed calls', kind: 'user', env: { VK_USER_RPS: '60' } },
  { name: 'single calls', kind: 'service', env: { VK_SERVICE_RPS: '100' } },
] as const;

interface OwnerCounts {
  posts: number;
  comments: number;
  authors: number;
  deleted: number;
  walks: number;
}

for (const { name, kind, env } of WAYS) {
  describe(`a wall that changes between two pages, read with ${name}`, () => {
    let collecting: Collecting;
    let lastId = 0;

    beforeAll(async () => {
      collecting = await createCollecting({
        // A failure is shrunk on walls of its own.
        sandbox: {
          world: createManyLists(RUNS + 20),
          tokens: [{ token: 'sandbox-token', kind, rps: 1_000 }],
        },
        tokens: `${kind}:sandbox-token`,
        env,
      });
    }, 60_000);
    afterAll(() => collecting.stop());

    const countRows = async (id: number): Promise<OwnerCounts> => {
      const [counts] = await collecting.container.sequelize.query<OwnerCounts>(
        `SELECT (SELECT count(*) FROM posts WHERE owner_id = $1)::int AS posts,
           (SELECT count(*) FROM comments WHERE owner_id = $1)::int AS comments,
           (SELECT count(DISTINCT from_id) FROM (
             SELECT from_id FROM posts WHERE owner_id = $1
             UNION SELECT from_id FROM comments WHERE owner_id = $1) AS who)::int AS authors,
           (SELECT count(*) FROM comments WHERE owner_id = $1 AND deleted_at IS NOT NULL)::int
             + (SELECT count(*) FROM posts WHERE owner_id = $1 AND deleted_at IS NOT NULL)::int
             AS deleted,
           (SELECT count(*) FROM walks WHERE owner_id = $1 AND state <> 'done')::int AS walks`,
        { bind: [-id], type: QueryTypes.SELECT },
      );
      if (!counts) throw new Error('Counting brings a row.');
      return counts;
    };

    /** Whatever was there from the mark to the end is stored, and as VK shows what did not change. */
    const expectStayedStored = async (taskId: number, id: number, mark: number) => {
      const exported = byKey(await collecting.exportAll(taskId));
      const { posts, comments, unsettled } = collecting.sandbox.truth({
        communities: [id],
        since: mark,
      });
      const stayed = byKey([...posts, ...comments] as ExportRecord[]);
      // What was edited meanwhile may have been read before or after: it must be there, no more.
      const edited = new Set(unsettled.map((entry) => entry.replace(':', ' ')));
      const keys = Object.keys(stayed).filter((key) => !(key in exported && edited.has(key)));
      const among = (records: typeof stayed) => keys.map((key) => [key, records[key]]);
      expect(among(exported)).toEqual(among(stayed));
    };

    const collectWhile = async (schedule: Schedule): Promise<number> => {
      lastId += 1;
      const id = lastId;
      const mark = collecting.sandbox.mark();
      const stop = mutateBetweenRequests(collecting.sandbox, id, schedule);
      const { id: taskId, ...task } = await collecting.collect({ communities: [`club${id}`] });
      const { applied } = stop();
      await expectStayedStored(taskId, id, mark);
      const { posts, comments, authors, deleted, walks } = await countRows(id);
      expect(task.status).toBe('completed');
      expect(walks).toBe(0);
      expect(task.metrics).toMatchObject({ posts, comments, authors, new: posts + comments });
      expect(task.metrics.deleted).toBe(deleted);
      return applied;
    };

    test('is stored with everything that stayed, and counted exactly', async () => {
      let applied = 0;
      const property = fc.asyncProperty(schedules, async (schedule) => {
        applied += await collectWhile(schedule);
      });
      const seed = Date.now() & 0x7fff_ffff;
      await fc.assert(property, {
        seed,
        numRuns: RUNS,
        maxSkipsPerRun: 0,
        interruptAfterTimeLimit: 50_000,
      });
      console.log(`  ${RUNS} schedules from seed ${seed}: ${applied} changes`);
    }, 60_000);
  });
}
