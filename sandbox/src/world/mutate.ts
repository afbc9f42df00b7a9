import { linkReply } from './buildComments';
import type { Comment, Community, CommunityState, Post, Wall, World } from './model';

export interface NewPost {
  /** The community itself by default. */
  fromId?: number;
  text?: string;
  isPinned?: boolean;
}

export interface NewComment {
  /** A person by default. */
  fromId?: number;
  text?: string;
  /** The root whose thread it goes to; a root comment when left out. */
  rootId?: number;
  /** The reply of that thread that it answers; its root when left out. */
  replyTo?: number;
}

/** Changes the world between two pages. `ownerId` is negative, as on VK; ids are returned. */
export interface Mutator {
  /** Puts a post on top of the wall. */
  insertPost(ownerId: number, post?: NewPost): number;
  deletePost(ownerId: number, postId: number): void;
  editPost(ownerId: number, postId: number, text?: string): void;
  pinPost(ownerId: number, postId: number | null): void;
  /** Adds a comment at the end of the post's list, or of a thread. */
  insertComment(ownerId: number, postId: number, comment?: NewComment): number;
  /** A root with replies leaves a stub; every other comment vanishes. */
  deleteComment(ownerId: number, commentId: number): void;
  editComment(ownerId: number, commentId: number, text?: string): void;
  setCommentAccess(ownerId: number, postId: number, access: Post['commentAccess']): void;
  setCommunityState(communityId: number, state: CommunityState): void;
}

const getCommunity = ({ communities }: World, id: number): Community => {
  const community = communities.get(id);
  if (!community) throw new RangeError(`the world has no community ${id}`);
  return community;
};

const getPost = ({ ownerId, postById }: Wall, postId: number): Post => {
  const post = postById.get(postId);
  if (!post) throw new RangeError(`the wall of ${ownerId} has no post ${postId}`);
  return post;
};

const getComment = ({ ownerId, commentById }: Wall, commentId: number): Comment => {
  const comment = commentById.get(commentId);
  if (!comment) throw new RangeError(`the wall of ${ownerId} has no comment ${commentId}`);
  return comment;
};

const remove = <T>(list: T[], item: T): void => {
  const index = list.indexOf(item);
  if (index !== -1) list.splice(index, 1);
};

/** What one step of the world does to the wall and the clock. */
interface Step {
  world: World;
  wall: Wall;
  /** Number of this step. */
  step: number;
}

/** Every mutation is one step, and moves the clock by some seconds. */
const beginStep = (world: World, ownerId: number): Step => {
  const { wall } = getCommunity(world, -ownerId);
  world.step += 1;
  world.now += 7;
  wall.views.clear();
  return { world, wall, step: world.step };
};

const touchPost = (post: Post, step: number): void => {
  post.touched = step;
  post.smartOrder = null;
};

const createPost = ({ world, wall, step }: Step, { fromId, text }: NewPost): Post => {
  wall.lastId += 1;
  return {
    ownerId: wall.ownerId,
    id: wall.lastId,
    fromId: fromId ?? wall.ownerId,
    date: world.now,
    text: text ?? `Новая запись номер ${step}`,
    editedAt: null,
    likes: 0,
    reposts: 0,
    views: (fromId ?? wall.ownerId) === wall.ownerId ? 1 : null,
    signerId: null,
    isAds: false,
    attachments: [],
    copyHistory: [],
    geo: null,
    copyright: null,
    donutPlaceholder: null,
    isHidden: false,
    commentAccess: 'open',
    roots: [],
    replyCount: 0,
    drift: { total: 0, level: 0 },
    smartOrder: null,
    born: step,
    touched: step,
  };
};

const pin = (wall: Wall, postId: number | null, step: number): void => {
  for (const id of [wall.pinnedId, postId]) {
    const post = id === null ? undefined : wall.postById.get(id);
    if (post) touchPost(post, step);
  }
  wall.pinnedId = postId;
};

