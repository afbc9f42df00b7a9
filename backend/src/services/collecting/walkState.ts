/**
 * The proof that a list was read whole although items come and go while it is read, as a pure
 * function. VK pages by offset: a deletion before the offset pulls the rest up, so that plain
 * paging skips an item. Every page therefore overlaps the one before it; what follows an item that
 * both share is contiguous. Where nothing is shared the walk steps back, in the end to the start.
 */

/** Looks behind an early end: once where the list broke off, once where it should have gone on. */
export const END_LOOKS = 2;

/** Items of overlap asked for: so many deletions between two pages cost no extra call. */
export const OVERLAP = 10;

/** Most items of one page, for every list that is walked here. */
export const PAGE_COUNT = 100;

/**
 * Empty pages before the end of a list that may come without the walk getting any further. VK may
 * stop answering beyond some offset: stepping back finds the items before it, again and again.
 */
const EMPTY_PAGES_MAX = 12;

/** Pages that a list of so many items may take before its proof is given up: far above need. */
const pagesMax = (total: number): number => 50 + Math.ceil(total / 15);

export interface WalkState {
  /** Offset before which everything is read. */
  position: number;
  /** Ids of the last page that moved the position. */
  anchors: readonly number[];
  memory: WalkMemory;
  /** Distinct items read in this pass. */
  stored: number;
  /** Items that left the list behind the reader's back. */
  vanished: number;
}

export interface WalkMemory {
  /** Offset of the page whose ids the anchors are; null after a page with gaps. */
  anchorOffset?: number | null;
  /** Pages in a row that shared nothing. */
  stepBacks?: number;
  /** Pages read in this pass and those before it. */
  pages?: number;
  /** A page without anything new is looked at twice before it is believed. */
  looked?: boolean;
  /** The position was moved over items that VK hides; nothing there can be shared. */
  gapped?: boolean;
  /** Looks behind an end that may have come too early. */
  endLooks?: number;
  /** A page before the end came with fewer items than asked for: another may look like the end. */
  short?: boolean;
  /** The last page held nothing new: what VK hides makes its offsets a bad guide here. */
  caughtUp?: boolean;
  total?: number | null;
  /** Empty pages before the end since the walk last got further than to this position. */
  empty?: { position: number; pages: number } | undefined;
}

export interface PageRequest {
  offset: number;
  count: number;
}

export interface PageReply {
  /** Ids in the order of the list, without a pinned post, which stands out of order. */
  ids: readonly number[];
  /** Items that VK sent, pinned ones included. */
  length: number;
  /** VK's count of this level, or null if none came. */
  total: number | null;
}

export type WalkVerdict = 'continue' | 'done' | 'unproven';

export interface WalkStep {
  state: WalkState;
  verdict: WalkVerdict;
  /** Index into `ids` of the first item that this pass had not read. */
  freshFrom: number;
}

export const startOfWalk: WalkState = {
  position: 0,
  anchors: [],
  memory: {},
  stored: 0,
  vanished: 0,
};

/** The page to ask for next: overlapping, and further back each time that nothing was shared. */
export const nextRequest = (
  { position, memory }: WalkState,
  count: number = PAGE_COUNT,
): PageRequest => ({
  offset: Math.max(0, position - OVERLAP * 2 ** (memory.stepBacks ?? 0)),
  count,
});

/** True where the walk simply goes on from a page that brought something. */
export const isPlain = ({ memory }: WalkState): boolean =>
  !memory.stepBacks && !memory.looked && !memory.gapped && !memory.endLooks && !memory.caughtUp;

const lastShared = (ids: readonly number[], anchors: readonly number[]): number => {
  const known = new Set(anchors);
  return ids.findLastIndex((id) => known.has(id));
};

/** Every place that was asked for holds an item that takes part in the proof. */
const isWhole = (request: PageRequest, reply: PageReply): boolean =>
  reply.length >= request.count && reply.ids.length === reply.length;

/** How far the shared item moved up: that many items before it are gone. */
const movedUp = (
  { anchors, memory }: WalkState,
  request: PageRequest,
  reply: PageReply,
  shared: number,
): number => {
  const id = reply.ids[shared];
  if (typeof memory.anchorOffset !== 'number' || id === undefined) return 0;
  if (!isWhole(request, reply)) return 0;
  const before = memory.anchorOffset + anchors.indexOf(id);
  return Math.max(0, before - (request.offset + shared));
};

