import type { Mutator } from './changes';
import type { Community, Post, World } from './model';
import { createRandom, type Random } from './random';

export const MUTATIONS = [
  'insertPost',
  'deletePost',
  'editPost',
  'insertComment',
  'deleteComment',
  'editComment',
] as const;
export type Mutation = (typeof MUTATIONS)[number];

/** How the world changes by itself while it is being read. */
export interface MutationPlan {
  /** One mutation after every so many requests. */
  every: number;
  /** 7 by default. */
  seed?: number;
  /** No more than so many in all. */
  max?: number;
  /** Which mutations, equally often; all by default. */
  kinds?: readonly Mutation[];
}

const pickPost = (random: Random, { wall }: Community): Post | null => {
  const shown = wall.posts.filter(({ isHidden }) => !isHidden);
  return shown.length === 0 ? null : random.pick(shown);
};

const mutateComments = (random: Random, mutator: Mutator, post: Post, kind: Mutation): void => {
  const { ownerId, id: postId, roots } = post;
  const root = roots.length === 0 ? null : random.pick(roots);
  if (kind === 'insertComment') {
    const isReply = root !== null && random.chance(0.4);
    mutator.insertComment(ownerId, postId, isReply ? { rootId: root.id } : {});
    return;
  }
  if (!root) return;
  const comment = random.chance(0.4) ? random.pick([root, ...root.replies]) : root;
  if (kind === 'deleteComment') mutator.deleteComment(ownerId, comment.id);
  else mutator.editComment(ownerId, comment.id);
};

const mutateOnce = (
  random: Random,
  mutator: Mutator,
  community: Community,
  kind: Mutation,
): void => {
  const ownerId = -community.id;
  if (kind === 'insertPost') {
    mutator.insertPost(ownerId);
    return;
  }
  const post = pickPost(random, community);
  if (!post) return;
  if (kind === 'deletePost') mutator.deletePost(ownerId, post.id);
  else if (kind === 'editPost') mutator.editPost(ownerId, post.id);
  else mutateComments(random, mutator, post, kind);
};

/** @returns what to call after every request; it mutates a random wall on every `every`-th call */
export const createMutationRunner = (
  world: World,
  mutator: Mutator,
  { every, seed = 7, max = Number.POSITIVE_INFINITY, kinds = MUTATIONS }: MutationPlan,
): (() => void) => {
  const random = createRandom(seed, 'mutations');
  let requests = 0;
  let done = 0;
  return () => {
    requests += 1;
    if (requests % every !== 0 || done >= max) return;
    done += 1;
    const open = [...world.communities.values()].filter(
      ({ state, isBystander }) => state === 'open' && !isBystander,
    );
    if (open.length > 0) mutateOnce(random, mutator, random.pick(open), random.pick(kinds));
  };
};
