import type { CommentInput } from '../../repositories/commentRepository';
import type { NewWalk, Walk } from '../../repositories/walkRepository';
import { toComment, type RawMode } from './normalise';
import {
  commentsReadBetween,
  emptyCommit,
  moveAfter,
  namesBeside,
  type PageCommit,
  proofOf,
} from './pageCommit';
import type { ReadContext } from './readWall';
import { isObject, toCount, toInteger, toObjects, type VkObject } from './vkFields';
import { applyPage, nextRequest } from './walkState';

/** Most replies that VK sends inside their root comment. */
const INLINE_MAX = 10;

interface Root {
  row: CommentInput;
  replies: CommentInput[];
  /** VK counts more replies than it sent along: the thread needs a walk of its own. */
  isLong: boolean;
}

const place = (walk: Walk, threadRootId: number | null) => ({
  ownerId: walk.ownerId,
  postId: walk.postId,
  threadRootId,
});

const rowsOf = (
  items: VkObject[],
  walk: Walk,
  threadRootId: number | null,
  fetchedAt: Date,
  raw: RawMode,
): CommentInput[] =>
  items.flatMap((item) => toComment(item, place(walk, threadRootId), fetchedAt, raw) ?? []);

const toRoot = (item: VkObject, walk: Walk, fetchedAt: Date, raw: RawMode): Root[] => {
  const row = toComment(item, place(walk, null), fetchedAt, raw);
  if (row === null) return [];
  const thread = isObject(item.thread) ? item.thread : {};
  const replies = rowsOf(toObjects(thread.items), walk, row.id, fetchedAt, raw);
  return [{ row, replies, isLong: toCount(thread.count) > replies.length }];
};

const threadWalk = (walk: Walk, root: Root): NewWalk => ({
  kind: 'thread',
  ownerId: walk.ownerId,
  postId: walk.postId,
  rootId: root.row.id,
});

const stubsIn = (rows: CommentInput[]): number => rows.filter((row) => row.isDeleted).length;

interface CommentsReply {
  count?: unknown;
  current_level_count?: unknown;
  items?: unknown;
  profiles?: unknown;
  groups?: unknown;
}

const ask = async (
  walk: Walk,
  { call, scope }: ReadContext,
): Promise<{
  reply: CommentsReply;
  fetchedAt: Date;
  request: { offset: number; count: number };
}> => {
  const request = nextRequest(proofOf(walk));
  // Every default is spoken out: VK cuts texts to 90 characters and sorts as it likes.
  const { reply, fetchedAt } = await call('wall.getComments', {
    owner_id: walk.ownerId,
    post_id: walk.postId,
    ...(walk.kind === 'thread'
      ? { comment_id: walk.rootId }
      : { thread_items_count: scope.collectThreads ? INLINE_MAX : 0 }),
    ...request,
    sort: 'asc',
    preview_length: 0,
    need_likes: 1,
    extended: 1,
    fields: 'screen_name',
  });
  return { reply, fetchedAt, request };
};

/** VK's count of the listed level alone; the count of all levels would never be reached. */
const levelCount = (reply: CommentsReply): number | null =>
  toInteger(reply.current_level_count) ?? toInteger(reply.count);

/** Reads the next page of a post's root comments, with the replies that came along. */
export const readCommentsPage = async (walk: Walk, context: ReadContext): Promise<PageCommit> => {
  const { reply, fetchedAt, request } = await ask(walk, context);
  const items = toObjects(reply.items);
  const roots = items.flatMap((item) => toRoot(item, walk, fetchedAt, context.raw));
  const step = applyPage(proofOf(walk), request, {
    ids: roots.map(({ row }) => row.id),
    length: items.length,
    total: levelCount(reply),
  });
  const fresh = roots.slice(step.freshFrom);
  const inline = context.scope.collectThreads ? fresh.filter((root) => !root.isLong) : [];
  const inlineReplies = inline.flatMap((root) => root.replies);
  const allLevels = toInteger(reply.count);
  const move = moveAfter(walk, {
    proof: step.state,
    verdict: step.verdict,
    vkCount: levelCount(reply),
    vkCountAll: allLevels,
    stubs: walk.stubs + stubsIn(fresh.map((root) => root.row)),
    inlineStored: walk.inlineStored + inlineReplies.length,
  });
  const listed = roots.reduce((sum, root) => sum + 1 + root.replies.length, 0);
  if (move.state === 'done' && request.offset === 0 && allLevels !== null && allLevels < listed) {
    move.memory = { ...move.memory, undercounted: true };
  }
  return {
    ...emptyCommit(move),
    comments: fresh.flatMap((root) => [root.row, ...root.replies]),
    commentsRead: commentsReadBetween(walk, move),
    ...namesBeside(reply, fetchedAt),
    newWalks: context.scope.collectThreads
      ? fresh.filter((root) => root.isLong).map((root) => threadWalk(walk, root))
      : [],
  };
};

/** Reads the next page of a thread, from its first reply on: what came inline proves nothing. */
export const readThreadPage = async (walk: Walk, context: ReadContext): Promise<PageCommit> => {
  const { reply, fetchedAt, request } = await ask(walk, context);
  const items = toObjects(reply.items);
  const rows = rowsOf(items, walk, walk.rootId, fetchedAt, context.raw);
  const step = applyPage(proofOf(walk), request, {
    ids: rows.map((row) => row.id),
    length: items.length,
    total: levelCount(reply),
  });
  const fresh = rows.slice(step.freshFrom);
  const move = moveAfter(walk, {
    proof: step.state,
    verdict: step.verdict,
    vkCount: levelCount(reply),
    vkCountAll: null,
    stubs: walk.stubs + stubsIn(fresh),
    inlineStored: 0,
  });
  return {
    ...emptyCommit(move),
    comments: fresh,
    commentsRead: commentsReadBetween(walk, move),
    ...namesBeside(reply, fetchedAt),
  };
};
