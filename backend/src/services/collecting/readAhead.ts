import { VkError } from '../../vkApi/errors';
import { OVERLAP, type PageRequest } from './walkState';

/** What VK answers to a request for a page of posts or comments, as loosely as it is read. */
export interface ListReply {
  count?: unknown;
  current_level_count?: unknown;
  items?: unknown;
  profiles?: unknown;
  groups?: unknown;
}

interface Fetched {
  reply: ListReply;
  fetchedAt: Date;
}

/** @param signal aborted when the page is not needed after all */
export type AskPage = (request: PageRequest, signal?: AbortSignal) => Promise<Fetched>;

/** A page with the request that it answers. */
export interface Page extends Fetched {
  request: PageRequest;
}

/** What a walk needs next. */
export interface Need {
  request: PageRequest;
  /** The walk goes on from its last page: it neither steps back nor looks a second time. */
  isPlain: boolean;
  /** Offset up to which the list is surely wanted; null where nobody knows. */
  end: number | null;
}

/** Places of a target that its open walks leave free. */
export interface SparePlaces {
  /** Asks in such a place, or answers null where there is none; what is kept takes room too. */
  tryAsk(ask: () => Promise<Fetched>): Promise<Fetched> | null;
  /** A page that was asked for is used or given up. */
  release(): void;
}

export interface ReadAhead {
  /**
   * The next page of the walk, asked for now or ahead of its turn; asks for those after it. It may
   * start somewhat further down than requested, where the page before it had gaps.
   */
  next(need: Need, ask: AskPage): Promise<Page>;
  /** Gives up what was asked for ahead; to be called when the walk is over. */
  drop(): void;
}

/** Where the page after this one starts, if this one came without gaps. */
const stepOf = ({ offset, count }: PageRequest): number => offset + count - OVERLAP;

interface Kept {
  request: PageRequest;
  page: Promise<Fetched>;
}

/**
 * Asks for pages of one list before their turn, so that they share requests. They are judged one by
 * one and in order all the same, by the proof of the walk, which does not mind when a page was
 * fetched: items that stay never change their order. A second look is never answered from here.
 *
 * @param signal ends what was asked for ahead together with the walk
 */
export const createReadAhead = (places: SparePlaces, signal: AbortSignal): ReadAhead => {
  /** In the order of the list. */
  let ahead: Kept[] = [];
  let last: PageRequest | null = null;
  let unneeded: AbortController | null = null;

  const abort = (): void => unneeded?.abort(signal.reason);
  const untilUnneeded = (): AbortSignal => {
    if (unneeded === null) {
      unneeded = new AbortController();
      signal.addEventListener('abort', abort, { once: true });
    }
    return unneeded.signal;
  };

  const keepOnly = (wanted: (kept: Kept) => boolean): void => {
    const rest = ahead.filter(wanted);
    for (let gone = ahead.length - rest.length; gone > 0; gone--) places.release();
    ahead = rest;
  };

  /** The page furthest down that may still share an item with the one before it. */
  const take = ({ request: { offset }, isPlain }: Need): Kept | undefined => {
    keepOnly(({ request }) => request.offset + request.count > offset + OVERLAP);
    if (!isPlain) return undefined;
    // VK leaves items out of a page without closing the gap: the next one starts where it would.
    const offsetMax = Math.max(offset, last === null ? 0 : stepOf(last));
    const taken = ahead.findLast(({ request }) => request.offset <= offsetMax);
    keepOnly((kept) => kept !== taken);
    return taken;
  };

  const fetch = async (request: PageRequest, kept: Kept | undefined, ask: AskPage) => {
    try {
      if (kept) return { request, ...(await kept.page) };
    } catch (error) {
      // What VK refused ahead of its turn is asked once more; anything else ends the walk.
      if (!(error instanceof VkError)) throw error;
    }
    return { request, ...(await ask(request)) };
  };

  const tryAsk = (request: PageRequest, ask: AskPage): boolean => {
    const until = untilUnneeded();
    const page = places.tryAsk(() => ask(request, until));
    if (page === null) return false;
    page.catch(() => {});
    ahead = [...ahead, { request, page }].sort((a, b) => a.request.offset - b.request.offset);
    return true;
  };

  /** Asks for the pages that follow, as far as they are not kept already. */
  const askAfter = (first: PageRequest, end: number, ask: AskPage): void => {
    let request = first;
    while (stepOf(request) + OVERLAP <= end) {
      const offset = stepOf(request);
      const kept = ahead.findLast(
        ({ request }) => request.offset <= offset && stepOf(request) > offset,
      );
      request = kept?.request ?? { offset, count: first.count };
      if (!kept && !tryAsk(request, ask)) return;
    }
  };

  return {
    next: (need, ask) => {
      const kept = take(need);
      const request = kept?.request ?? need.request;
      last = request;
      const page = fetch(request, kept, ask);
      if (need.isPlain && need.end !== null) askAfter(request, need.end, ask);
      return page;
    },
    drop: () => {
      signal.removeEventListener('abort', abort);
      unneeded?.abort(new Error('The page is not needed.'));
      unneeded = null;
      keepOnly(() => false);
    },
  };
};
