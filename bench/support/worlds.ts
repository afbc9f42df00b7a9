import { fillPosts, type FillerStyle, plainRoots } from '@stenograf/sandbox/world/fillers';
import type { CommunityPlan, PostPlan, RootPlan, WorldPlan } from '@stenograf/sandbox/world/plan';
import { createRandom } from '@stenograf/sandbox/world/random';
import type { WorldSize } from '@stenograf/sandbox/world/sizes';

/** Communities of the demo world that are there to be collected. */
export const DEMO = [1, 2, 3, 4, 5, 6];
/** Those of them that about 700 calls read. */
export const HALF_DEMO = [1, 2, 3];

/** As many as one process collects at once. */
const ABREAST = 16;
const abreast = (from: number): number[] => Array.from({ length: ABREAST }, (_, at) => from + at);

/** The wide world: 16 communities with 10 000 comments together, 16 others with a million. */
export const WIDE = { small: abreast(1), large: abreast(1 + ABREAST) };

const roots = (count: number): RootPlan[] =>
  Array.from({ length: count }, (_, index) => (index % 4 === 0 ? { replies: 2 } : {}));

/** 360 comments each, on three pages. */
const posts = (count: number): PostPlan[] =>
  Array.from({ length: count }, () => ({ roots: roots(240) }));

const walls = (ids: readonly number[], count: number): CommunityPlan[] =>
  ids.map((id) => ({ id, posts: posts(count) }));

const planWide = (): WorldPlan => ({
  users: 20_000,
  communities: [...walls(WIDE.small, 2), ...walls(WIDE.large, 174)],
});

/** Of the long world: a single post with as many root comments as fill 100 pages. */
export const LONG = [1];

const planLong = (): WorldPlan => ({
  users: 3_000,
  communities: LONG.map((id) => ({ id, posts: [{ roots: plainRoots(10_000) }] })),
});

const style = (commented: number, rootsMax: number, threads: number): FillerStyle => ({
  commented,
  // Few posts have most of the comments, as on any wall.
  roots: (random) => 1 + Math.floor(rootsMax * random.next() ** 4),
  replies: (random) =>
    random.chance(threads) ? random.int(11, 60) : random.chance(0.3) ? random.int(1, 4) : 0,
  byUsers: 0.2,
});

/** Of the tall world: walls too long to be looked at whole. */
export const TALL = [1, 2, 3];

const planTall = (seed: number): WorldPlan => {
  const fill = (id: number, count: number, of: FillerStyle): CommunityPlan => ({
    id,
    posts: fillPosts(createRandom(seed, `tall ${id}`), count, of),
  });
  return {
    users: 3_000,
    communities: [
      fill(1, 2_500, style(0.3, 12, 0)),
      fill(2, 1_200, style(0.9, 300, 0.01)),
      fill(3, 700, style(0.6, 60, 0.03)),
    ],
  };
};

/** What a sandbox for a benchmark can be started with, by name. */
export const WORLDS = {
  demo: () => 'demo',
  wide: planWide,
  long: planLong,
  tall: planTall,
} as const satisfies Record<string, (seed: number) => WorldPlan | WorldSize>;

export type WorldName = keyof typeof WORLDS;
