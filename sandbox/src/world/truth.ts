import { DEFAULT_SWITCHES, type Switches } from '../vk/switches';
import {
  commentCounter,
  threadCounter,
  type Comment,
  type Community,
  type CommunityState,
  type Post,
  type World,
} from './model';
import { worldAt } from './mutate';
import { authorRecord, commentRecord, communityRecord, postRecord } from './recordOf';
import type { AuthorRecord, CommentRecord, CommunityRecord, PostRecord } from './records';
import { createShowText, type ShowText } from './shownText';
import { viewWall } from './wallView';

/** What whoever reads the whole world must end up with. */
export interface Truth {
  /** Mutations that the world had seen by then. */
  step: number;
  posts: PostRecord[];
  /** Root comments, replies and stubs. */
  comments: CommentRecord[];
  /** Every person who wrote one of these. */
  authors: AuthorRecord[];
  /** Every readable community asked about, and every community that wrote one of these. */
  communities: CommunityRecord[];
  failures: TruthFailure[];
  fewest: FewestCalls;
  /** `post:-1_5` or `comment:-1_9`: older than `since`, but with other fields now than then. */
  unsettled: string[];
}

/** A community that cannot be read, with VK's code to an attempt. */
export interface TruthFailure {
  community_id: number;
  kind:
    'community_closed' | 'community_banned' | 'community_deleted' | 'wall_disabled' | 'not_found';
  code: number;
}

/** The fewest calls that read all of it, without overlap and without a second look. */
export interface FewestCalls {
  total: number;
  byMethod: { 'groups.getById': number; 'wall.get': number; 'wall.getComments': number };
}

export interface TruthOptions {
  /** Positive ids; all but the bystanders when left out. */
  communities?: readonly number[];
  /** Only what could be read from this mark on, all the while. */
  since?: number;
  /** The world as it was at this mark, rather than as it is. */
  at?: number;
}

const FAILURES: Record<Exclude<CommunityState, 'open'>, Omit<TruthFailure, 'community_id'>> = {
  closed: { kind: 'community_closed', code: 15 },
  banned: { kind: 'community_banned', code: 15 },
  deleted: { kind: 'community_deleted', code: 15 },
  disabled: { kind: 'wall_disabled', code: 15 },
  vanished: { kind: 'not_found', code: 104 },
};

const PAGE = 100;
const GROUPS_PAGE = 500;
const INLINE_MAX = 10;

const pages = (items: number, size: number): number => Math.max(1, Math.ceil(items / size));

const isListed = ({ isHidden }: { isHidden: boolean }): boolean => !isHidden;

/** Every comment that VK lists under the post: nothing below a hidden root can be reached. */
const listComments = ({ roots, commentAccess }: Post): Comment[] => {
  if (commentAccess !== 'open') return [];
  return roots.filter(isListed).flatMap((root) => [root, ...root.replies.filter(isListed)]);
};

const callsForThread = (root: Comment): number => {
  const inline = root.replies.slice(0, INLINE_MAX).filter(isListed).length;
  return threadCounter(root) > inline ? pages(root.replies.length, PAGE) : 0;
};

const callsForComments = (post: Post): number => {
  if (commentCounter(post) === 0) return 0;
  if (post.commentAccess !== 'open') return 1;
  const threads = post.roots.filter(isListed).map((root) => callsForThread(root));
  return threads.reduce((sum, calls) => sum + calls, pages(post.roots.length, PAGE));
};

const countFewest = (readable: readonly Community[], switches: Switches): FewestCalls => {
  const byMethod = {
    'groups.getById': Math.ceil(readable.length / GROUPS_PAGE),
    'wall.get': 0,
    'wall.getComments': 0,
  };
  for (const { wall } of readable) {
    byMethod['wall.get'] += pages(viewWall(wall, 'all', switches)?.count ?? 0, PAGE);
    for (const post of wall.posts) {
      if (isListed(post)) byMethod['wall.getComments'] += callsForComments(post);
    }
  }
  const total = Object.values(byMethod).reduce((sum, calls) => sum + calls, 0);
  return { total, byMethod };
};

const selectCommunities = (
  { communities }: World,
  ids: readonly number[] | undefined,
): Community[] => {
  const all = [...communities.values()];
  return all.filter(({ id, isBystander }) => (ids ? ids.includes(id) : !isBystander));
};

const listAuthors = (world: World, fromIds: ReadonlySet<number>): AuthorRecord[] =>
  [...fromIds]
    .map((id) => world.users.get(id))
    .filter((user) => user !== undefined)
    .map((user) => authorRecord(user));

const listWriters = (
  world: World,
  readable: readonly Community[],
  fromIds: ReadonlySet<number>,
): CommunityRecord[] => {
  const ids = new Set([
    ...readable.map(({ id }) => id),
    ...[...fromIds].filter((id) => id < 0).map((id) => -id),
  ]);
  return [...ids]
    .map((id) => world.communities.get(id))
    .filter((community) => community !== undefined)
    .map((community) => communityRecord(community));
};

/** Posts and comments of one readable wall, as far as they were there from the mark on. */
const listWall = (
  { wall, openSince }: Community,
  { since, show }: { since: number; show: ShowText },
): Pick<Truth, 'posts' | 'comments' | 'unsettled'> => {
  const found: Pick<Truth, 'posts' | 'comments' | 'unsettled'> = {
    posts: [],
    comments: [],
    unsettled: [],
  };
  for (const post of wall.posts) {
    const postSince = Math.max(openSince, post.born);
    if (post.isHidden || postSince > since) continue;
    const listed = listComments(post);
    found.posts.push(postRecord(post, wall, listed.length, show));
    if (post.touched > since) found.unsettled.push(`post:${post.ownerId}_${post.id}`);
    for (const comment of post.commentsSince > since ? [] : listed) {
      if (comment.born > since) continue;
      found.comments.push(commentRecord(comment, show));
      if (comment.touched > since) found.unsettled.push(`comment:${wall.ownerId}_${comment.id}`);
    }
  }
  return found;
};

/** A stub that nobody signs has no author: VK does not say who wrote it. */
const writersOf = ({ posts, comments }: Pick<Truth, 'posts' | 'comments'>): Set<number> =>
  new Set([...posts, ...comments].map(({ from_id: id }) => id).filter((id) => id !== null));

/**
 * The sandbox's own list of what is to be collected, drawn from the world and from no reply.
 * @throws RangeError when `at` is a step that has not been
 */
export const createTruth = (
  current: World,
  options: TruthOptions = {},
  switches: Switches = DEFAULT_SWITCHES,
): Truth => {
  const world = options.at === undefined ? current : worldAt(current, options.at, switches);
  const since = options.since ?? world.step;
  const asked = selectCommunities(world, options.communities);
  const readable = asked.filter(({ state }) => state === 'open');
  const show = createShowText(switches);
  const walls = readable.map((community) => listWall(community, { since, show }));
  const posts = walls.flatMap((wall) => wall.posts);
  const comments = walls.flatMap((wall) => wall.comments);
  const fromIds = writersOf({ posts, comments });
  return {
    step: world.step,
    posts,
    comments,
    unsettled: walls.flatMap((wall) => wall.unsettled),
    authors: listAuthors(world, fromIds),
    communities: listWriters(world, readable, fromIds),
    failures: asked.flatMap(({ id, state }) =>
      state === 'open' ? [] : [{ community_id: id, ...FAILURES[state] }],
    ),
    fewest: countFewest(readable, switches),
  };
};
