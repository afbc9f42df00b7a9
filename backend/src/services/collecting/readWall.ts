import type { PostInput } from '../../repositories/postRepository';
import type { NewWalk, Walk } from '../../repositories/walkRepository';
import type { WallFilter } from '@stenograf/contracts/api';
import type { VkReply } from '../../vkApi/types';
import type { VkCall } from './vkCall';
import { commentCountOf, toPost, type RawMode } from './normalise';
import {
  emptyCommit,
  moveAfter,
  namesBeside,
  needOf,
  type PageCommit,
  proofOf,
  totalOf,
  unmoved,
} from './pageCommit';
import type { Page, ReadAhead } from './readAhead';
import { toFlag, toObjects, toTotal, type VkObject } from './vkFields';
import { applyPage, type PageRequest } from './walkState';
import {
  isInTime,
  selectInScope,
  startOfScope,
  type ScopeMemory,
  type WallScope,
} from './wallScope';

export interface CollectScope extends WallScope {
  filter: WallFilter;
  collectComments: boolean;
  collectThreads: boolean;
}

/** What all walks of a target share. */
export interface TargetContext {
  call: VkCall;
  scope: CollectScope;
  raw: RawMode;
}

export interface ReadContext extends TargetContext {
  /** Of the walk that is read. */
  pages: ReadAhead;
}

interface Listed {
  item: VkObject;
  row: PostInput;
}

const toListed = (items: VkObject[], ownerId: number, fetchedAt: Date, raw: RawMode): Listed[] =>
  items.flatMap((item) => {
    const row = toPost(item, ownerId, fetchedAt, raw);
    return row === null ? [] : [{ item, row }];
  });

/**
 * The walk over a post's comments. VK's own zero is believed without a call, since most posts of
 * many walls have no comments; the walk is opened after all where VK is caught counting too few.
 */
const commentsWalk = ({ item, row }: Listed): NewWalk => {
  const promised = commentCountOf(item);
  return {
    kind: 'comments',
    ownerId: row.ownerId,
    postId: row.id,
    rootId: 0,
    memory: { promised, promisedAt: row.fetchedAt.getTime() },
    ...(promised === 0 ? { reasonKind: 'counted_zero' as const } : {}),
  };
};

/** The walk over a pinned post whose place was passed before it turned out to be asked for. */
const pinnedWalk = (ownerId: number, postId: number): NewWalk => ({
  kind: 'post',
  ownerId,
  postId,
  rootId: 0,
  memory: { mayBeGone: true },
});

interface WallMemory {
  scope?: ScopeMemory;
  pinnedId?: number | null;
}

/** @param begins the page follows from nothing: whatever was remembered belongs to another pass */
const memoryOf = (walk: Walk, begins: boolean): WallMemory => (begins ? {} : walk.memory);

/** Offset up to which a wall is surely wanted; where a date ends it, nobody knows how far it is. */
const endOfWall = (walk: Walk, { limit, since }: CollectScope): number | null => {
  const total = totalOf(walk);
  if (total === null || since !== null) return null;
  if (limit === null) return total;
  const { taken, pinned } = memoryOf(walk, false).scope ?? startOfScope;
  // Where the last of N was taken nothing more is read; at VK's own end one look more is due.
  return Math.min(total, walk.position + limit - taken - (pinned === null ? 0 : 1) - 1);
};

const ask = (
  walk: Walk,
  { call, scope }: ReadContext,
  request: PageRequest,
  signal?: AbortSignal,
): Promise<VkReply<'wall.get'>> => {
  const params = { owner_id: walk.ownerId, filter: scope.filter, ...request };
  return call('wall.get', { ...params, extended: 1, fields: 'screen_name' }, signal);
};

const fetchPage = (walk: Walk, context: ReadContext): Promise<Page> =>
  context.pages.next(needOf(walk, endOfWall(walk, context.scope)), (request, signal) =>
    ask(walk, context, request, signal),
  );

/**
 * A post that is pinned while its wall is read leaves its place for the top, which was read before:
 * who does not look there once more may miss it. Of the newest N it takes no place.
 */
const findPinnedSince = async (
  walk: Walk,
  request: PageRequest,
  context: ReadContext,
): Promise<number | null> => {
  const { scope, raw } = context;
  if (request.offset === 0 || scope.limit !== null) return null;
  const { reply, fetchedAt } = await ask(walk, context, { offset: 0, count: 1 });
  const [top] = toListed(toObjects(reply.items), walk.ownerId, fetchedAt, raw);
  return top?.row.isPinned && isInTime(scope, top.row.date) ? top.row.id : null;
};

