import type { CreateTaskBody } from '@stenograf/contracts/api';
import type { PostPlan, RootPlan } from '@stenograf/sandbox/world/plan';
import { createRandom, type Random } from '@stenograf/sandbox/world/random';
import { planSchedule, type Schedule } from './changes';

/**
 * How a target goes from one worker to the next in mid-list: handed back by one that stops, taken
 * from one that is still alive and goes on until its next commit, or wanted by both at once.
 */
export const HANDOVERS = ['stop', 'leaseLost', 'race'] as const;

export interface Handover {
  kind: (typeof HANDOVERS)[number];
  /** Pages of the wall since the target was claimed. */
  afterPages: number;
}

/** What is asked for of the wall that changes. */
export const SCOPES = ['wall', 'wallAndPosts', 'twoTasks', 'threeTasks'] as const;

/** Everything that a seed decides; what it cannot decide is how calls are packed. */
export interface SchedulePlan {
  seed: number;
  posts: PostPlan[];
  changes: Schedule;
  scope: (typeof SCOPES)[number];
  /** Index of the worker that takes each target next; walks through them over and over. */
  workers: number[];
  handovers: Handover[];
}

/** The list of a wall that takes several pages; the others take one, or a little more. */
const LONG_LISTS = ['wall', 'roots', 'thread', 'none'] as const;

const planLength = (random: Random, isLong: boolean): number => {
  if (isLong) return random.int(150, 600);
  return random.chance(0.15) ? random.pick([99, 100, 101]) : random.int(0, 30);
};

const planRoots = (random: Random, long: (typeof LONG_LISTS)[number]): RootPlan[] => {
  const length = planLength(random, long === 'roots');
  const roots = Array.from({ length: Math.max(1, length) }, (): RootPlan => ({}));
  random.pick(roots).replies = planLength(random, long === 'thread');
  for (const root of roots.slice(0, 20)) {
    if (random.chance(0.3)) root.replies ??= random.int(0, 13);
    if (random.chance(0.1)) root.isStub = (root.replies ?? 0) > 0;
    if (random.chance(0.1)) root.isHidden = true;
  }
  return roots;
};

const planPosts = (random: Random): PostPlan[] => {
  const long = random.pick(LONG_LISTS);
  const length = planLength(random, long === 'wall');
  const posts = Array.from({ length: Math.max(1, length) }, (): PostPlan => ({}));
  for (const post of posts) {
    if (random.chance(0.05)) post.roots = [{}, { replies: random.int(0, 12) }];
    if (random.chance(0.03)) post.isHidden = true;
    if (random.chance(0.02)) post.isDatedLate = true;
  }
  random.pick(posts).roots = planRoots(random, long);
  if (random.chance(0.4)) random.pick(posts).isPinned = true;
  return posts;
};

const planHandovers = (random: Random): Handover[] =>
  random.chance(0.5)
    ? []
    : Array.from({ length: random.int(1, 3) }, () => ({
        kind: random.pick(HANDOVERS),
        afterPages: random.int(1, 8),
      }));

/** @param workers how many there are; some seeds use one of them, some all */
export const planOf = (seed: number, workers: number): SchedulePlan => {
  const random = createRandom(seed, 'mutation schedule');
  return {
    seed,
    posts: planPosts(random),
    changes: planSchedule(random),
    scope: random.chance(0.6) ? 'wall' : random.pick(SCOPES),
    workers: Array.from({ length: random.int(1, workers) }, () => random.int(0, workers - 1)),
    handovers: planHandovers(random),
  };
};

/** The first one asks for the whole wall with all comments. */
export const tasksOf = (
  { scope, posts }: SchedulePlan,
  communityId: number,
  postIds: readonly number[],
): CreateTaskBody[] => {
  const wall = `club${communityId}`;
  const links = postIds.slice(0, 3).map((id) => `wall-${communityId}_${id}`);
  const half = Math.max(1, Math.floor(posts.length / 2));
  switch (scope) {
    case 'wall':
      return [{ communities: [wall] }];
    case 'wallAndPosts':
      return [{ communities: [wall, ...links] }];
    case 'twoTasks':
      return [{ communities: [wall] }, { communities: [wall], posts: { limit: half } }];
    case 'threeTasks':
      return [
        { communities: [wall] },
        { communities: [wall], comments: { threads: false } },
        { communities: links.length > 0 ? links : [wall] },
      ];
  }
};