const createComment = ({ world, wall, step }: Step, post: Post, comment: NewComment): Comment => {
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

const addReply = (
  wall: Wall,
  post: Post,
  reply: Comment,
  { rootId, replyTo }: NewComment,
): void => {
  const root = getComment(wall, rootId ?? 0);
  linkReply(reply, root, replyTo === undefined ? root : getComment(wall, replyTo), () => 'Вы');
  root.replies.push(reply);
  post.replyCount += 1;
};

const removeComment = ({ wall, step }: Step, comment: Comment): void => {
  const post = getPost(wall, comment.postId);
  touchPost(post, step);
  comment.touched = step;
  if (comment.rootId === null && comment.replies.length > 0) {
    comment.isDeleted = true;
    return;
  }
  wall.commentById.delete(comment.id);
  if (comment.rootId === null) {
    remove(post.roots, comment);
    return;
  }
  remove(getComment(wall, comment.rootId).replies, comment);
  post.replyCount -= 1;
};

const createPostMutations = (
  world: World,
): Pick<Mutator, 'insertPost' | 'deletePost' | 'editPost' | 'pinPost'> => ({
  insertPost: (ownerId, newPost = {}) => {
    const step = beginStep(world, ownerId);
    const post = createPost(step, newPost);
    step.wall.posts.unshift(post);
    step.wall.postById.set(post.id, post);
    if (newPost.isPinned) pin(step.wall, post.id, step.step);
    return post.id;
  },
  deletePost: (ownerId, postId) => {
    const { wall } = beginStep(world, ownerId);
    const post = getPost(wall, postId);
    remove(wall.posts, post);
    wall.postById.delete(postId);
    for (const root of post.roots) {
      for (const { id } of [root, ...root.replies]) wall.commentById.delete(id);
    }
    if (wall.pinnedId === postId) wall.pinnedId = null;
  },
  editPost: (ownerId, postId, text) => {
    const { wall, step } = beginStep(world, ownerId);
    const post = getPost(wall, postId);
    touchPost(post, step);
    post.text = text ?? `${post.text} (правка ${step})`;
    post.editedAt = world.now;
  },
  pinPost: (ownerId, postId) => {
    const { wall, step } = beginStep(world, ownerId);
    if (postId !== null) getPost(wall, postId);
    pin(wall, postId, step);
  },
});

const createCommentMutations = (
  world: World,
): Pick<Mutator, 'insertComment' | 'deleteComment' | 'editComment' | 'setCommentAccess'> => ({
  insertComment: (ownerId, postId, newComment = {}) => {
    const step = beginStep(world, ownerId);
    const post = getPost(step.wall, postId);
    const comment = createComment(step, post, newComment);
    if (newComment.rootId === undefined) post.roots.push(comment);
    else addReply(step.wall, post, comment, newComment);
    step.wall.commentById.set(comment.id, comment);
    touchPost(post, step.step);
    return comment.id;
  },
  deleteComment: (ownerId, commentId) => {
    const step = beginStep(world, ownerId);
    removeComment(step, getComment(step.wall, commentId));
  },
  editComment: (ownerId, commentId, text) => {
    const { wall, step } = beginStep(world, ownerId);
    const comment = getComment(wall, commentId);
    comment.touched = step;
    comment.text = text ?? `${comment.text} (правка ${step})`;
  },
  setCommentAccess: (ownerId, postId, access) => {
    const { wall, step } = beginStep(world, ownerId);
    const post = getPost(wall, postId);
    touchPost(post, step);
    post.commentAccess = access;
  },
});

/** @throws RangeError from each change when the world has no such community, post or comment */
export const createMutator = (world: World): Mutator => ({
  ...createPostMutations(world),
  ...createCommentMutations(world),
  setCommunityState: (communityId, state) => {
    beginStep(world, -communityId);
    getCommunity(world, communityId).state = state;
  },
});
