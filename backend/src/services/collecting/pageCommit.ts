import type { AuthorInput } from '../../repositories/authorRepository';
import type { CommentInput } from '../../repositories/commentRepository';
import type { CommunityInput } from '../../repositories/communityRepository';
import type { PostInput, PostKey } from '../../repositories/postRepository';
import type { NewWalk, Walk, WalkMove } from '../../repositories/walkRepository';
import { toAuthor, toCommunity } from './normalise';
import { toObjects } from './vkFields';
import type { Need } from './readAhead';
import { isPlain, nextRequest, type WalkState as ProofState } from './walkState';

/** What one page brings into the database, together with the step of its walk. */
export interface PageCommit {
  move: WalkMove;
  posts: PostInput[];
  comments: CommentInput[];
  /** How many more comments of the walk are read now; below zero where a pass begins again. */
  commentsRead: number;
  authors: AuthorInput[];
  communities: CommunityInput[];
  newWalks: NewWalk[];
  gonePost: PostKey | null;
  /** How many posts the wall promises, where this page tells. */
  postsExpected: number | null;
}

export const unmoved = (walk: Walk): WalkMove => ({
  ...walk,
  state: 'open',
  reasonKind: null,
  reasonCode: null,
  vkCount: null,
  vkCountAll: null,
  unlisted: null,
});

export const emptyCommit = (move: WalkMove): PageCommit => ({
  move,
  posts: [],
  comments: [],
  commentsRead: 0,
  authors: [],
  communities: [],
  newWalks: [],
  gonePost: null,
  postsExpected: null,
});

/** What a walk has read of comments between two of its states. */
export const commentsReadBetween = (before: Walk, after: WalkMove): number =>
  after.stored + after.inlineStored - before.stored - before.inlineStored;

/** A list that VK failed at, as at too heavy pages, is asked for in small ones, one at a time. */
const SMALL_PAGE_COUNT = 25;

/** @param end offset up to which the list is surely wanted; null where nobody knows */
export const needOf = (walk: Walk, end: number | null): Need => {
  const proof = proofOf(walk);
  return walk.passes === 1
    ? { request: nextRequest(proof, SMALL_PAGE_COUNT), isPlain: false, end: null }
    : { request: nextRequest(proof), isPlain: isPlain(proof), end };
};

/** VK's count of the list with its last page; null before the first one, or where none came. */
export const totalOf = (walk: Walk): number | null => proofOf(walk).memory.total ?? null;

export const proofOf = (walk: Walk): ProofState => ({
  position: walk.position,
  anchors: walk.anchors,
  memory: walk.memory,
  stored: walk.stored,
  vanished: walk.vanished,
});

/** The people and communities that VK sends beside a page, wider than its authors. */
export const namesBeside = (
  reply: { profiles?: unknown; groups?: unknown },
  fetchedAt: Date,
): Pick<PageCommit, 'authors' | 'communities'> => ({
  authors: toObjects(reply.profiles).flatMap((item) => toAuthor(item, fetchedAt) ?? []),
  communities: toObjects(reply.groups).flatMap((item) => toCommunity(item, fetchedAt) ?? []),
});

interface PageOutcome {
  proof: ProofState;
  verdict: 'continue' | 'done' | 'unproven';
  vkCount: number | null;
  vkCountAll: number | null;
  stubs: number;
  inlineStored: number;
}

/** The walk after a page. VK's counts drift: a difference at the end is shown, never a failure. */
export const moveAfter = (walk: Walk, outcome: PageOutcome): WalkMove => {
  const { proof, verdict, vkCount } = outcome;
  const isEnd = verdict === 'done';
  const unlisted = isEnd && vkCount !== null ? vkCount - (proof.stored - proof.vanished) : null;
  return {
    ...walk,
    position: proof.position,
    // Anchors serve the next page; a walk that is over needs none.
    anchors: verdict === 'continue' ? [...proof.anchors] : [],
    memory: { ...proof.memory },
    stored: proof.stored,
    vanished: proof.vanished,
    inlineStored: outcome.inlineStored,
    stubs: outcome.stubs,
    state: verdict === 'continue' ? 'open' : isEnd ? 'done' : 'failed',
    reasonKind: verdict === 'unproven' ? 'unproven' : null,
    reasonCode: null,
    vkCount,
    vkCountAll: outcome.vkCountAll,
    unlisted,
  };
};
