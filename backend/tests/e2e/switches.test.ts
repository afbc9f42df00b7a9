import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createSandbox, type Sandbox } from '@stenograf/sandbox';
import type { SandboxToken } from '@stenograf/sandbox/limits/tokens';
import { SWITCHES, type Switches, type SwitchName } from '@stenograf/sandbox/vk/switches';
import { createWorld } from '@stenograf/sandbox/world/createWorld';
import type { World } from '@stenograf/sandbox/world/model';
import { quirkPosts } from '@stenograf/sandbox/world/quirks';
import { type Collecting, createCollecting } from '../support/collecting';
import { byKey } from '../support/records';
import { truthOf } from '../support/truthOf';

/** Fast tokens and few sweeps: what is proven here depends on neither. */
const FAST = { VK_USER_RPS: '100', VK_SERVICE_RPS: '100', STENOGRAF_SWEEP_MS: '50' };

const USER: SandboxToken = { token: 'sandbox-user-token', kind: 'user', rps: 1_000 };

/** Whose values are about a token or a limit: each of them needs tokens of its own. */
const OF_TOKENS = ['serviceExecute', 'serviceRps', 'rateScope', 'quotaWindow', 'quotaScope'];

const NAMES = Object.keys(SWITCHES) as SwitchName[];

const switchesOf = (name: SwitchName, value: unknown): Partial<Switches> => ({ [name]: value });

/**
 * Every quirk on one wall of two pages, with the pinned post on the second, and two communities that
 * cannot be read. Their numbers differ from turn to turn, so that one database serves them all.
 */
const createQuirks = (base: number): World =>
  createWorld(
    {
      users: 80,
      communities: [
        {
          id: base + 1,
          posts: [...quirkPosts(), ...Array.from({ length: 70 }, () => ({ isEdited: true }))],
        },
        { id: base + 2, state: 'closed', posts: [{}] },
        { id: base + 3, state: 'vanished', posts: [{}] },
        { id: 7_001, screenName: 'gost', isBystander: true, posts: [] },
      ],
    },
    7,
  );

/** One comment without replies, one with replies and one post are deleted before anybody looks. */
const deleteSome = ({ world, mutator }: Sandbox, communityId: number): void => {
  const wall = world.communities.get(communityId)?.wall;
  const roots = (wall?.posts ?? [])
    .filter(({ commentAccess, isHidden }) => commentAccess === 'open' && !isHidden)
    .flatMap((post) => post.roots);
  const leaf = roots.find(({ replies, isDeleted }) => replies.length === 0 && !isDeleted);
  const stem = roots.find(({ replies, isDeleted }) => replies.length > 10 && !isDeleted);
  const post = wall?.posts.find(({ isHidden, id }) => !isHidden && id !== wall.pinnedId);
  if (!wall || !leaf || !stem || !post) throw new Error('The world has nothing to delete.');
  mutator.deleteComment(wall.ownerId, leaf.id);
  mutator.deleteComment(wall.ownerId, stem.id);
  mutator.deletePost(wall.ownerId, post.id);
};

const refsOf = ({ world }: Sandbox): string[] =>
  [...world.communities.values()]
    .filter(({ isBystander }) => !isBystander)
    .map(({ id }) => `club${id}`);

/** Collects all there is and holds it against the sandbox's own list, the statuses too. */
const expectComplete = async (
  { collect, exportAll, container }: Collecting,
  sandbox: Sandbox,
  { unknownGroup }: Partial<Switches> = {},
): Promise<void> => {
  const showsUnknown = unknownGroup === 'deactivated';
  const task = await collect({ communities: refsOf(sandbox) });
  const { failures, ...truth } = sandbox.truth();
  expect(task.status).toBe(failures.length === 0 ? 'completed' : 'partial');
  expect(task.metrics).toMatchObject({
    posts: truth.posts.length,
    comments: truth.comments.length,
  });
  const { items } = await container.taskService.listTargets(task.id, { limit: 100 });
  const unread = items
    .filter(({ status }) => status !== 'completed')
    .map(({ refs, status, reasonKind }) => ({ ref: refs[0], status, kind: reasonKind }));
  expect(unread).toEqual(
    failures.map(({ community_id: id, kind }) => ({
      ref: `club${id}`,
      status: 'failed',
      // Where VK shows a number that nobody has as a deleted community, it is called one.
      kind: kind === 'not_found' && showsUnknown ? 'community_deleted' : kind,
    })),
  );
  const exported = byKey(await exportAll(task.id));
  const expected = truthOf(sandbox);
  expect(Object.keys(exported).sort()).toEqual(Object.keys(expected).sort());
  expect(exported).toEqual(expected);
};

