import { USUAL_SHAPE, type CommentShape } from './commentSample';
import { END_LOOKS } from '../collecting/walkState';
import { pagesOf } from './pagesOf';
import type { ScopedSample, WeighedPost } from './wallSample';

/** What collecting one community takes, as far as a sample of it tells. */
export interface Estimate {
  posts: number;
  comments: number;
  /** Calls by VK's method. */
  calls: Record<string, number>;
}

/** What is known of one community. */
export interface CommunitySample {
  scope: ScopedSample;
  /** null where no comment could be looked at. */
  shape: CommentShape | null;
}

export interface Wanted {
  comments: boolean;
  threads: boolean;
}

const NOTHING: Estimate = { posts: 0, comments: 0, calls: {} };

const sumOf = (posts: WeighedPost[], value: (post: WeighedPost) => number): number =>
  posts.reduce((sum, post) => sum + value(post) * post.weight, 0);

/** Without replies the list of roots is all there is. */
const commentCalls = (
  { comments }: WeighedPost,
  { rootShare, threadCalls }: CommentShape,
  wanted: Wanted,
): number =>
  // A post that VK counts no comments of takes no call.
  comments === 0
    ? 0
    : pagesOf(Math.round(comments * rootShare)) + (wanted.threads ? comments * threadCalls : 0);

export const estimateCommunity = ({ scope, shape }: CommunitySample, wanted: Wanted): Estimate => {
  const { posts, depth, hasGaps } = scope;
  const used = shape ?? USUAL_SHAPE;
  const share = wanted.threads ? 1 : used.rootShare;
  const calls: Record<string, number> = {
    'wall.get': pagesOf(depth) + (hasGaps ? END_LOOKS : 0),
  };
  if (wanted.comments) {
    calls['wall.getComments'] = sumOf(posts, (post) => commentCalls(post, used, wanted));
  }
  return {
    posts: sumOf(posts, () => 1),
    comments: wanted.comments ? sumOf(posts, ({ comments }) => comments) * share : 0,
    calls,
  };
};

const add = (a: Estimate, b: Estimate): Estimate => {
  const methods = new Set([...Object.keys(a.calls), ...Object.keys(b.calls)]);
  return {
    posts: a.posts + b.posts,
    comments: a.comments + b.comments,
    calls: Object.fromEntries(
      [...methods].map((method) => [method, (a.calls[method] ?? 0) + (b.calls[method] ?? 0)]),
    ),
  };
};

/** The sum of some estimates, as if they stood for `of` of their kind. */
export const scaleUp = (estimates: Estimate[], of: number): Estimate => {
  const factor = estimates.length === 0 ? 0 : of / estimates.length;
  const { posts, comments, calls } = estimates.reduce(add, NOTHING);
  return {
    posts: posts * factor,
    comments: comments * factor,
    calls: Object.fromEntries(
      Object.entries(calls).map(([method, count]) => [method, count * factor]),
    ),
  };
};
