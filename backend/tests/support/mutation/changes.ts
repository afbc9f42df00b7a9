import type { Sandbox } from '@stenograf/sandbox';
import type { Post, Wall } from '@stenograf/sandbox/world/model';
import type { Random } from '@stenograf/sandbox/world/random';

const KINDS = [
  'insertPost',
  'deletePost',
  'archivePost',
  'restorePost',
  'editPost',
  'insertRoot',
  'insertReply',
  'deleteComment',
  'deleteThread',
  'restoreComment',
  'editComment',
  'closeComments',
  'openComments',
] as const;

/** One change of a wall; `place` from 0 to 1 picks what it strikes among what is there then. */
export interface Mutation {
  kind: (typeof KINDS)[number] | 'pinPost';
  place: number;
  /** Picks within what `place` picked. */
  within: number;
}

/** What happens to a wall after each request of its reader, in turn. */
export type Schedule = Mutation[][];

/** The top of a wall and the oldest comments shift all that follows. */
const share = (random: Random): number => (random.chance(0.5) ? 0 : random.next());

const planMutation = (random: Random): Mutation => ({
  kind: random.pick(KINDS),
  place: share(random),
  within: share(random),
});

/** More of one kind at one place than two pages overlap: the reader has to step back. */
const planLandslide = (random: Random): Mutation[] => {
  const kind = random.pick(['deletePost', 'deleteComment', 'insertPost', 'insertReply'] as const);
  const place = random.pick([0, 0.1, 0.3]);
  const within = random.pick([0, 0.1, 0.5]);
  return Array.from({ length: random.int(9, 40) }, () => ({ kind, place, within }));
};

/** A post is pinned at most once: one that is unpinned again at once was seen by nobody. */
export const planSchedule = (random: Random): Schedule => {
  const schedule = Array.from({ length: random.int(6, 20) }, () =>
    random.chance(0.35)
      ? planLandslide(random)
      : Array.from({ length: random.int(0, 5) }, () => planMutation(random)),
  );
  if (random.chance(0.5)) {
    const pin = { kind: 'pinPost' as const, place: random.next(), within: 0 };
    random.pick(schedule).push(pin);
  }
  return schedule;
};

const pick = <T>(list: readonly T[], place: number): T | undefined =>
  list[Math.floor(place * list.length)];

type Strike = (sandbox: Sandbox, wall: Wall, mutation: Mutation) => void;

const onPost =
  (strike: (sandbox: Sandbox, post: Post) => void): Strike =>
  (sandbox, { posts }, { place }) => {
    const post = pick(posts, place);
    if (post) strike(sandbox, post);
  };

const longest = <T>(list: readonly T[], lengthOf: (item: T) => number): T | undefined =>
  list.reduce<T | undefined>(
    (most, item) => (most === undefined || lengthOf(item) > lengthOf(most) ? item : most),
    undefined,
  );

/**
 * Strikes a comment: half of the time in the longest list of root comments or in the longest
 * thread, which take several pages, else anywhere.
 */
const onComment =
  (strike: (sandbox: Sandbox, ownerId: number, ids: { comment: number; root: number }) => void) =>
  (sandbox: Sandbox, { posts, ownerId }: Wall, { place, within }: Mutation): void => {
    const commented = posts.filter(({ roots }) => roots.length > 0);
    const post =
      place < 0.5 ? longest(commented, ({ roots }) => roots.length) : pick(commented, place);
    const inThread = (place * 10) % 1 >= 0.5 || place === 0.1;
    const root = inThread
      ? longest(post?.roots ?? [], ({ replies }) => replies.length)
      : pick(post?.roots ?? [], within);
    if (!root) return;
    const comment = (inThread && pick(root.replies, within)) || root;
    strike(sandbox, ownerId, { comment: comment.id, root: root.id });
  };

const STRIKES: Record<Mutation['kind'], Strike> = {
  insertPost: ({ mutator }, { ownerId }) => void mutator.insertPost(ownerId),
  deletePost: onPost(({ mutator }, { ownerId, id }) => mutator.deletePost(ownerId, id)),
  archivePost: onPost(({ mutator }, { ownerId, id }) => mutator.archivePost(ownerId, id)),
  editPost: onPost(({ mutator }, { ownerId, id }) => mutator.editPost(ownerId, id)),
  pinPost: onPost(({ mutator }, { ownerId, id }) => mutator.pinPost(ownerId, id)),
  restorePost: ({ mutator }, { ownerId, gonePosts }, { place }) => {
    const id = pick([...gonePosts.keys()], place);
    if (id !== undefined) mutator.restorePost(ownerId, id);
  },
  insertRoot: (sandbox, { posts, ownerId }, { place }) => {
    const commented = posts.filter(({ roots }) => roots.length > 0);
    const post = pick(commented.length > 0 ? commented : posts, place);
    if (post) sandbox.mutator.insertComment(ownerId, post.id);
  },
  insertReply: onComment(({ mutator, world }, ownerId, { root }) => {
    const wall = world.communities.get(-ownerId)?.wall;
    const postId = wall?.commentById.get(root)?.postId;
    if (postId !== undefined) mutator.insertComment(ownerId, postId, { rootId: root });
  }),
  deleteComment: onComment(({ mutator }, ownerId, { comment }) =>
    mutator.deleteComment(ownerId, comment),
  ),
  deleteThread: onComment(({ mutator }, ownerId, { root }) => mutator.deleteThread(ownerId, root)),
  editComment: onComment(({ mutator }, ownerId, { comment }) =>
    mutator.editComment(ownerId, comment),
  ),
  restoreComment: ({ mutator }, { ownerId, postById, goneComments, commentById }, { place }) => {
    // Nothing comes back under a post or a root that is gone itself.
    const back = [...goneComments.values()].filter(
      ({ postId, rootId }) => postById.has(postId) && (rootId === null || commentById.has(rootId)),
    );
    const comment = pick(back, place);
    if (comment) mutator.restoreComment(ownerId, comment.id);
  },
  closeComments: onPost(({ mutator }, { ownerId, id }) =>
    mutator.setCommentAccess(ownerId, id, 'closed'),
  ),
  openComments: ({ mutator }, { posts, ownerId }, { place }) => {
    const post = pick(
      posts.filter(({ commentAccess }) => commentAccess === 'closed'),
      place,
    );
    if (post) mutator.setCommentAccess(ownerId, post.id, 'open');
  },
};

/** Changes a wall as planned, today; what finds nothing to strike changes nothing. */
export const applyChanges = (
  sandbox: Sandbox,
  communityId: number,
  changes: readonly Mutation[],
): void => {
  const wall = sandbox.world.communities.get(communityId)?.wall;
  if (!wall) throw new RangeError(`The world has no community ${communityId}.`);
  sandbox.world.now = Math.max(sandbox.world.now, Math.floor(Date.now() / 1_000));
  for (const change of changes) STRIKES[change.kind](sandbox, wall, change);
};

/**
 * Changes a wall while it is read: one entry of the schedule after each request, before the next.
 * The sandbox lives in this process, so that a look every millisecond falls between two requests.
 * @returns what ends it
 */
export const mutateBetweenRequests = (
  sandbox: Sandbox,
  communityId: number,
  schedule: Schedule,
): (() => void) => {
  let seen = sandbox.stats().requests;
  let applied = 0;
  const timer = setInterval(() => {
    const { requests } = sandbox.stats();
    for (; seen < requests && applied < schedule.length; seen += 1) {
      applyChanges(sandbox, communityId, schedule[applied] ?? []);
      applied += 1;
    }
  }, 1);
  return () => clearInterval(timer);
};
