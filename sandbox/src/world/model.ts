import type {
  GroupsGroupType,
  WallGeo,
  WallPostCopyright,
  WallWallpostAttachment,
} from '@vkontakte/api-schema-typescript';
import type { LoggedChange } from './changes';
import type { WorldPlan } from './plan';
import type { WorldSize } from './sizes';

/**
 * An attachment as VK would show it. VK signs media addresses and keys anew on every call, so all
 * that is signed derives from the `stamp` of the reply; the rest is the same each time.
 */
export type StampedAttachment = (stamp: string) => WallWallpostAttachment;

export interface User {
  id: number;
  firstName: string;
  lastName: string;
  /** What VK shows to a reader whose language is not written in Cyrillic. */
  latin: { firstName: string; lastName: string };
  screenName: string | null;
  deactivated: 'deleted' | 'banned' | null;
  isClosed: boolean;
  sex: 1 | 2;
  /** Never part of a `profiles` list, though users.get knows this person. */
  leftOutOfProfiles: boolean;
}

export type CommunityState = 'open' | 'closed' | 'banned' | 'deleted' | 'disabled' | 'vanished';

export interface Community {
  /** Positive; its wall has `owner_id = -id`. */
  id: number;
  name: string;
  /** The name as a reader sees it whose language is not written in Cyrillic. */
  latinName: string;
  screenName: string | null;
  type: GroupsGroupType;
  state: CommunityState;
  members: number;
  description: string;
  /** Writes on the walls of others, but is no community that anybody would collect. */
  isBystander: boolean;
  /** Step since which everybody can read it, without a break. */
  openSince: number;
  wall: Wall;
}

export interface Wall {
  ownerId: number;
  /** Newest first, by date. */
  posts: Post[];
  postById: Map<number, Post>;
  commentById: Map<number, Comment>;
  /** What readers no longer find, and what may come back. */
  gonePosts: Map<number, GonePost>;
  goneComments: Map<number, Comment>;
  pinnedId: number | null;
  /** Posts and comments of one wall draw their ids from one counter. */
  lastId: number;
  /** Lists as wall.get shows them, by filter; emptied whenever the wall changes. */
  views: Map<string, WallView>;
}

export interface GonePost {
  post: Post;
  why: 'deleted' | 'archived';
}

export interface WallView {
  /** null = a place that holds nothing; hidden posts take their place in every offset as well. */
  list: readonly (Post | null)[];
  count: number;
}

/** Steps of the world's change log: 0 while it is built, then one step per mutation. */
interface Tracked {
  /** Since when it has been in its list without a break: restoring begins anew. */
  born: number;
  touched: number;
}

export interface Repost {
  ownerId: number;
  id: number;
  fromId: number;
  date: number;
  text: string;
  attachments: StampedAttachment[];
}

export interface Post extends Tracked {
  ownerId: number;
  id: number;
  fromId: number;
  /** Unix seconds, like every time here. */
  date: number;
  text: string;
  editedAt: number | null;
  likes: number;
  reposts: number;
  views: number | null;
  signerId: number | null;
  isAds: boolean;
  attachments: StampedAttachment[];
  copyHistory: Repost[];
  geo: WallGeo | null;
  copyright: WallPostCopyright | null;
  /** Text that VK shows in place of a post for subscribers. */
  donutPlaceholder: string | null;
  /** Takes its place in every count and offset, but is never shown. */
  isHidden: boolean;
  commentAccess: 'open' | 'closed' | 'gone';
  /** Step since which the comments can be read, without a break. */
  commentsSince: number;
  /** Oldest first. */
  roots: Comment[];
  /** Replies of all threads. */
  replyCount: number;
  drift: CounterDrift;
  smartOrder: readonly Comment[] | null;
}

/** What VK's counters show above (or below) what the lists hold. */
export interface CounterDrift {
  /** `comments.count` of the post, and `count` of wall.getComments. */
  total: number;
  /** `current_level_count`; null = the field is left out. */
  level: number | null;
}

export interface Comment extends Tracked {
  ownerId: number;
  postId: number;
  id: number;
  /** null for a root comment. */
  rootId: number | null;
  fromId: number;
  date: number;
  text: string;
  likes: number;
  replyToComment: number | null;
  replyToUser: number | null;
  attachments: StampedAttachment[];
  donutPlaceholder: string | null;
  /** A stub: the comment was deleted while it had replies. */
  isDeleted: boolean;
  isHidden: boolean;
  /** Oldest first; empty for a reply. */
  replies: Comment[];
  threadDrift: number;
}

export interface World {
  seed: number;
  /** What it was built from: with the log, all that it takes to build any earlier state again. */
  plan: WorldSize | WorldPlan;
  /** Every mutation so far, in order. */
  log: LoggedChange[];
  communities: Map<number, Community>;
  users: Map<number, User>;
  /** Short names in lower case, of people, communities and apps. */
  screenNames: Map<string, { type: 'user' | 'group' | 'vk_app'; id: number }>;
  /** Latest moment of the world, unix seconds. */
  now: number;
  /** Mutations so far. */
  step: number;
}

export const communityScreenName = (community: Community): string =>
  community.screenName ??
  `${community.type === 'page' ? 'public' : community.type === 'event' ? 'event' : 'club'}${community.id}`;

export const userScreenName = (user: User): string | null =>
  user.deactivated === null ? (user.screenName ?? `id${user.id}`) : null;

/**
 * VK's number of comments of a post. It drifts, but never so far that a reader could not know that
 * there is something to read: not to 0, and not below the list where it is the only count.
 */
export const commentCounter = (post: Post): number => {
  const total = post.roots.length + post.replyCount;
  const least = post.drift.level === null ? post.roots.length : Math.min(total, 1);
  return Math.max(least, total + post.drift.total);
};

/** Eleven or more replies never count as fewer than eleven, for ten of them come inline. */
export const threadCounter = (root: Comment): number =>
  Math.max(root.replies.length + root.threadDrift, Math.min(root.replies.length, 11));
