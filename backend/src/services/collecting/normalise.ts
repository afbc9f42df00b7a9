import type { AuthorInput } from '../../repositories/authorRepository';
import type { CommentInput } from '../../repositories/commentRepository';
import type { CommunityInput } from '../../repositories/communityRepository';
import type { PostInput } from '../../repositories/postRepository';
import { stableHash } from './stableHash';
import {
  countOf,
  isObject,
  toArray,
  toCount,
  toDate,
  toFlag,
  toInteger,
  toText,
  toTextOrNull,
  type VkObject,
} from './vkFields';

/** VK's objects → rows. Fields and quirks: VK's schema 5.199 and recorded replies. */

export type RawMode = 'posts' | 'all' | 'none';

/** Presentation that VK adds to a post for its own pages; it changes from reply to reply. */
const NOISE: ReadonlySet<string> = new Set([
  'access_key',
  'activity',
  'ads_easy_promote',
  'attachments_meta',
  'carousel_offset',
  'check_sign',
  'compact_attachments_before_cut',
  'has_translation',
  'hash',
  'header',
  'push_subscription',
  'short_text_rate',
  'topic_id',
  'track_code',
]);

const withoutNoise = (item: VkObject): VkObject =>
  Object.fromEntries(Object.entries(item).filter(([key]) => !NOISE.has(key)));

/** Who wrote; VK shows a deleted comment without author, or with 0. */
const authorOf = (value: unknown): number | null => toInteger(value) || null;

/** A record without a date is kept all the same, and plainly so. */
const UNKNOWN_DATE = new Date(0);

/**
 * @param wallOwnerId the wall it was read from, for an item that does not say so itself
 * @returns null for an object without an id, which nothing could be keyed by.
 */
export const toPost = (
  item: VkObject,
  wallOwnerId: number,
  fetchedAt: Date,
  rawMode: RawMode,
): PostInput | null => {
  const ownerId = toInteger(item.owner_id) ?? wallOwnerId;
  const id = toInteger(item.id);
  if (id === null) return null;
  const content = {
    fromId: authorOf(item.from_id),
    date: toDate(item.date) ?? UNKNOWN_DATE,
    text: toText(item.text),
    postType: toTextOrNull(item.post_type),
    likes: countOf(item.likes) ?? 0,
    reposts: countOf(item.reposts) ?? 0,
    views: countOf(item.views),
    comments: countOf(item.comments) ?? 0,
    isPinned: toFlag(item.is_pinned),
    markedAsAds: toFlag(item.marked_as_ads),
    signerId: toInteger(item.signer_id),
    editedAt: toInteger(item.edited) ? toDate(item.edited) : null,
    attachments: toArray(item.attachments),
    copyHistory: toArray(item.copy_history),
    geo: isObject(item.geo) ? item.geo : null,
  };
  return {
    ownerId,
    id,
    ...content,
    raw: rawMode === 'none' ? null : withoutNoise(item),
    contentHash: stableHash(content),
    fetchedAt,
  };
};

/** VK's own number of comments under a post, or null where VK gave none. */
export const commentCountOf = (item: VkObject): number | null => countOf(item.comments);

interface CommentPlace {
  ownerId: number;
  postId: number;
  /** Null for a root comment. */
  threadRootId: number | null;
}

/**
 * A comment of a known place: stubs of deleted comments name neither wall nor post.
 * @returns null for an object without an id, which nothing could be keyed by.
 */
export const toComment = (
  item: VkObject,
  { ownerId, postId, threadRootId }: CommentPlace,
  fetchedAt: Date,
  rawMode: RawMode,
): CommentInput | null => {
  const id = toInteger(item.id);
  if (id === null) return null;
  const fromId = authorOf(item.from_id);
  // Two forms of stub are reported: flagged, or with nothing but an author of 0.
  const isDeleted = toFlag(item.deleted) || toFlag(item.is_deleted) || fromId === null;
  const content = {
    postId,
    fromId,
    date: toDate(item.date) ?? UNKNOWN_DATE,
    text: toText(item.text),
    likes: countOf(item.likes) ?? 0,
    threadRootId,
    replyToCommentId: toInteger(item.reply_to_comment),
    replyToUserId: toInteger(item.reply_to_user),
    isDeleted,
    attachments: toArray(item.attachments),
  };
  return {
    ownerId,
    id,
    ...content,
    raw: rawMode === 'all' ? withoutNoise(item) : null,
    contentHash: stableHash(content),
    fetchedAt,
  };
};

/** A person of `profiles`. */
export const toAuthor = (item: VkObject, fetchedAt: Date): AuthorInput | null => {
  const id = toInteger(item.id);
  if (id === null || id <= 0) return null;
  const content = {
    firstName: toTextOrNull(item.first_name),
    lastName: toTextOrNull(item.last_name),
    screenName: toTextOrNull(item.screen_name),
    deactivated: toTextOrNull(item.deactivated),
  };
  return { id, ...content, contentHash: stableHash(content), fetchedAt };
};

/**
 * A community of `groups`.
 * @param isWhole true for groups.getById, whose many fields are worth keeping as `raw`.
 */
export const toCommunity = (
  item: VkObject,
  fetchedAt: Date,
  isWhole = false,
): CommunityInput | null => {
  const id = toInteger(item.id);
  if (id === null || id === 0) return null;
  const content = {
    name: toTextOrNull(item.name),
    screenName: toTextOrNull(item.screen_name),
    type: toTextOrNull(item.type),
    isClosed: item.is_closed === undefined ? null : Math.min(2, toCount(Number(item.is_closed))),
    deactivated: toTextOrNull(item.deactivated),
  };
  return {
    id: Math.abs(id),
    ...content,
    raw: isWhole ? withoutNoise(item) : null,
    contentHash: stableHash(content),
    fetchedAt,
  };
};
