import type { World } from '@stenograf/sandbox/world/model';
import type { PostPlan } from '@stenograf/sandbox/world/plan';
import { createWorld } from '@stenograf/sandbox/world/createWorld';

/** Small, yet with a long thread, a stub and enough commented posts to fill a pack. */
const POSTS: PostPlan[] = [
  { roots: [{}, { replies: 2 }] },
  { isPinned: true, roots: [{ replies: 12 }, { isStub: true, replies: 1 }, {}] },
  { by: 'user' },
  ...Array.from({ length: 4 }, (): PostPlan => ({ roots: [{ replies: 1 }] })),
];

/** Communities 1 to `count`, all alike: one for each case, so that no case sees another's data. */
export const createManyWalls = (count: number): World =>
  createWorld(
    {
      users: 12,
      communities: Array.from({ length: count }, (_, index) => ({ id: index + 1, posts: POSTS })),
    },
    7,
  );