/** Reads the next page of a wall: posts in scope, and a walk for the comments of each. */
export const readWallPage = async (walk: Walk, context: ReadContext): Promise<PageCommit> => {
  const { scope, raw } = context;
  const proof = proofOf(walk);
  const { request, reply, fetchedAt } = await fetchPage(walk, context);
  const listed = toListed(toObjects(reply.items), walk.ownerId, fetchedAt, raw);
  const flagged = listed.find(({ row }) => row.isPinned);
  // Unpinned again, or by VK's way of listing, it comes once more at its own place.
  const known = walk.position === 0 ? undefined : memoryOf(walk, false).pinnedId;
  const unpinned = listed.filter(({ row }) => row.id !== flagged?.row.id && row.id !== known);
  const total = toTotal(reply.count);
  const step = applyPage(proof, request, {
    ids: unpinned.map(({ row }) => row.id),
    length: toObjects(reply.items).length,
    total,
  });
  const memory = memoryOf(walk, request.offset === 0 && step.freshFrom === 0);
  const pinned = memory.scope === undefined ? flagged : undefined;
  const pinnedId = pinned?.row.id ?? memory.pinnedId ?? null;
  const rest = unpinned.slice(step.freshFrom).filter(({ row }) => row.id !== pinnedId);
  const fresh = pinned ? [pinned, ...rest] : rest;
  const verdict = selectInScope(
    scope,
    memory.scope ?? startOfScope,
    fresh.map(({ row }) => row),
    step.verdict === 'done',
  );
  const inScope = fresh.filter(({ row }) => verdict.inScope.has(row.id));
  const move = moveAfter(walk, {
    proof: step.state,
    verdict: step.verdict,
    vkCount: total,
    vkCountAll: null,
    stubs: 0,
    inlineStored: 0,
  });
  if (move.state === 'open') move.memory = { ...move.memory, scope: verdict.memory, pinnedId };
  if (verdict.isOver && move.state === 'open') {
    Object.assign(move, { state: 'done', anchors: [], unlisted: null });
  }
  const newWalks = scope.collectComments ? inScope.map(commentsWalk) : [];
  if (verdict.latePinnedId !== null) newWalks.push(pinnedWalk(walk.ownerId, verdict.latePinnedId));
  if (move.state === 'done') {
    const id = await findPinnedSince(walk, request, context);
    if (id !== null && id !== pinnedId) newWalks.push(pinnedWalk(walk.ownerId, id));
  }
  return {
    ...emptyCommit(move),
    posts: inScope.map(({ row }) => row),
    ...namesBeside(reply, fetchedAt),
    newWalks,
    postsExpected: total === null ? null : Math.min(total, scope.limit ?? total),
  };
};

/** Asks once more before a post that VK leaves out is taken for gone. */
const LOOKS_MAX = 2;

/** Reads one post by its id: VK leaves out, without an error, what is deleted or hidden. */
export const readSinglePost = async (
  walk: Walk,
  { call, scope, raw }: ReadContext,
): Promise<PageCommit> => {
  for (let look = 1; ; look++) {
    const { reply, fetchedAt } = await call('wall.getById', {
      posts: `${walk.ownerId}_${walk.postId}`,
      extended: 1,
      copy_history_depth: 2,
      fields: 'screen_name',
    });
    // Version 5.131 answers with the bare array.
    const items = Array.isArray(reply) ? reply : reply.items;
    const found = toListed(toObjects(items), walk.ownerId, fetchedAt, raw).find(
      ({ row, item }) => row.id === walk.postId && !toFlag(item.is_deleted),
    );
    if (found) {
      return {
        ...emptyCommit({ ...unmoved(walk), state: 'done', stored: 1 }),
        posts: [found.row],
        ...namesBeside(reply, fetchedAt),
        newWalks: scope.collectComments ? [commentsWalk(found)] : [],
        postsExpected: 1,
      };
    }
    if (look === LOOKS_MAX) {
      const state = walk.memory.mayBeGone === true ? 'done' : 'failed';
      return emptyCommit({ ...unmoved(walk), state, reasonKind: 'post_gone' });
    }
  }
};