/**
 * A list ends where VK's own count of that same reply is reached by a page that was not full. A
 * short page alone never ends it: VK leaves out items without moving the others up. Without a
 * count, a page that brings nothing new ends it.
 */
const isEnd = (request: PageRequest, reply: PageReply, fresh: number): boolean => {
  if (reply.length >= request.count) return false;
  if (reply.total === null) return fresh === 0;
  return request.offset + request.count >= reply.total;
};

const countEmpty = ({
  position,
  memory: { empty },
}: WalkState): NonNullable<WalkMemory['empty']> =>
  empty === undefined || position > empty.position
    ? { position, pages: 1 }
    : { ...empty, pages: empty.pages + 1 };

const stepBack = (state: WalkState, request: PageRequest, reply: PageReply): WalkStep => {
  const stepBacks = (state.memory.stepBacks ?? 0) + 1;
  const memory: WalkMemory = { ...state.memory, stepBacks };
  if (reply.length === 0 && (reply.total ?? 0) > request.offset) memory.empty = countEmpty(state);
  return {
    state: { ...state, memory },
    verdict: (memory.empty?.pages ?? 0) > EMPTY_PAGES_MAX ? 'unproven' : 'continue',
    freshFrom: Number.POSITIVE_INFINITY,
  };
};

/** A page at offset 0 that shares nothing follows from nothing: the pass begins again with it. */
const restart = (state: WalkState): WalkState => ({
  ...startOfWalk,
  memory: { pages: state.memory.pages ?? 0 },
});

/** Nothing new and not the end: hidden items, once a second look has shown the same. */
const passGap = (state: WalkState, request: PageRequest, reply: PageReply): WalkStep => {
  const { memory } = state;
  const pages = memory.pages ?? 0;
  const next: WalkState = memory.looked
    ? {
        ...state,
        position: request.offset + request.count,
        memory: { pages, gapped: true, short: true, total: reply.total },
      }
    : { ...state, memory: { ...memory, looked: true, total: reply.total } };
  return { state: next, verdict: 'continue', freshFrom: Number.POSITIVE_INFINITY };
};

/**
 * Goes on from a page that holds nothing but what was read, as after a step back too far. The
 * anchors stay, since they reach further than this page.
 */
const catchUp = (
  state: WalkState,
  request: PageRequest,
  reply: PageReply,
  shared: number,
): WalkStep => {
  const { pages = 0, anchorOffset, endLooks = 0, empty, short } = state.memory;
  const isCounted = typeof anchorOffset === 'number' && isWhole(request, reply);
  const index = state.anchors.indexOf(reply.ids[shared] ?? 0);
  const memory: WalkMemory = {
    pages,
    // Where the anchors have moved to: what vanished before them is counted.
    anchorOffset: isCounted ? request.offset + shared - index : null,
    total: reply.total,
    endLooks,
    caughtUp: true,
    ...(short && { short }),
    ...(empty && { empty }),
  };
  const position = request.offset + reply.length;
  return { state: { ...state, position, memory }, verdict: 'continue', freshFrom: shared + 1 };
};

/** Behind a gap nothing can be shared; an (almost) unmoved total vouches for the offset instead. */
const isBehindGap = ({ memory }: WalkState, reply: PageReply): boolean =>
  memory.gapped === true &&
  reply.length > 0 &&
  typeof memory.total === 'number' &&
  reply.total !== null &&
  Math.abs(memory.total - reply.total) <= OVERLAP;

/**
 * What VK still owes by its own count: on this page, or in all, counting what it took away. Of what
 * is taken away in great numbers not everything is noticed, so that the page must be whole as well.
 */
const isOwed = ({ stored, vanished, position }: WalkState, total: number | null): boolean =>
  total !== null && (stored - vanished < total || position < total);

/**
 * A page that was cut short looks like the end of its list. While VK's own count is not reached, or
 * where VK sent short pages before, so that its count alone would say which is the last, the end is
 * looked behind: where the list broke off, then past the whole page that was asked for. Only what
 * both looks leave open is drift of the counter.
 */
const lookBehindEnd = (next: WalkState, request: PageRequest): WalkState => {
  const looks = (next.memory.endLooks ?? 0) + 1;
  const memory = { ...next.memory, endLooks: looks };
  if (looks < END_LOOKS) return { ...next, memory };
  const position = Math.max(next.position, request.offset + request.count);
  return { ...next, position, memory: { ...memory, gapped: true } };
};

