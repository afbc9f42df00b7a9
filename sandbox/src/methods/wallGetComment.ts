import type { WallGetCommentExtendedResponse } from '@vkontakte/api-schema-typescript';
import { renderComments } from '../render/comment';
import { renderPeople } from '../render/people';
import { bool } from '../render/reply';
import { VkFailure } from '../vk/errors';
import type { Method } from './method';
import { getReadableCommunity, getShownPost } from './readableWall';
import { createCommentView } from './wallGetComments';

export const wallGetComment: Method = {
  kinds: ['user'],
  run: (context, params): WallGetCommentExtendedResponse => {
    const community = getReadableCommunity(context, params.requireInt('owner_id'));
    const comment = community.wall.commentById.get(params.requireInt('comment_id', { min: 0 }));
    if (!comment || comment.isHidden) throw new VkFailure(15, 'post or comment deleted');
    const post = getShownPost(community, comment.postId);
    if (post.commentAccess !== 'open') throw new VkFailure(212);
    // This method knows no preview: the text comes whole.
    const view = {
      ...createCommentView(context, params, { post, wall: community.wall }),
      needLikes: true,
      previewLength: 0,
    };
    const reply: WallGetCommentExtendedResponse = {
      items: renderComments([comment], view),
      can_post: bool(context.style, true),
      show_reply_button: bool(context.style, true),
      groups_can_post: bool(context.style, true),
    };
    if (!params.flag('extended')) return reply;
    const lists = renderPeople(context.world, view.people, params.list('fields'), context.style);
    return { ...reply, ...lists, post_author_id: post.fromId };
  },
};