describe('a world with every quirk is exported record for record, whatever VK does about', () => {
  let collecting: Collecting;
  let turns = 0;

  beforeAll(async () => {
    collecting = await createCollecting({
      sandbox: { tokens: [USER] },
      tokens: `user:${USER.token}`,
      env: FAST,
    });
    await collecting.sandbox.stop();
  });

  afterAll(() => collecting.stop());

  /** A database remembers its VK by the address: each turn is another sandbox at the same one. */
  const withSandbox = async (
    switches: Partial<Switches>,
    work: (sandbox: Sandbox, communityId: number) => Promise<void>,
  ): Promise<void> => {
    turns += 1;
    const base = turns * 10;
    const { port } = collecting.sandbox;
    const sandbox = await createSandbox({
      port,
      world: createQuirks(base),
      switches,
      tokens: [USER],
    });
    try {
      await work(sandbox, base + 1);
    } finally {
      await sandbox.stop();
    }
  };

  for (const name of NAMES.filter((name) => !OF_TOKENS.includes(name))) {
    test(`${name}: ${SWITCHES[name].join(', ')}`, async () => {
      for (const value of SWITCHES[name]) {
        const switches = switchesOf(name, value);
        await withSandbox(switches, async (sandbox, communityId) => {
          deleteSome(sandbox, communityId);
          await expectComplete(collecting, sandbox, switches);
        });
      }
    }, 30_000);
  }

  for (const deletedPost of SWITCHES.deletedPost) {
    test(`a post deleted later, which is ${deletedPost}, keeps the text that was read`, async () => {
      await withSandbox({ deletedPost }, async (sandbox, communityId) => {
        const post = sandbox.truth().posts.find(({ comments }) => comments > 0);
        if (!post) throw new Error('No post has comments.');
        const ref = `https://vk.com/wall-${communityId}_${post.id}`;
        const before = await collecting.collect({ communities: [ref] });
        sandbox.mutator.deletePost(-communityId, post.id);
        // Twice, for VK writes the flag of a stub as true in one reply and as 1 in the next.
        for (const _look of [1, 2]) {
          const again = await collecting.collect({ communities: [ref] });
          expect(again).toMatchObject({ status: 'failed' });
        }
        const rows = await collecting.exportAll(before.id);
        const stored = rows.find((row) => row.kind === 'post' && row.id === post.id);
        expect(stored).toMatchObject({ text: post.text });
      });
    }, 30_000);
  }
});

test('a wall deeper than VK answers is read as far as that, and is not called complete', async () => {
  const wallOffsetMax = 10_000;
  const posts = Array.from({ length: wallOffsetMax + 250 }, () => ({}));
  const collecting = await createCollecting({
    sandbox: {
      world: createWorld({ users: 1, communities: [{ id: 1, posts }] }, 7),
      switches: { wallOffsetMax },
      tokens: [USER],
    },
    tokens: `user:${USER.token}`,
    env: FAST,
  });
  // The truth knows all posts, but nobody can list the oldest.
  const task = await collecting.collect({ communities: ['club1'] });
  expect(task.status).toBe('partial');
  expect(task.metrics.posts).toBeGreaterThan(wallOffsetMax);
  const { items } = await collecting.container.taskService.listTargets(task.id, { limit: 9 });
  expect(items).toMatchObject([{ status: 'partial', reasonKind: 'unproven' }]);
  await collecting.stop();
}, 60_000);

interface TokenCase {
  tokens: SandboxToken[];
  switches: Partial<Switches>;
  env?: Record<string, string>;
  world?: World | 'tiny';
}

const withCollecting = async (
  { tokens, switches, env, world = createQuirks(0) }: TokenCase,
  work: (collecting: Collecting) => Promise<void>,
): Promise<void> => {
  const collecting = await createCollecting({
    sandbox: { world, switches, tokens },
    tokens: tokens.map(({ kind, token }) => `${kind}:${token}`).join(','),
    env: { ...FAST, ...env },
  });
  try {
    await work(collecting);
  } finally {
    await collecting.stop();
  }
};