/**
 * What was read behind the shared item and is not on this page: it vanished meanwhile, or the page is
 * older than the one before it and ends earlier. Then it marks how far the list is read.
 */
const readBeyond = (
  { anchors }: WalkState,
  { ids }: PageReply,
  shared: number,
): readonly number[] => {
  const onPage = new Set(ids);
  const from = anchors.indexOf(ids[shared] ?? Number.NaN);
  if (from < 0) return [];
  return anchors
    .slice(from)
    .filter((id) => !onPage.has(id))
    .slice(-PAGE_COUNT);
};

/** Shorter than asked for, where VK's own count says that more follows. */
const isShortOf = (request: PageRequest, { length, total }: PageReply, isLast: boolean): boolean =>
  !isLast && total !== null && length < request.count;

/** Takes in a page that follows from the one before: everything behind `shared` is fresh. */
const moveOn = (
  state: WalkState,
  request: PageRequest,
  reply: PageReply,
  shared: number,
): WalkStep => {
  const { memory } = state;
  const freshFrom = shared + 1;
  const fresh = reply.ids.length - freshFrom;
  const pinned = shared < 0 && request.offset === 0 ? reply.length - reply.ids.length : 0;
  const vanished = state.vanished + (shared >= 0 ? movedUp(state, request, reply, shared) : 0);
  const isLast = isEnd(request, reply, fresh);
  if (!isLast && fresh === 0) {
    const before = { ...state, vanished };
    return reply.length > OVERLAP
      ? catchUp(before, request, reply, shared)
      : passGap(before, request, reply);
  }
  const beyond = readBeyond(state, reply, shared);
  const isShort = memory.short === true || isShortOf(request, reply, isLast);
  const next: WalkState = {
    position: request.offset + reply.length,
    anchors: [...beyond, ...reply.ids],
    memory: {
      pages: memory.pages ?? 0,
      // Of those beyond nobody knows the place; the others stand where they would without them.
      anchorOffset: reply.ids.length === reply.length ? request.offset - beyond.length : null,
      total: reply.total,
      endLooks: fresh > 0 ? 0 : (memory.endLooks ?? 0),
      ...(isShort && { short: true }),
      ...(memory.empty && { empty: memory.empty }),
    },
    stored: state.stored + fresh + pinned,
    vanished,
  };
  if (!isLast) return { state: next, verdict: 'continue', freshFrom };
  const isPaid = !isOwed(next, reply.total);
  // What came meanwhile to where VK's count ends the list too is no sign of a count too low.
  if (isPaid && next.position === reply.total) next.memory.endLooks = memory.endLooks ?? 0;
  const isBelieved = (isPaid && !isShort) || (next.memory.endLooks ?? 0) >= END_LOOKS;
  return isBelieved
    ? { state: next, verdict: 'done', freshFrom }
    : { state: lookBehindEnd(next, request), verdict: 'continue', freshFrom };
};

const stepWithoutShared = (state: WalkState, request: PageRequest, reply: PageReply): WalkStep => {
  if (request.offset === 0) {
    const begins = state.position === 0 && state.anchors.length === 0;
    return moveOn(begins ? state : restart(state), request, reply, -1);
  }
  if (isBehindGap(state, reply)) return moveOn(state, request, reply, -1);
  if (state.memory.gapped && reply.length === 0) {
    return isEnd(request, reply, 0)
      ? { state, verdict: 'done', freshFrom: Number.POSITIVE_INFINITY }
      : passGap(state, request, reply);
  }
  return stepBack(state, request, reply);
};

/**
 * Moves a walk over one page. The items of a page are always worth storing; whether they move the
 * walk is decided here. Any page that VK could send is a valid one.
 */
export const applyPage = (before: WalkState, request: PageRequest, reply: PageReply): WalkStep => {
  const pages = (before.memory.pages ?? 0) + 1;
  const state: WalkState = { ...before, memory: { ...before.memory, pages } };
  const shared = lastShared(reply.ids, state.anchors);
  const step =
    shared >= 0 ? moveOn(state, request, reply, shared) : stepWithoutShared(state, request, reply);
  if (step.verdict === 'continue' && pages > pagesMax(reply.total ?? step.state.stored)) {
    return { ...step, verdict: 'unproven' };
  }
  return step;
};
