import { afterAll, describe, expect, test } from 'bun:test';
import { createSandbox, type Sandbox, type SandboxOptions } from '@stenograf/sandbox';
import type { SandboxToken } from '@stenograf/sandbox/limits/tokens';
import { SWITCHES, type Switches, type SwitchName } from '@stenograf/sandbox/vk/switches';
import { createWorld } from '@stenograf/sandbox/world/createWorld';
import type { Community, World } from '@stenograf/sandbox/world/model';
import { createRandom, type Random } from '@stenograf/sandbox/world/random';
import { planWorld } from '@stenograf/sandbox/world/sizes';
import type { Value } from '../../../src/probe/asking';
import { POINTS } from '../../../src/probe/points';
import type { DeletedThing } from '../../../src/probe/probe';
import { runProbe, type ProbeOptions, type ProbeReport } from '../../../src/probe/runProbe';

const NAMES = Object.keys(SWITCHES) as SwitchName[];

/** Telling these would take requests beyond the rate, or all calls of a day. */
const NEVER_ASKED = ['serviceRps', 'rateScope', 'quotaWindow', 'quotaScope', 'commentsQuota'];

const ROUNDS = 24;

const TOKENS: SandboxToken[] = [
  { token: 'secret-user-token-of-the-probe', kind: 'user', rps: 1_000 },
  { token: 'secret-service-key-of-the-probe', kind: 'service', rps: 1_000 },
];

const DEEP_ID = 200;

/** The world of quirks, and a wall deeper than any that VK may answer. */
const createProbedWorld = (seed: number): World => {
  const plan = planWorld('quirks', seed);
  const posts = Array.from({ length: 10_300 }, (_, index) => ({ isHidden: index % 40 === 7 }));
  return createWorld({ ...plan, communities: [...plan.communities, { id: DEEP_ID, posts }] }, seed);
};

const askSandbox = (
  sandbox: Sandbox,
  options: Partial<Omit<ProbeOptions, 'vk'>> & {
    tokens?: readonly SandboxToken[];
    userRps?: number;
    jitterMs?: number;
  } = {},
): Promise<ProbeReport> => {
  const { tokens = TOKENS, userRps = 1_000, jitterMs = 20, ...others } = options;
  return runProbe({
    vk: {
      url: sandbox.url,
      version: '5.199',
      tokens: [...tokens],
      userRps,
      serviceRps: 1_000,
      jitterMs,
      requestTimeoutMs: 5_000,
      responseBytesMax: 32 * 1024 * 1024,
    },
    references: ['club1', 'club2', 'club5', `club${DEEP_ID}`],
    deleted: [],
    signal: new AbortController().signal,
    ...others,
  });
};

const getWall = (world: World, communityId: number): Community['wall'] => {
  const community = world.communities.get(communityId);
  if (!community) throw new Error(`There is no community ${communityId}.`);
  return community.wall;
};

/** Deletes a post and a comment that nobody answered. @returns both, as a person would name them */
const deleteTwo = ({ world, mutator }: Sandbox): DeletedThing[] => {
  const { posts, ownerId } = getWall(world, 2);
  const [post, discussed] = [posts.at(-1), posts.find(({ roots }) => roots.length > 0)];
  const leaf = posts
    .filter((other) => other !== post && other.commentAccess === 'open')
    .flatMap(({ roots }) => roots)
    .find(({ replies, isDeleted }) => replies.length === 0 && !isDeleted);
  if (!post || !discussed || !leaf) throw new Error('The wall has nothing to delete.');
  mutator.deletePost(ownerId, post.id);
  mutator.deleteComment(ownerId, leaf.id);
  return [
    { ownerId, postId: post.id, commentId: null, rootId: null },
    { ownerId, postId: leaf.postId, commentId: leaf.id, rootId: null },
  ];
};

const drawSwitches = (random: Random): Switches =>
  Object.fromEntries(
    NAMES.map((name) => [name, random.pick(SWITCHES[name] as readonly unknown[])]),
  ) as unknown as Switches;

const pick = (switches: Switches, names: readonly string[]): Partial<Switches> =>
  Object.fromEntries(names.map((name) => [name, switches[name as SwitchName]]));

