import { VkError } from '../../vkApi/errors';
import type { VkCall } from '../collecting/vkCall';
import { isObject, toArray, toCount, toObjects, toTotal } from '../collecting/vkFields';
import { PAGE_COUNT } from '../collecting/walkState';
import { pagesOf } from './pagesOf';
import type { SampledPost, WeighedPost } from './wallSample';

/** How comments are spread over roots and long threads. */
export interface CommentShape {
  /** Root comments among all, 0 to 1. */
  rootShare: number;
  /** Calls for threads that do not come whole with their root, for each comment. */
  threadCalls: number;
}

/** As on an ordinary wall, where no comment could be looked at. */
export const USUAL_SHAPE: CommentShape = { rootShare: 0.7, threadCalls: 0.002 };

/** Posts of one wall whose comments are looked at. */
const POSTS_MAX = 8;

/**
 * Posts in proportion to their comments: the mean of a ratio over them is that over all comments.
 * Always the same ones of the same wall.
 */
export const chooseByComments = <Post extends Pick<WeighedPost, 'comments' | 'weight'>>(
  posts: Post[],
): Post[] => {
  const sum = posts.reduce((all, { comments, weight }) => all + comments * weight, 0);
  if (sum === 0) return [];
  const step = sum / POSTS_MAX;
  const chosen = new Set<Post>();
  let passed = 0;
  let next = step / 2;
  for (const post of posts) {
    passed += post.comments * post.weight;
    if (passed <= next) continue;
    chosen.add(post);
    next += Math.ceil((passed - next) / step) * step;
  }
  return [...chosen];
};

const shapeOf = async (
  ownerId: number,
  post: SampledPost,
  call: VkCall,
): Promise<CommentShape | null> => {
  const { reply } = await call('wall.getComments', {
    owner_id: ownerId,
    post_id: post.id,
    count: PAGE_COUNT,
    thread_items_count: 10,
    sort: 'asc',
    preview_length: 1,
  });
  const roots = toObjects(reply.items);
  const all = toTotal(reply.count) ?? post.comments;
  if (roots.length === 0 || all === 0) return null;
  const calls = roots.reduce((sum, { thread }) => {
    if (!isObject(thread)) return sum;
    const replies = toCount(thread.count);
    return sum + (replies > toArray(thread.items).length ? pagesOf(replies) : 0);
  }, 0);
  const level = toTotal(reply.current_level_count) ?? roots.length;
  return {
    rootShare: Math.min(1, level / all),
    threadCalls: (calls * Math.max(1, level / roots.length)) / all,
  };
};

/** A post whose comments are closed tells nothing, and stops no plan. */
const ofUnreadable = (error: unknown): null => {
  if (error instanceof VkError) return null;
  throw error;
};

const mean = (values: number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Looks at the first page of comments of a few posts; null where none could be read. */
export const sampleComments = async (
  ownerId: number,
  posts: WeighedPost[],
  call: VkCall,
): Promise<CommentShape | null> => {
  const chosen = chooseByComments(posts);
  const shapes = await Promise.all(
    chosen.map((post) => shapeOf(ownerId, post, call).catch(ofUnreadable)),
  );
  const found = shapes.filter((shape) => shape !== null);
  if (found.length === 0) return null;
  return {
    rootShare: mean(found.map(({ rootShare }) => rootShare)),
    threadCalls: mean(found.map(({ threadCalls }) => threadCalls)),
  };
};