describe('tokens, whatever VK does about', () => {
  for (const serviceExecute of SWITCHES.serviceExecute) {
    test.concurrent(
      `execute with a service key: ${serviceExecute ? 'calls are packed' : 'single calls'}`,
      async () => {
        const tokens: SandboxToken[] = [{ token: 'key', kind: 'service', rps: 1_000 }];
        await withCollecting({ tokens, switches: { serviceExecute } }, async (collecting) => {
          await expectComplete(collecting, collecting.sandbox);
          const { calls, requests } = collecting.sandbox.stats();
          if (serviceExecute) expect(requests).toBeLessThan(calls);
          else expect(requests).toBeGreaterThanOrEqual(calls);
        });
      },
      30_000,
    );
  }

  for (const serviceRps of SWITCHES.serviceRps) {
    test.concurrent(
      `the rate of a service key: ${serviceRps}`,
      async () => {
        const tokens: SandboxToken[] = [{ token: 'key', kind: 'service' }];
        // Packed, for single calls at three a second would take a minute.
        const switches: Partial<Switches> = { serviceRps, serviceExecute: true };
        const env = { VK_SERVICE_RPS: String(serviceRps) };
        await withCollecting({ tokens, switches, env, world: 'tiny' }, (collecting) =>
          expectComplete(collecting, collecting.sandbox),
        );
      },
      30_000,
    );
  }

  for (const rateScope of SWITCHES.rateScope) {
    test.concurrent(
      `whose requests share a rate: the ${rateScope}'s`,
      async () => {
        const shared = { kind: 'user', account: 'anna', canExecute: false, rps: 6 } as const;
        const tokens: SandboxToken[] = [
          { ...shared, token: 'one' },
          { ...shared, token: 'other' },
        ];
        const env = { VK_USER_RPS: '6' };
        await withCollecting(
          { tokens, switches: { rateScope }, env, world: 'tiny' },
          async (collecting) => {
            await expectComplete(collecting, collecting.sandbox);
            // Two tokens are two rates to us; where VK counts them as one it says so, and is heard.
            const { violations } = collecting.sandbox.stats();
            if (rateScope !== 'token') expect(violations.length).toBeGreaterThan(0);
          },
        );
      },
      30_000,
    );
  }

  /** Two tokens of one application that may make `each` calls a day for the comments of a world. */
  const withQuota = (
    switches: Partial<Switches>,
    each: number,
    work: (collecting: Collecting) => Promise<void>,
  ): Promise<void> => {
    const quotas = { 'wall.getComments': each };
    const tokens = ['one', 'other'].map((token): SandboxToken => ({ ...USER, token, quotas }));
    return withCollecting({ tokens, switches, world: 'tiny' }, work);
  };

  const expectWaiting = async (collecting: Collecting): Promise<void> => {
    const { sandbox, collect, exportAll } = collecting;
    const task = await collect({ communities: refsOf(sandbox) });
    expect(task).toMatchObject({ status: 'waiting', waitingFor: 'quota' });
    const exported = byKey(await exportAll(task.id));
    const expected = truthOf(sandbox);
    expect(Object.keys(expected)).toEqual(expect.arrayContaining(Object.keys(exported)));
    expect(Object.keys(exported).length).toBeLessThan(Object.keys(expected).length);
  };

  const callsNeeded = 40;

  for (const quotaScope of SWITCHES.quotaScope) {
    const outcome = quotaScope === 'token' ? 'the other token goes on' : 'the task waits for it';
    test.concurrent(
      `whose calls share a quota: the ${quotaScope}'s; when it is used up ${outcome}`,
      async () => {
        await withQuota({ quotaScope }, callsNeeded * 0.6, async (collecting) => {
          if (quotaScope === 'token') await expectComplete(collecting, collecting.sandbox);
          else await expectWaiting(collecting);
        });
      },
      30_000,
    );
  }

  for (const quotaWindow of SWITCHES.quotaWindow) {
    test.concurrent(
      `when calls come free again (${quotaWindow}): the task waits for it`,
      async () => {
        await withQuota({ quotaWindow }, callsNeeded * 0.3, expectWaiting);
      },
      30_000,
    );
  }
});