/** Names and texts of the world that are long enough not to be part of any sentence. */
const wordsOf = ({ users, communities }: World): string[] => [
  ...[...users.values()].flatMap(({ firstName, lastName, latin, screenName }) => [
    firstName,
    lastName,
    latin.lastName,
    screenName ?? '',
  ]),
  ...[...communities.values()].flatMap(({ name, latinName, wall }) => [
    name,
    latinName,
    ...wall.posts.map(({ text }) => text),
    ...[...wall.commentById.values()].map(({ text }) => text),
  ]),
];

const isTelling = (word: string): boolean => /[А-Яа-яЁё]/.test(word) || word.length > 5;

const expectNothingQuoted = (report: ProbeReport, world: World): void => {
  const text = JSON.stringify(report);
  const secrets = TOKENS.map(({ token }) => token);
  const telling = [...wordsOf(world).filter(isTelling), ...secrets];
  expect(telling.filter((word) => text.includes(word))).toEqual([]);
};

const pointOf = ({ points }: ProbeReport, name: string) =>
  points.find((point) => point.name === name);

/** Whatever is called seen must be how the sandbox is switched. */
const expectNothingWrong = ({ points }: ProbeReport, switches: Switches): void => {
  const seen = points.filter(({ name, state }) => name in SWITCHES && state === 'seen');
  const said = Object.fromEntries(seen.map(({ name, value }) => [name, value]));
  const real = Object.fromEntries(seen.map(({ name }) => [name, switches[name as SwitchName]]));
  expect(said).toEqual(real);
};

const withSandbox = async <T>(
  options: SandboxOptions,
  work: (sandbox: Sandbox) => Promise<T>,
): Promise<T> => {
  const sandbox = await createSandbox({ tokens: TOKENS, ...options });
  try {
    return await work(sandbox);
  } finally {
    await sandbox.stop();
  }
};

describe(`of ${ROUNDS} sandboxes with switches at random`, () => {
  const told = new Map<string, Set<Value>>();
  const requests: number[] = [];
  const seen: number[] = [];

  afterAll(() => {
    const range = (numbers: number[]) => `${Math.min(...numbers)} to ${Math.max(...numbers)}`;
    console.log(`  ${range(seen)} of ${NAMES.length} switches seen, ${range(requests)} requests`);
  });

  for (let round = 1; round <= ROUNDS; round += 1) {
    test(`number ${round} is named right, in fewer than 100 requests, quoting nothing`, async () => {
      const switches = drawSwitches(createRandom(round, 'switches'));
      const world = createProbedWorld(round);
      await withSandbox({ world, switches }, async (sandbox) => {
        const report = await askSandbox(sandbox, { deleted: deleteTwo(sandbox) });
        expectNothingWrong(report, switches);
        expect(report.switches).toMatchObject(pick(switches, Object.keys(report.switches)));
        const stats = sandbox.stats();
        expect(stats.violations).toEqual([]);
        expect(stats.calls).toBeLessThan(100);
        // An address that is too long is no request to VK's API.
        expect(report.calls).toBe(stats.requests + (switches.longAddress === '414' ? 1 : 0));
        expect(report.calls).toBeLessThan(100);
        expect(report.ended_early).toBeNull();
        expectNothingQuoted(report, world);
        requests.push(report.calls);
        seen.push(Object.keys(report.switches).length);
        for (const [name, value] of Object.entries(report.switches)) {
          told.set(name, (told.get(name) ?? new Set()).add(value));
        }
      });
    }, 20_000);
  }

  test('every value of every switch that may be asked for is told by some of them', () => {
    const sorted = (values: Iterable<unknown>) => [...values].map(String).sort();
    const asked = NAMES.filter((name) => !NEVER_ASKED.includes(name)).map((name) => [
      name,
      // That no control characters were found is no proof that VK removes them.
      sorted(SWITCHES[name].filter((value) => value !== 'removed')),
    ]);
    const found = [...told].map(([name, values]) => [name, sorted(values)]);
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(asked));
  });
});

