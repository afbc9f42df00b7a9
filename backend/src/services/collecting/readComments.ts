import type { CommentInput } from '../../repositories/commentRepository';
import type { NewWalk, Walk } from '../../repositories/walkRepository';
import { toComment, type RawMode } from './normalise';
import {
  commentsReadBetween,
  emptyCommit,
  moveAfter,
  namesBeside,
  needOf,
  type PageCommit,
  proofOf,
  totalOf,
} from './pageCommit';
import type { ListReply, Page } from './readAhead';
import type { ReadContext } from './readWall';
import { isObject, toCount, toObjects, toTotal, type VkObject } from './vkFields';
import { applyPage, PAGE_COUNT } from './walkState';

/** Most replies that VK sends inside their root comment. */
const INLINE_MAX = 10;

interface Root {
  row: CommentInput;
  replies: CommentInput[];
  /** There is more of it than VK sent along: the thread needs a walk of its own. */
  isLong: boolean;
  /** As many replies as come inline at most: nothing but VK's count says that they are all. */
  isSuspect: boolean;
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
  const thread = isObject(item.thread) ? item.thread : null;
  const replies = rowsOf(toObjects(thread?.items), walk, row.id, fetchedAt, raw);
  const count = toCount(thread?.count);
  const isFull = replies.length >= INLINE_MAX;
  // A count below a full thread is wrong, whatever the true one is.
  const isLong = count > replies.length || (isFull && count !== replies.length);
  const isSuspect = isFull && !isLong;
  return [{ row, replies, isLong, isSuspect }];
};

const threadWalk = (walk: Walk, root: Root): NewWalk => ({
  kind: 'thread',
  ownerId: walk.ownerId,
  postId: walk.postId,
  rootId: root.row.id,
});

const stubsIn = (rows: CommentInput[]): number => rows.filter((row) => row.isDeleted).length;

const fetchPage = (walk: Walk, { call, pages, scope }: ReadContext): Promise<Page> => {
  // Every default is spoken out: VK cuts texts to 90 characters and sorts as it likes.
  const params = {
    owner_id: walk.ownerId,
    post_id: walk.postId,
    ...(walk.kind === 'thread'
      ? { comment_id: walk.rootId }
      : { thread_items_count: scope.collectThreads ? INLINE_MAX : 0 }),
    sort: 'asc' as const,
    preview_length: 0,
    need_likes: 1 as const,
    extended: 1 as const,
    fields: 'screen_name',
  };
  return pages.next(needOf(walk, totalOf(walk)), (request, signal) =>
    call('wall.getComments', { ...params, ...request }, signal),
  );
};

/**
 * VK's count of the listed level. It may be left out; `count` then stands for all levels, and says
 * how many roots there are only together with the threads of a page that holds them all.
 */
const rootCount = (reply: ListReply, offset: number): number | null => {
  const level = toTotal(reply.current_level_count);
  const all = toTotal(reply.count);
  const items = toObjects(reply.items);
  if (level !== null || all === null || offset > 0 || items.length >= PAGE_COUNT) return level;
  const replies = items.map((item) => (isObject(item.thread) ? toCount(item.thread.count) : 0));
  return Math.max(
    items.length,
    replies.reduce((rest, count) => rest - count, all),
  );
};

/** The same for a thread, where `count` may be of the thread or of the whole post. */
const replyCount = (reply: ListReply): number | null => {
  const level = toTotal(reply.current_level_count);
  const all = toTotal(reply.count);
  return level ?? (all === toObjects(reply.items).length ? all : null);
};

interface CommentsMemory {
  /** VK's count of comments beside the post, and when the post was asked for, unix ms. */
  promised?: number | null;
  promisedAt?: number;
  /** Roots whose threads are read only if VK's count of all levels is not reached without them. */
  suspects?: number[];
  undercounted?: boolean;
}

/** A comment younger than this before the post was read may be missing in the post's count. */
const COUNT_LAG_MS = 60_000;

/** Comments were listed that VK had not counted: its zeros are not to be believed on this wall. */
const isUndercounted = (roots: Root[], all: number | null, memory: CommentsMemory): boolean => {
  const listed = roots.flatMap(({ row, replies }) => [row, ...replies]);
  if (all !== null && all < listed.length) return true;
  const { promised, promisedAt } = memory;
  if (typeof promised !== 'number' || promisedAt === undefined) return false;
  const old = listed.filter(({ date }) => date.getTime() < promisedAt - COUNT_LAG_MS);
  return old.length > promised;
};

/** Reads the next page of a post's root comments, with the replies that came along. */
export const readCommentsPage = async (walk: Walk, context: ReadContext): Promise<PageCommit> => {
  const { reply, fetchedAt, request } = await fetchPage(walk, context);
  const items = toObjects(reply.items);
  const roots = items.flatMap((item) => toRoot(item, walk, fetchedAt, context.raw));
  const total = rootCount(reply, request.offset);
  const step = applyPage(proofOf(walk), request, {
    ids: roots.map(({ row }) => row.id),
    length: items.length,
    total,
  });
  const fresh = roots.slice(step.freshFrom);
  const { collectThreads } = context.scope;
  const inlineReplies = collectThreads
    ? fresh.filter((root) => !root.isLong).flatMap((root) => root.replies)
    : [];
  const allLevels = toTotal(reply.count);
  const move = moveAfter(walk, {
    proof: step.state,
    verdict: step.verdict,
    vkCount: total,
    vkCountAll: allLevels,
    stubs: walk.stubs + stubsIn(fresh.map((root) => root.row)),
    inlineStored: walk.inlineStored + inlineReplies.length,
  });
  const memory: CommentsMemory = walk.memory;
  const suspects = collectThreads ? fresh.filter((root) => root.isSuspect) : [];
  move.memory = {
    ...move.memory,
    promised: memory.promised ?? null,
    promisedAt: memory.promisedAt ?? 0,
    suspects: [...(memory.suspects ?? []), ...suspects.map(({ row }) => row.id)],
    undercounted: memory.undercounted === true || isUndercounted(roots, allLevels, memory),
  };
  return {
    ...emptyCommit(move),
    comments: fresh.flatMap((root) => [root.row, ...root.replies]),
    commentsRead: commentsReadBetween(walk, move),
    ...namesBeside(reply, fetchedAt),
    newWalks: collectThreads
      ? fresh.filter((root) => root.isLong).map((root) => threadWalk(walk, root))
      : [],
  };
};

/** Reads the next page of a thread, from its first reply on: what came inline proves nothing. */
export const readThreadPage = async (walk: Walk, context: ReadContext): Promise<PageCommit> => {
  const { reply, fetchedAt, request } = await fetchPage(walk, context);
  const items = toObjects(reply.items);
  const rows = rowsOf(items, walk, walk.rootId, fetchedAt, context.raw);
  const step = applyPage(proofOf(walk), request, {
    ids: rows.map((row) => row.id),
    length: items.length,
    total: replyCount(reply),
  });
  const fresh = rows.slice(step.freshFrom);
  const move = moveAfter(walk, {
    proof: step.state,
    verdict: step.verdict,
    vkCount: replyCount(reply),
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
