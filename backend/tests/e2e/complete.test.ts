import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import type { SandboxToken } from '@stenograf/sandbox/limits/tokens';
import { type Collecting, createCollecting } from '../support/collecting';
import { byKey } from '../support/records';
import { rowVersions } from '../support/rowVersions';

/** Fast tokens: what is proven here does not depend on the rate. */
const FAST = { VK_USER_RPS: '40', VK_SERVICE_RPS: '60' };

const WAYS: { name: string; tokens: string; sandboxToken: SandboxToken }[] = [
  {
    name: 'a user token that packs',
    tokens: 'user:sandbox-user-token',
    sandboxToken: { token: 'sandbox-user-token', kind: 'user', rps: 1_000 },
  },
  {
    name: 'nothing but a service key that cannot execute',
    tokens: 'service:sandbox-service-key',
    sandboxToken: { token: 'sandbox-service-key', kind: 'service', rps: 1_000 },
  },
];

const truthOf = ({ sandbox }: Collecting) => {
  const { posts, comments, authors, communities } = sandbox.truth();
  return byKey([...posts, ...comments, ...authors, ...communities] as ExportRecord[]);
};

for (const { name, tokens, sandboxToken } of WAYS) {
  describe(`a world with every quirk, read with ${name}`, () => {
    let collecting: Collecting;
    let communities: string[];
    let taskId: number;

    beforeAll(async () => {
      collecting = await createCollecting({
        sandbox: { world: 'quirks', tokens: [sandboxToken] },
        tokens,
        env: FAST,
      });
      communities = [...collecting.sandbox.world.communities.values()]
        .filter((community) => !community.isBystander)
        .map((community) => `club${community.id}`);
    });

    afterAll(() => collecting.stop());

    test('is exported record for record, field for field as the sandbox lists it', async () => {
      const task = await collecting.collect({ communities });
      taskId = task.id;
      const exported = byKey(await collecting.exportAll(taskId));
      const expected = truthOf(collecting);
      expect(Object.keys(exported).sort()).toEqual(Object.keys(expected).sort());
      expect(exported).toEqual(expected);
    }, 60_000);

    test('ends partial, naming each community that cannot be read with the reason and the code', async () => {
      const task = await collecting.container.taskService.getTask(taskId);
      expect(task.status).toBe('partial');
      const { items } = await collecting.container.taskService.listTargets(taskId, { limit: 100 });
      const failed = items
        .filter((target) => target.status === 'failed')
        .map((target) => ({ ref: target.refs[0], kind: target.reasonKind }));
      const expected = collecting.sandbox
        .truth()
        .failures.map(({ community_id: id, kind }) => ({ ref: `club${id}`, kind }));
      expect(failed).toEqual(expected);
      expect(items.filter((target) => target.status === 'partial')).toEqual([]);
    });

    test('counts exactly what its tables hold', async () => {
      const { metrics, progress } = await collecting.container.taskService.getTask(taskId);
      const truth = collecting.sandbox.truth();
      expect(metrics.posts).toBe(truth.posts.length);
      expect(metrics.comments).toBe(truth.comments.length);
      expect(metrics.authors).toBe(
        new Set([...truth.posts, ...truth.comments].flatMap((row) => row.from_id ?? [])).size,
      );
      expect(metrics.calls).toBe(collecting.sandbox.stats().calls);
      expect(progress).toBe(1);
    });

    test('writes no row when it is read a second time', async () => {
      const before = await rowVersions(collecting.container.sequelize);
      const again = await collecting.collect({ communities });
      expect(again.metrics).toMatchObject({ new: 0, changed: 0, deleted: 0 });
      expect(await rowVersions(collecting.container.sequelize)).toEqual(before);
    }, 60_000);
  });
}
