import { cleanDeep, cleanText } from './textClean';
import {
  commentCounter,
  communityScreenName,
  userScreenName,
  type Comment,
  type Community,
  type Post,
  type Repost,
  type StampedAttachment,
  type User,
  type Wall,
} from './model';
import type { AuthorRecord, CommentRecord, CommunityRecord, PostRecord } from './records';
import type { ShowText } from './shownText';
import { stripVolatile } from './stripVolatile';

const isoTime = (seconds: number): string => new Date(seconds * 1_000).toISOString();

/** A JSON value as it is once sent, cleaned and freed of what changes from call to call. */
const settle = (value: unknown): unknown =>
  stripVolatile(cleanDeep(JSON.parse(JSON.stringify(value))));

const settleAttachments = (attachments: readonly StampedAttachment[]): unknown =>
  attachments.length === 0 ? [] : settle(attachments.map((attachment) => attachment('x')));

const settleRepost = (repost: Repost, show: ShowText): unknown =>
  settle({
    inner_type: 'wall_wallpost',
    id: repost.id,
    owner_id: repost.ownerId,
    from_id: repost.fromId,
    date: repost.date,
    post_type: 'post',
    type: 'post',
    text: show(repost.text),
    attachments: settleAttachments(repost.attachments),
    post_source: { type: 'vk' },
  });

export const postRecord = (
  post: Post,
  wall: Wall,
  commentsListed: number,
  show: ShowText,
): PostRecord => ({
  kind: 'post',
  owner_id: post.ownerId,
  id: post.id,
  from_id: post.fromId,
  date: isoTime(post.date),
  text: cleanText(show(post.text)),
  post_type: 'post',
  likes: post.likes,
  reposts: post.reposts,
  views: post.views,
  comments: commentCounter(post),
  comments_stored: commentsListed,
  is_pinned: wall.pinnedId === post.id,
  marked_as_ads: post.isAds,
  signer_id: post.signerId,
  edited_at: post.editedAt === null ? null : isoTime(post.editedAt),
  attachments: settleAttachments(post.attachments),
  copy_history: post.copyHistory.map((repost) => settleRepost(repost, show)),
  geo: post.geo,
  deleted_at: null,
  url: `https://vk.com/wall${post.ownerId}_${post.id}`,
});

export const commentRecord = (comment: Comment, show: ShowText): CommentRecord => {
  const { isDeleted } = comment;
  return {
    kind: 'comment',
    owner_id: comment.ownerId,
    post_id: comment.postId,
    id: comment.id,
    from_id: isDeleted ? null : comment.fromId,
    date: isoTime(comment.date),
    text: isDeleted ? '' : cleanText(show(comment.text)),
    likes: isDeleted ? 0 : comment.likes,
    thread_root_id: comment.rootId,
    // A stub does not say whom it answered.
    reply_to_comment_id: isDeleted ? null : comment.replyToComment,
    reply_to_user_id: isDeleted ? null : comment.replyToUser,
    is_deleted: isDeleted,
    attachments: isDeleted ? [] : settleAttachments(comment.attachments),
    deleted_at: null,
    url: `https://vk.com/wall${comment.ownerId}_${comment.postId}?reply=${comment.id}`,
  };
};

export const authorRecord = (user: User): AuthorRecord => {
  const firstName = cleanText(user.firstName);
  const lastName = cleanText(user.lastName);
  return {
    kind: 'author',
    id: user.id,
    name: `${firstName} ${lastName}`.trim(),
    first_name: firstName,
    last_name: lastName,
    screen_name: userScreenName(user),
    deactivated: user.deactivated,
  };
};

export const communityRecord = (community: Community): CommunityRecord => ({
  kind: 'community',
  id: community.id,
  screen_name: communityScreenName(community),
  name: cleanText(community.name),
  type: community.type,
  is_closed: community.state === 'closed' ? 1 : 0,
  deactivated:
    community.state === 'banned' || community.state === 'deleted' ? community.state : null,
});
