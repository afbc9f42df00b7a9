import type { NewPost } from './changes';
import { getPost, remove, touchPost, type Edit, type Edits } from './edit';
import type { GonePost, Post, Wall } from './model';

const createPost = ({ world, wall, step }: Edit, { fromId, text }: NewPost): Post => {
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
    commentsSince: step,
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

const takeAway = ({ wall, step }: Edit, postId: number, why: GonePost['why']): void => {
  const post = getPost(wall, postId);
  post.touched = step;
  remove(wall.posts, post);
  wall.postById.delete(postId);
  for (const root of post.roots) {
    for (const { id } of [root, ...root.replies]) wall.commentById.delete(id);
  }
  wall.gonePosts.set(postId, { post, why });
  if (wall.pinnedId === postId) wall.pinnedId = null;
};

const putBack = ({ wall, step }: Edit, postId: number): void => {
  const { post } = wall.gonePosts.get(postId) ?? {};
  if (!post) throw new RangeError(`the wall of ${wall.ownerId} has lost no post ${postId}`);
  wall.gonePosts.delete(postId);
  const isOlder = ({ date, id }: Post): boolean =>
    date < post.date || (date === post.date && id < post.id);
  const place = wall.posts.findIndex((other) => isOlder(other));
  wall.posts.splice(place === -1 ? wall.posts.length : place, 0, post);
  wall.postById.set(postId, post);
  for (const root of post.roots) {
    for (const comment of [root, ...root.replies]) wall.commentById.set(comment.id, comment);
  }
  post.born = step;
  touchPost(post, step);
};

export const POST_EDITS: Pick<
  Edits,
  'insertPost' | 'deletePost' | 'editPost' | 'pinPost' | 'archivePost' | 'restorePost'
> = {
  insertPost: (edit, _ownerId, newPost = {}) => {
    const post = createPost(edit, newPost);
    edit.wall.posts.unshift(post);
    edit.wall.postById.set(post.id, post);
    if (newPost.isPinned) pin(edit.wall, post.id, edit.step);
    return post.id;
  },
  deletePost: (edit, _ownerId, postId) => takeAway(edit, postId, 'deleted'),
  archivePost: (edit, _ownerId, postId) => takeAway(edit, postId, 'archived'),
  restorePost: (edit, _ownerId, postId) => putBack(edit, postId),
  editPost: ({ world, wall, step }, _ownerId, postId, text) => {
    const post = getPost(wall, postId);
    touchPost(post, step);
    post.text = text ?? `${post.text} (правка ${step})`;
    post.editedAt = world.now;
  },
  pinPost: ({ wall, step }, _ownerId, postId) => {
    if (postId !== null) getPost(wall, postId);
    pin(wall, postId, step);
  },
};
