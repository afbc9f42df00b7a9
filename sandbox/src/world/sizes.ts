import { fillPosts, plainRoots, type FillerStyle } from './fillers';
import type { CommunityPlan, PostPlan, WorldPlan } from './plan';
import { quirkPosts } from './quirks';
import { createRandom } from './random';

export const WORLD_SIZES = ['tiny', 'quirks', 'demo'] as const;
/**
 * `tiny`: 3 communities, about 30 posts, about 300 comments. `quirks`: every quirk once. `demo`: over
 * 1 000 posts and 20 000 comments in 6 communities, with few quirks.
 */
export type WorldSize = (typeof WORLD_SIZES)[number];

/** Communities that write on the walls of others. */
const BYSTANDERS: CommunityPlan[] = [
  { id: 7_001, screenName: 'gost_s_severa', name: 'Гость с севера', isBystander: true, posts: [] },
  { id: 7_002, name: 'Безымянный «клуб», "7002"', type: 'page', isBystander: true, posts: [] },
  { id: 7_003, name: 'Удалённый сосед', state: 'deleted', isBystander: true, posts: [] },
];

const QUIET: FillerStyle = {
  commented: 0.35,
  roots: (random) => random.int(1, 6),
  replies: (random) => (random.chance(0.2) ? random.int(1, 3) : 0),
  byUsers: 0.2,
};

const LIVELY: FillerStyle = {
  commented: 0.85,
  roots: (random) => random.int(4, 14),
  replies: (random) => (random.chance(0.25) ? random.int(1, 4) : 0),
  byUsers: 0.2,
};

/** Most posts draw a few comments, some a hundred; one root in 150 starts a long thread. */
const BUSY: FillerStyle = {
  commented: 0.88,
  roots: (random) => {
    const share = random.next();
    if (share < 0.02) return random.int(110, 260);
    return share < 0.08 ? random.int(40, 90) : random.int(2, 22);
  },
  replies: (random) => {
    const share = random.next();
    if (share < 0.0005) return random.int(101, 130);
    if (share < 0.0055) return random.int(11, 40);
    return share < 0.25 ? random.int(1, 3) : 0;
  },
  byUsers: 0.15,
};

const tinyWall = (seed: number, label: string): PostPlan[] => [
  { isPinned: true, text: 'Закреплено', roots: plainRoots(3) },
  { roots: [{ replies: 11 }, { isStub: true, replies: 1 }, { by: 'bystander' }] },
  ...fillPosts(createRandom(seed, `tiny ${label}`), 10, LIVELY),
];

const planTiny = (seed: number): WorldPlan => ({
  users: 60,
  personName: 'anna_vetrova',
  communities: [
    { id: 1, screenName: 'vetrogorod', posts: tinyWall(seed, 'twin'), twinLabel: 'twin' },
    { id: 2, posts: tinyWall(seed, 'twin'), twinLabel: 'twin' },
    {
      id: 3,
      name: 'Книга и чай',
      screenName: 'kniga_i_chay',
      type: 'page',
      posts: fillPosts(createRandom(seed, 'tiny page'), 6, LIVELY),
    },
    ...BYSTANDERS,
  ],
});

const unreadable = (): CommunityPlan[] => [
  { id: 101, screenName: 'zakrytyi_klub', state: 'closed', posts: [{}, { roots: [{}] }] },
  { id: 102, screenName: 'zablokirovano', type: 'page', state: 'banned', posts: [{}] },
];

const planQuirks = (seed: number): WorldPlan => {
  const fill = (label: string, count: number, style: FillerStyle): PostPlan[] =>
    fillPosts(createRandom(seed, `quirks ${label}`), count, style);
  const long = fill('long', 212, { ...QUIET, commented: 0.15 });
  return {
    users: 200,
    personName: 'anna_vetrova',
    appName: 'igra_dvornik',
    communities: [
      { id: 1, screenName: 'vetrogorod', posts: [...quirkPosts(), ...fill('main', 70, QUIET)] },
      { id: 2, posts: tinyWall(seed, 'twin'), twinLabel: 'twin' },
      {
        id: 3,
        name: 'Книга и чай',
        screenName: 'Kniga_i_chay',
        type: 'page',
        posts: tinyWall(seed, 'twin'),
        twinLabel: 'twin',
      },
      {
        id: 4,
        name: 'Ночной театр',
        screenName: 'noch.teatra',
        type: 'event',
        posts: fill('event', 14, LIVELY),
      },
      {
        id: 5,
        type: 'page',
        posts: [
          ...long.slice(0, 40),
          { isPinned: true, text: 'Старое, но закреплённое', roots: plainRoots(1) },
          ...long.slice(40, 118),
          ...Array.from({ length: 12 }, () => ({ isHidden: true })),
          ...long.slice(118),
        ],
      },
      { id: 6, screenName: 'pusto', posts: [] },
      ...unreadable(),
      { id: 103, screenName: 'udaleno', state: 'deleted', posts: [{}] },
      { id: 104, screenName: 'bez_steny', type: 'page', state: 'disabled', posts: [{}] },
      { id: 105, screenName: 'ischezlo', state: 'vanished', posts: [{}] },
      ...BYSTANDERS,
    ],
  };
};

const DEMO_WALLS: readonly (Pick<CommunityPlan, 'screenName' | 'type'> & { posts: number })[] = [
  { screenName: 'vetrogorod', posts: 260 },
  { screenName: 'kniga_i_chay', type: 'page', posts: 220 },
  { screenName: 'velosever', posts: 200 },
  { screenName: 'dvor_na_sadovoy', posts: 170 },
  { screenName: 'noch.teatra', type: 'event', posts: 130 },
  { type: 'page', posts: 80 },
];

const planDemo = (seed: number): WorldPlan => ({
  users: 3_000,
  personName: 'anna_vetrova',
  communities: [
    ...DEMO_WALLS.map(({ posts, ...community }, index): CommunityPlan => {
      const plans = fillPosts(createRandom(seed, `demo ${index}`), posts, BUSY);
      plans[index * 3] = { isPinned: true, text: 'Закреплено: правила', roots: plainRoots(2) };
      plans[index * 3 + 5] = {
        text: 'Без обсуждений',
        roots: plainRoots(1),
        commentAccess: 'closed',
      };
      plans[index * 3 + 9] = { isHidden: true };
      return { ...community, id: index + 1, posts: plans };
    }),
    ...unreadable(),
    ...BYSTANDERS,
  ],
});

const PLANS: Record<WorldSize, (seed: number) => WorldPlan> = {
  tiny: planTiny,
  quirks: planQuirks,
  demo: planDemo,
};

export const planWorld = (size: WorldSize, seed: number): WorldPlan => PLANS[size](seed);
