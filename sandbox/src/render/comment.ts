import type {
  BaseLikesInfo,
  CommentThread,
  WallWallComment,
} from '@vkontakte/api-schema-typescript';
import type { Switches } from '../vk/switches';
import { threadCounter, type Comment, type Post } from '../world/model';
import { bool, flag, type ReplyStyle } from './reply';

export interface CommentView {
  post: Post;
  needLikes: boolean;
  /** 0 = whole text. */
  previewLength: number;
  /** Replies shown inline, at most 10. */
  threadItems: number;
  inlineOrder: Switches['inlineOrder'];
  deletedStub: Switches['deletedStub'];
  /** Ids from the root down to the comment that this one answers, as far as VK shows them. */
  parentsOf: (comment: Comment) => number[];
  style: ReplyStyle;
  /** Collects whom the page names. */
  people: Set<number>;
}

const preview = (text: string, length: number): string => {
  // Counted in characters, so that no pair of surrogates is cut in two.
  if (length === 0 || text.length <= length) return text;
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length).join('')}...`;
};

const inlineReplies = (root: Comment, { threadItems, inlineOrder }: CommentView): Comment[] => {
  if (threadItems === 0) return [];
  const isNewest = inlineOrder === 'newest' || (inlineOrder === 'mixed' && root.id % 2 === 1);
  const shown = isNewest ? root.replies.slice(-threadItems) : root.replies.slice(0, threadItems);
  return isNewest ? shown.toReversed() : shown;
};

const renderThread = (root: Comment, view: CommentView): CommentThread => ({
  count: threadCounter(root),
  items: renderComments(inlineReplies(root, view), view),
  can_post: bool(view.style, true),
  show_reply_button: bool(view.style, true),
  groups_can_post: bool(view.style, true),
});

const renderLikes = ({ likes }: Comment, style: ReplyStyle): BaseLikesInfo => ({
  count: likes,
  user_likes: flag(style, false),
  can_like: flag(style, true),
  can_like_by_group: flag(style, true),
  author_liked: bool(style, false),
});

const renderStub = (comment: Comment, view: CommentView): WallWallComment => {
  const stub: WallWallComment = {
    id: comment.id,
    date: comment.date,
    parents_stack: view.parentsOf(comment),
    deleted: bool(view.style, true),
  };
  if (comment.rootId === null) stub.thread = renderThread(comment, view);
  const hasZeroAuthor =
    view.deletedStub === 'zero-author' || (view.deletedStub === 'mixed' && comment.id % 2 === 0);
  return hasZeroAuthor ? { ...stub, from_id: 0, text: '' } : stub;
};

/** A comment as VK shows it in one reply; a root brings its thread along. */
export const renderComment = (comment: Comment, view: CommentView): WallWallComment => {
  if (comment.isDeleted) return renderStub(comment, view);
  view.people.add(comment.fromId);
  if (comment.replyToUser !== null) view.people.add(comment.replyToUser);
  const rendered: WallWallComment = {
    id: comment.id,
    from_id: comment.fromId,
    date: comment.date,
    text: preview(view.style.show(comment.text), view.previewLength),
    post_id: comment.postId,
    owner_id: comment.ownerId,
    parents_stack: view.parentsOf(comment),
    is_from_post_author: comment.fromId === view.post.fromId,
  };
  if (comment.replyToUser !== null) rendered.reply_to_user = comment.replyToUser;
  if (comment.replyToComment !== null) rendered.reply_to_comment = comment.replyToComment;
  if (view.needLikes) rendered.likes = renderLikes(comment, view.style);
  if (comment.attachments.length > 0) {
    rendered.attachments = comment.attachments.map((attachment) => attachment(view.style.stamp));
  }
  if (comment.donutPlaceholder !== null) {
    rendered.donut = { is_don: true, placeholder: { text: comment.donutPlaceholder } };
  }
  if (comment.rootId === null) rendered.thread = renderThread(comment, view);
  return rendered;
};

/** Hidden comments keep their place in the page but are not shown: the page comes out shorter. */
export const renderComments = (page: readonly Comment[], view: CommentView): WallWallComment[] => {
  const rendered: WallWallComment[] = [];
  for (const comment of page) if (!comment.isHidden) rendered.push(renderComment(comment, view));
  return rendered;
};
