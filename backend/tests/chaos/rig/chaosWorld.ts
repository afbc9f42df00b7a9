import { createWorld } from '@stenograf/sandbox/world/createWorld';
import type { World } from '@stenograf/sandbox/world/model';
import type { PostPlan } from '@stenograf/sandbox/world/plan';

/** `tiny` is read by a handful of requests, `small` by two pages of posts and some packs. */
export type WallKind = 'tiny' | 'small';

const TINY: PostPlan[] = [
  { isPinned: true, roots: [{ replies: 12 }, { isStub: true, replies: 1 }] },
  { by: 'user', roots: [{}] },
  {},
];

const SMALL: PostPlan[] = Array.from({ length: 130 }, (_, index): PostPlan => {
  if (index === 3) return { isPinned: true, roots: [{ replies: 14 }, {}] };
  if (index === 60) return { roots: Array.from({ length: 110 }, () => ({})) };
  if (index === 110) return { by: 'user', roots: [{ replies: 12 }, { isStub: true, replies: 2 }] };
  return index % 5 === 0 ? { roots: [{ replies: index % 3 }, {}] } : {};
});

/** Each run takes walls that none has seen before: ids of one kind follow one another. */
const FIRST_ID: Record<WallKind, number> = { tiny: 1, small: 10_001 };

export const createChaosWorld = (counts: Record<WallKind, number>): World => {
  const walls = (kind: WallKind, posts: PostPlan[]) =>
    Array.from({ length: counts[kind] }, (_, index) => ({ id: FIRST_ID[kind] + index, posts }));
  return createWorld(
    { users: 30, communities: [...walls('tiny', TINY), ...walls('small', SMALL)] },
    7,
  );
};

/** Hands out the communities of a world, each once. */
export const createWallSupply = (counts: Record<WallKind, number>) => {
  const taken: Record<WallKind, number> = { tiny: 0, small: 0 };
  return (kind: WallKind, count: number): number[] => {
    const from = taken[kind];
    taken[kind] += count;
    if (taken[kind] > counts[kind]) throw new Error(`This world has no ${kind} walls left.`);
    return Array.from({ length: count }, (_, index) => FIRST_ID[kind] + from + index);
  };
};
