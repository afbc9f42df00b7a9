import { linkReply } from './buildComments';
import type { NewComment } from './changes';
import { getComment, getPost, remove, touchPost, type Edit, type Edits } from './edit';
import type { Comment, Post, Wall } from './model';

const createComment = ({ world, wall, step }: Edit, post: Post, comment: NewComment): Comment => {
  wall.lastId += 1;
  const [anybody] = world.users.keys();
  return {
    ownerId: wall.ownerId,
    postId: post.id,
    id: wall.lastId,
    rootId: null,
    fromId: comment.fromId ?? anybody ?? wall.ownerId,
    date: world.now,
    text: comment.text ?? `Новый комментарий номер ${step}`,
    likes: 0,
    replyToComment: null,
    replyToUser: null,
    attachments: [],
    donutPlaceholder: null,
    isDeleted: false,
    isHidden: false,
    replies: [],
    threadDrift: 0,
    born: step,
    touched: step,
  };
};

const insertComment = (edit: Edit, postId: number, newComment: NewComment): number => {
  const { wall, step } = edit;
  const post = getPost(wall, postId);
  const root = newComment.rootId === undefined ? null : getComment(wall, newComment.rootId);
  const parent = newComment.replyTo === undefined ? root : getComment(wall, newComment.replyTo);
  const comment = createComment(edit, post, newComment);
  if (root && parent) {
    linkReply(comment, root, parent, () => 'Вы');
    root.replies.push(comment);
    post.replyCount += 1;
  } else {
    post.roots.push(comment);
  }
  wall.commentById.set(comment.id, comment);
  touchPost(post, step);
  return comment.id;
};

const forget = (wall: Wall, comments: readonly Comment[]): void => {
  for (const { id } of comments) wall.commentById.delete(id);
};

const deleteThread = ({ wall, step }: Edit, rootId: number): void => {
  const root = getComment(wall, rootId);
  if (root.rootId !== null) throw new RangeError(`comment ${rootId} is a reply, not a root`);
  const post = getPost(wall, root.postId);
  touchPost(post, step);
  root.touched = step;
  remove(post.roots, root);
  post.replyCount -= root.replies.length;
  forget(wall, [root, ...root.replies]);
  wall.goneComments.set(root.id, root);
};

const deleteComment = (edit: Edit, commentId: number): void => {
  const { wall, step, deletedLeaf } = edit;
  const comment = getComment(wall, commentId);
  const post = getPost(wall, comment.postId);
  if (comment.replies.length > 0 || deletedLeaf === 'stub') {
    touchPost(post, step);
    comment.touched = step;
    comment.isDeleted = true;
    return;
  }
  if (comment.rootId === null) return deleteThread(edit, commentId);
  touchPost(post, step);
  comment.touched = step;
  remove(getComment(wall, comment.rootId).replies, comment);
  post.replyCount -= 1;
  forget(wall, [comment]);
  wall.goneComments.set(comment.id, comment);
};

/** Ids of one list rise with time, so they say where a comment has its place. */
const insertById = (list: Comment[], comment: Comment): void => {
  const place = list.findIndex(({ id }) => id > comment.id);
  list.splice(place === -1 ? list.length : place, 0, comment);
};

const restoreComment = ({ wall, step }: Edit, commentId: number): void => {
  const stub = wall.commentById.get(commentId);
  const gone = wall.goneComments.get(commentId);
  const comment = stub?.isDeleted ? stub : gone;
  if (!comment)
    throw new RangeError(`the wall of ${wall.ownerId} has lost no comment ${commentId}`);
  const post = getPost(wall, comment.postId);
  const list = comment.rootId === null ? post.roots : getComment(wall, comment.rootId).replies;
  touchPost(post, step);
  comment.touched = step;
  comment.isDeleted = false;
  if (comment === stub) return;
  wall.goneComments.delete(commentId);
  insertById(list, comment);
  post.replyCount += comment.rootId === null ? comment.replies.length : 1;
  for (const back of [comment, ...comment.replies]) {
    back.born = step;
    wall.commentById.set(back.id, back);
  }
};

export const COMMENT_EDITS: Pick<
  Edits,
  | 'insertComment'
  | 'deleteComment'
  | 'deleteThread'
  | 'restoreComment'
  | 'editComment'
  | 'setCommentAccess'
> = {
  insertComment: (edit, _ownerId, postId, comment = {}) => insertComment(edit, postId, comment),
  deleteComment: (edit, _ownerId, commentId) => deleteComment(edit, commentId),
  deleteThread: (edit, _ownerId, rootId) => deleteThread(edit, rootId),
  restoreComment: (edit, _ownerId, commentId) => restoreComment(edit, commentId),
  editComment: ({ wall, step }, _ownerId, commentId, text) => {
    const comment = getComment(wall, commentId);
    comment.touched = step;
    comment.text = text ?? `${comment.text} (правка ${step})`;
  },
  setCommentAccess: ({ wall, step }, _ownerId, postId, access) => {
    const post = getPost(wall, postId);
    touchPost(post, step);
    if (access === 'open' && post.commentAccess !== 'open') post.commentsSince = step;
    post.commentAccess = access;
  },
};
