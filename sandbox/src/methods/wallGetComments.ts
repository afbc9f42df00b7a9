import type { WallGetCommentsExtendedResponse } from '@vkontakte/api-schema-typescript';
import { renderComments, type CommentView } from '../render/comment';
import { renderPeople } from '../render/people';
import { bool } from '../render/reply';
import type { CallParams } from '../vk/callParams';
import { VkFailure } from '../vk/errors';
import { commentCounter, threadCounter, type Comment, type Post, type Wall } from '../world/model';
import { WALL_READERS, type CallContext, type Method } from './method';
import { getReadableCommunity, getShownPost } from './readableWall';

export interface CommentsReply extends WallGetCommentsExtendedResponse {
  post_author_id?: number;
  order?: string;
  real_offset?: number;
}

/** One level of comments, oldest first, with VK's two counters of it. */
interface Level {
  list: readonly Comment[];
  count: number;
  /** null where VK leaves `current_level_count` out. */
  levelCount: number | null;
}

const getLevel = (post: Post, rootId: number): Level => {
  if (rootId === 0) {
    const { level } = post.drift;
    return {
      list: post.roots,
      count: commentCounter(post),
      levelCount: level === null ? null : post.roots.length + level,
    };
  }
  const root = post.roots.find(({ id }) => id === rootId);
  if (!root || root.isHidden) throw new VkFailure(15, 'post or comment deleted');
  return {
    list: root.replies,
    count: threadCounter(root),
    levelCount: root.replies.length,
  };
};

const bySmartOrder = (post: Post): readonly Comment[] => {
  post.smartOrder ??= post.roots.toSorted(
    (one, other) => other.likes - one.likes || one.id - other.id,
  );
  return post.smartOrder;
};

type Sort = 'asc' | 'desc' | 'smart';

const readSort = (params: CallParams, fallback: Sort): Sort => {
  const sort = params.text('sort') || fallback;
  if (sort === 'asc' || sort === 'desc' || sort === 'smart') return sort;
  throw new VkFailure(100, 'sort is incorrect');
};

/** Where the page starts, counted from the start of the list in the order asked for. */
const startOf = (list: readonly Comment[], sort: Sort, params: CallParams): number => {
  const offset = params.int('offset', 0);
  const startId = params.int('start_comment_id', 0, { min: 0 });
  if (startId === 0) return Math.max(0, offset);
  const index = list.findIndex(({ id }) => id >= startId);
  const ascending = index === -1 ? list.length : index;
  const start = sort === 'desc' ? list.length - 1 - ascending : ascending;
  return Math.max(0, start + offset);
};

const slicePage = (list: readonly Comment[], sort: Sort, start: number, count: number) => {
  if (sort !== 'desc') return list.slice(start, start + count);
  const end = Math.max(0, list.length - start);
  return list.slice(Math.max(0, end - count), end).toReversed();
};

/** Nobody can follow an answer to a comment that is gone: the way ends there. */
const chainOf = (wall: Wall, comment: Comment): number[] => {
  const chain: number[] = [];
  let parentId = comment.replyToComment;
  while (parentId !== null && parentId !== comment.rootId) {
    chain.unshift(parentId);
    parentId = wall.commentById.get(parentId)?.replyToComment ?? null;
  }
  return comment.rootId === null ? chain : [comment.rootId, ...chain];
};

export const createCommentView = (
  { switches, style }: CallContext,
  params: CallParams,
  { post, wall }: { post: Post; wall: Wall },
): CommentView => ({
  parentsOf:
    switches.parentsStack === 'chain'
      ? (comment) => chainOf(wall, comment)
      : ({ rootId }) => (rootId === null ? [] : [rootId]),
  post,
  needLikes: params.flag('need_likes'),
  previewLength: params.int('preview_length', 90, { min: 0 }),
  threadItems: params.int('thread_items_count', 0, { min: 0, max: 10 }),
  inlineOrder: switches.inlineOrder,
  deletedStub: switches.deletedStub,
  style,
  people: new Set([post.ownerId]),
});

const CLOSED: Level = { list: [], count: 0, levelCount: 0 };

const openLevel = ({ switches }: CallContext, params: CallParams, post: Post): Level => {
  if (post.commentAccess === 'gone') {
    throw new VkFailure(15, 'post was not found check post_id param');
  }
  if (post.commentAccess === 'open') {
    return getLevel(post, params.int('comment_id', 0, { min: 0 }));
  }
  if (switches.closedComments === '212') throw new VkFailure(212);
  return CLOSED;
};

export const wallGetComments: Method = {
  kinds: WALL_READERS,
  run: (context, params): CommentsReply => {
    const community = getReadableCommunity(context, params.requireInt('owner_id'));
    const post = getShownPost(community, params.requireInt('post_id', { min: 0 }));
    const count = params.int('count', 10, { min: 0, max: 100 });
    const sort = readSort(params, context.switches.defaultSort);
    const view = createCommentView(context, params, { post, wall: community.wall });
    const { list, count: total, levelCount } = openLevel(context, params, post);
    const ordered = sort === 'smart' && list === post.roots ? bySmartOrder(post) : list;
    const start = startOf(ordered, sort, params);
    const reply: CommentsReply = {
      count: total,
      items: renderComments(slicePage(ordered, sort, start, count), view),
      can_post: bool(context.style, post.commentAccess === 'open'),
      show_reply_button: bool(context.style, true),
      groups_can_post: bool(context.style, true),
      order: sort,
    };
    if (levelCount !== null) reply.current_level_count = levelCount;
    if (params.text('start_comment_id') !== '') reply.real_offset = start;
    if (params.flag('extended')) {
      const lists = renderPeople(context.world, view.people, params.list('fields'), context.style);
      Object.assign(reply, lists, { post_author_id: post.fromId });
    }
    return reply;
  },
};
