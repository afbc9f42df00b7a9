import { isObject, toArray, toFlag, toInteger, toObjects } from '../services/collecting/vkFields';
import {
  certain,
  describeRefusal,
  likely,
  notSeen,
  type Answer,
  type Asking,
  type Finding,
} from './asking';
import type { DeletedThing, Probe } from './probe';
import { everyReply, objectOf, type ProbeRecord, type SeenComment } from './record';

/** Stubs that must agree before one form is taken for the only one. */
const STUBS_MIN = 6;

const stubsOf = ({ commentPages }: ProbeRecord): SeenComment[] =>
  [...commentPages.values()].flatMap(({ items }) => items.filter(({ isDeleted }) => isDeleted));

/** What VK shows in place of a deleted comment: no author at all, or the author 0. */
// oxlint-disable-next-line require-yield
export const deletedStub: Probe = function* ({ record }) {
  const replies = everyReply(record).map(({ reply }) => reply);
  const stubs = [...stubsOf(record), ...replies.filter(({ isDeleted }) => isDeleted)];
  const withAuthor = stubs.filter(({ hasAuthor }) => hasAuthor).length;
  const bare = stubs.length - withAuthor;
  const evidence = `${stubs.length} deleted comments: ${bare} without author, ${withAuthor} with one`;
  if (withAuthor > 0 && bare > 0) return certain('mixed', evidence);
  if (stubs.length < STUBS_MIN) return notSeen(evidence, `${STUBS_MIN} deleted comments`);
  return likely(bare > 0 ? 'bare' : 'zero-author', evidence);
};

const LEAVES_MIN = 2;

/** Whether the comment that the caller names as deleted still has its place. */
function* lookForComment({ ownerId, postId, commentId, rootId }: DeletedThing): Asking<Answer> {
  return yield {
    method: 'wall.getComments',
    params: {
      owner_id: ownerId,
      post_id: postId,
      ...(rootId === null ? {} : { comment_id: rootId }),
      start_comment_id: commentId ?? 0,
      sort: 'asc',
      count: 1,
    },
  };
}

const judgeComment = (commentId: number | null, answer: Answer): Finding => {
  const what = 'a comment named as deleted without replies';
  if (!answer.ok) return notSeen(`${what}: ${describeRefusal(answer)}`, 'its post to be readable');
  const [first] = toObjects(objectOf(answer).items);
  if (toInteger(first?.id) !== commentId) return certain('gone', `${what} has left the list`);
  const isStub = toFlag(first?.deleted) || toFlag(first?.is_deleted);
  if (isStub) return certain('stub', `${what} is shown as deleted`);
  return notSeen(`${what} is shown as it was`, 'a comment that is deleted');
};

/** What becomes of a deleted comment that nobody answered. */
export const deletedLeaf: Probe = function* ({ record, deleted }) {
  const [named] = deleted.filter(({ commentId }) => commentId !== null);
  if (named) return judgeComment(named.commentId, yield* lookForComment(named));
  const replies = everyReply(record).map(({ reply }) => reply);
  const answered = new Set(replies.map(({ replyTo }) => replyTo));
  const leaves =
    stubsOf(record).filter(({ thread }) => thread?.count === 0).length +
    replies.filter(({ id, isDeleted }) => isDeleted && !answered.has(id)).length;
  const evidence = `${leaves} deleted comments without replies among those that are listed`;
  if (leaves >= LEAVES_MIN) return likely('stub', evidence);
  return notSeen(evidence, 'a comment known to be deleted without replies: --deleted LINK');
};

/** Numbers next to posts that are listed: some are of posts that were deleted. */
const NEIGHBOURS_MAX = 100;

const gapsOf = (ids: readonly number[]): number[] => {
  const known = new Set(ids);
  const newest = ids.toSorted((one, other) => other - one).slice(0, NEIGHBOURS_MAX);
  return newest.map((id) => id - 1).filter((id) => id > 0 && !known.has(id));
};

const judgePosts = (answer: Answer, asked: string, isNamed: boolean): Finding => {
  const needed = 'a post known to be deleted: --deleted LINK';
  if (!answer.ok) return notSeen(`${asked}: ${describeRefusal(answer)}`, needed);
  const { response } = answer;
  const items = toObjects(toArray(isObject(response) ? response.items : response));
  const stubs = items.filter(({ is_deleted: isDeleted }) => toFlag(isDeleted)).length;
  const evidence = `${asked}: ${stubs} shown as deleted, ${items.length - stubs} as posts`;
  if (stubs > 0) return certain('stub', evidence);
  if (isNamed && items.length === 0) return certain('left-out', evidence);
  return notSeen(evidence, needed);
};

/** What wall.getById says of a deleted post. */
export const deletedPost: Probe = function* ({ deleted, survey: { walls } }) {
  const ask = (posts: readonly string[]) => ({
    method: 'wall.getById',
    params: { posts: posts.join(',') },
  });
  const named = deleted.filter(({ commentId }) => commentId === null);
  if (named.length > 0) {
    const answer = yield ask(named.map(({ ownerId, postId }) => `${ownerId}_${postId}`));
    return judgePosts(answer, `${named.length} posts named as deleted`, true);
  }
  const gaps = walls
    .flatMap(({ ownerId, posts }) =>
      gapsOf(posts.map(({ id }) => id)).map((id) => `${ownerId}_${id}`),
    )
    .slice(0, NEIGHBOURS_MAX);
  const needed = 'a post known to be deleted: --deleted LINK';
  if (gaps.length === 0) return notSeen('no wall could be read', needed);
  return judgePosts(yield ask(gaps), `${gaps.length} numbers between those of posts`, false);
};
