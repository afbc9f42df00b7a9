import type { Switches } from '../vk/switches';
import type { Mutator } from './changes';
import type { Comment, Community, Post, Wall, World } from './model';

/** What one mutation works on. */
export interface Edit {
  world: World;
  community: Community;
  wall: Wall;
  /** Number of this step. */
  step: number;
  deletedLeaf: Switches['deletedLeaf'];
}

/** The mutations; each one looks up what it needs before it changes anything. */
export type Edits = {
  [Op in keyof Mutator]: (edit: Edit, ...args: Parameters<Mutator[Op]>) => ReturnType<Mutator[Op]>;
};

export const getPost = ({ ownerId, postById }: Wall, postId: number): Post => {
  const post = postById.get(postId);
  if (!post) throw new RangeError(`the wall of ${ownerId} has no post ${postId}`);
  return post;
};

export const getComment = ({ ownerId, commentById }: Wall, commentId: number): Comment => {
  const comment = commentById.get(commentId);
  if (!comment) throw new RangeError(`the wall of ${ownerId} has no comment ${commentId}`);
  return comment;
};

export const remove = <T>(list: T[], item: T): void => {
  const index = list.indexOf(item);
  if (index !== -1) list.splice(index, 1);
};

export const touchPost = (post: Post, step: number): void => {
  post.touched = step;
  post.smartOrder = null;
};
