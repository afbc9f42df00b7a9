import type { WallWallpostFull } from '@vkontakte/api-schema-typescript';
import { commentCounter } from '../world/model';
import type { Post, Repost, Wall } from '../world/model';
import { bool, flag, type ReplyStyle } from './reply';

/** Fields that recorded replies have and VK's schema has not. */
export interface RenderedPost extends WallWallpostFull {
  track_code?: string;
  reaction_set_id?: string;
  reactions?: { count: number; items: { id: number; count: number }[] };
}

const renderRepost = (repost: Repost, { stamp, show }: ReplyStyle): WallWallpostFull => ({
  inner_type: 'wall_wallpost',
  id: repost.id,
  owner_id: repost.ownerId,
  from_id: repost.fromId,
  date: repost.date,
  post_type: 'post',
  type: 'post',
  text: show(repost.text),
  attachments: repost.attachments.map((attachment) => attachment(stamp)),
  post_source: { type: 'vk' },
});

const addOptional = (rendered: RenderedPost, post: Post, style: ReplyStyle): void => {
  if (post.editedAt !== null) rendered.edited = post.editedAt;
  if (post.signerId !== null) rendered.signer_id = post.signerId;
  if (post.views !== null) rendered.views = { count: post.views };
  if (post.geo) rendered.geo = post.geo;
  if (post.copyright) rendered.copyright = post.copyright;
  if (post.donutPlaceholder !== null) {
    rendered.donut = { is_donut: true, placeholder: { text: post.donutPlaceholder } };
  }
  // An empty list of attachments is left out in one reply and sent in the next.
  if (post.attachments.length > 0 || style.flagsAreBooleans) {
    rendered.attachments = post.attachments.map((attachment) => attachment(style.stamp));
  }
};

/**
 * A post as VK shows it in one reply.
 * @param depth how many posts of a chain of reposts are shown (VK's `copy_history_depth`)
 */
export const renderPost = (post: Post, wall: Wall, style: ReplyStyle, depth = 2): RenderedPost => {
  const rendered: RenderedPost = {
    inner_type: 'wall_wallpost',
    id: post.id,
    owner_id: post.ownerId,
    from_id: post.fromId,
    date: post.date,
    post_type: 'post',
    type: 'post',
    text: style.show(post.text),
    marked_as_ads: flag(style, post.isAds),
    comments: {
      count: commentCounter(post),
      can_post: flag(style, post.commentAccess !== 'closed'),
      can_view: flag(style, true),
      groups_can_post: bool(style, true),
    },
    likes: {
      count: post.likes,
      user_likes: flag(style, false),
      can_like: flag(style, true),
      can_publish: flag(style, true),
      repost_disabled: bool(style, false),
    },
    reposts: { count: post.reposts, user_reposted: flag(style, false) },
    reactions: { count: post.likes, items: [{ id: 0, count: post.likes }] },
    reaction_set_id: 'reactions',
    donut: { is_donut: false },
    post_source: { type: 'vk' },
    is_favorite: bool(style, false),
    short_text_rate: 0.8,
    carousel_offset: 0,
    hash: style.stamp,
    track_code: `post_${style.stamp}`,
  };
  if (wall.pinnedId === post.id) rendered.is_pinned = flag(style, true);
  if (post.copyHistory.length > 0 && depth > 0) {
    rendered.copy_history = post.copyHistory
      .slice(0, depth)
      .map((repost) => renderRepost(repost, style));
  }
  addOptional(rendered, post, style);
  return rendered;
};

/** What VK's schema foresees in the place of a deleted post. */
export const renderDeletedPost = (
  { id, ownerId, fromId, date }: Post,
  style: ReplyStyle,
): RenderedPost => ({
  inner_type: 'wall_wallpost',
  id,
  owner_id: ownerId,
  from_id: fromId,
  date,
  is_deleted: bool(style, true),
  deleted_reason: style.isLatin ? 'Post deleted' : 'Запись удалена',
});
