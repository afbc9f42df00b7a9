import type { Sandbox } from '@stenograf/sandbox';
import type { Post } from '@stenograf/sandbox/world/model';
import fc from 'fast-check';

const KINDS = [
  'insertPost',
  'deletePost',
  'editPost',
  'insertRoot',
  'insertReply',
  'deleteComment',
  'editComment',
] as const;

/** One change of a wall; `place` from 0 to 1 picks what it strikes among what is there then. */
interface Mutation {
  kind: (typeof KINDS)[number];
  place: number;
  /** Picks within what `place` picked. */
  within: number;
}

/** What happens to a wall after each request of its reader, in turn. */
export type Schedule = Mutation[][];

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom(...KINDS),
  // The top of a wall and the oldest comments shift all that follows.
  place: fc.oneof(share, fc.constant(0)),
  within: fc.oneof(share, fc.constant(0)),
});

/** More deletions at one place than two pages overlap: the reader has to step back. */
const landslide: fc.Arbitrary<Mutation[]> = fc
  .tuple(
    fc.constantFrom('deletePost' as const, 'deleteComment' as const, 'insertPost' as const),
    fc.constantFrom(0, 0.2),
    fc.integer({ min: 5, max: 30 }),
  )
  .map(([kind, place, count]) => Array.from({ length: count }, () => ({ kind, place, within: 0 })));

export const schedules: fc.Arbitrary<Schedule> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.array(mutation, { maxLength: 6, size: 'max' }) },
    { weight: 1, arbitrary: landslide },
  ),
  { minLength: 8, maxLength: 40, size: 'max' },
);

const pick = <T>(list: readonly T[], place: number): T | undefined =>
  list[Math.floor(place * list.length)];

const mutateComments = ({ mutator }: Sandbox, post: Post, { kind, within }: Mutation): void => {
  const { ownerId, id: postId, roots } = post;
  if (kind === 'insertRoot') return void mutator.insertComment(ownerId, postId);
  const root = pick(roots, within);
  if (!root) return;
  if (kind === 'insertReply') mutator.insertComment(ownerId, postId, { rootId: root.id });
  else {
    const comment = pick([root, ...root.replies], (within * roots.length) % 1) ?? root;
    if (kind === 'deleteComment') mutator.deleteComment(ownerId, comment.id);
    else mutator.editComment(ownerId, comment.id);
  }
};

const mutate = (sandbox: Sandbox, communityId: number, change: Mutation): void => {
  const posts = sandbox.world.communities.get(communityId)?.wall.posts ?? [];
  const ownerId = -communityId;
  if (change.kind === 'insertPost') return void sandbox.mutator.insertPost(ownerId);
  if (change.kind === 'deletePost' || change.kind === 'editPost') {
    const post = pick(posts, change.place);
    if (post) sandbox.mutator[change.kind](ownerId, post.id);
    return;
  }
  const commented = posts.filter(({ roots }) => roots.length > 0);
  const post = pick(commented, change.place);
  if (post) mutateComments(sandbox, post, change);
};

/**
 * Changes a wall while it is read: one entry of the schedule after each request, before the next.
 * The sandbox lives in this process, so that a look every millisecond falls between two requests.
 * @returns what ends it; `applied` tells how many entries had their turn.
 */
export const mutateBetweenRequests = (
  sandbox: Sandbox,
  communityId: number,
  schedule: Schedule,
): (() => { applied: number }) => {
  let seen = sandbox.stats().requests;
  let applied = 0;
  const timer = setInterval(() => {
    const { requests } = sandbox.stats();
    for (; seen < requests && applied < schedule.length; seen += 1) {
      for (const change of schedule[applied] ?? []) mutate(sandbox, communityId, change);
      applied += 1;
    }
  }, 1);
  return () => {
    clearInterval(timer);
    return { applied };
  };
};