describe('a small world', () => {
  test('shows little, and nothing wrong, whatever the switches', async () => {
    for (let round = 1; round <= 12; round += 1) {
      const switches = drawSwitches(createRandom(round, 'small'));
      await withSandbox({ world: 'tiny', seed: round, switches }, async (sandbox) => {
        const report = await askSandbox(sandbox, { references: ['vetrogorod', 'club2'] });
        expectNothingWrong(report, switches);
        expect(pointOf(report, 'wallOffsetMax')).toMatchObject({
          state: 'not_seen',
          value: null,
          needed: 'a wall of more than 10100 posts',
        });
      });
    }
  }, 20_000);

  test('may be named by references of which some exist nowhere', async () => {
    await withSandbox({ world: 'tiny' }, async (sandbox) => {
      const report = await askSandbox(sandbox, { references: ['net_takogo', 'vetrogorod'] });
      expect(report).toMatchObject({ walls: 1, ended_early: null });
    });
  });
});

describe('tokens', () => {
  const ask = (sandbox: Sandbox, tokens: readonly SandboxToken[]) =>
    askSandbox(sandbox, { tokens, references: ['club1'] });
  const [user, service] = TOKENS as [SandboxToken, SandboxToken];

  test('a service key alone reads the walls, and is asked whether it may execute', async () => {
    await withSandbox({ world: 'quirks', switches: { serviceExecute: true } }, async (sandbox) => {
      const report = await ask(sandbox, [service]);
      expect(report).toMatchObject({ token_kind: 'service', walls: 1, ended_early: null });
      expect(pointOf(report, 'serviceExecute')).toMatchObject({ state: 'seen', value: true });
    });
  });

  test('a user token alone leaves what is about service keys unasked', async () => {
    await withSandbox({ world: 'tiny' }, async (sandbox) => {
      const report = await ask(sandbox, [user]);
      expect(pointOf(report, 'serviceExecute')).toMatchObject({
        state: 'not_asked',
        needed: 'a service key in VK_TOKENS',
      });
    });
  });

  test('a community’s token reads no wall and is refused', async () => {
    await withSandbox({ world: 'tiny' }, async (sandbox) => {
      const asking = ask(sandbox, [{ token: 'community', kind: 'community' }]);
      expect(await asking.catch((error: unknown) => error)).toBeInstanceOf(RangeError);
    });
  });

  test('the rate of the token is kept', async () => {
    const tokens = [{ ...user, rps: 30 }];
    await withSandbox({ world: 'quirks', tokens }, async (sandbox) => {
      const report = await askSandbox(sandbox, { tokens, userRps: 30, jitterMs: 300 });
      expect(report.calls).toBeGreaterThan(30);
      expect(sandbox.stats().violations).toEqual([]);
    });
  }, 20_000);

  for (const [code, reason] of [
    [5, 'token'],
    [14, 'captcha'],
    [17, 'token'],
  ] as const) {
    test(`error ${code} ends the run at once; what would have been asked then is left open`, async () => {
      await withSandbox({ world: 'tiny' }, async (sandbox) => {
        sandbox.faults.add({ kind: 'vk-error', code, skip: 3, times: 'always' });
        const report = await ask(sandbox, [user]);
        expect(report).toMatchObject({ calls: 4, ended_early: { reason, code } });
        for (const name of ['unknownGroup', 'defaultSort', 'longAddress']) {
          expect(pointOf(report, name)).toMatchObject({ state: 'not_asked', value: null });
        }
      });
    });
  }

  test('a server that fails now and then is asked again', async () => {
    await withSandbox({ world: 'tiny' }, async (sandbox) => {
      sandbox.faults.add({ kind: 'vk-error', code: 10, skip: 2 });
      sandbox.faults.add({ kind: 'reset', skip: 4 });
      expect(await ask(sandbox, [user])).toMatchObject({ walls: 1, ended_early: null });
    });
  }, 10_000);
});

test('the points name the switches of the sandbox and their values, so that a report fits', () => {
  const switched = POINTS.filter(({ values }) => values.length > 0);
  expect(Object.fromEntries(switched.map(({ name, values }) => [name, [...values]]))).toEqual(
    Object.fromEntries(NAMES.map((name) => [name, [...SWITCHES[name]]])),
  );
});
