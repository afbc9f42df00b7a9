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
  /** By offset, in rising order. */
  const ahead = new Map<number, Kept>();
  /** Whatever comes before it was asked for. */
  let frontier = 0;
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

  const remove = (offset: number): void => {
    if (ahead.delete(offset)) places.release();
  };
  const drop = (): void => {
    signal.removeEventListener('abort', abort);
    unneeded?.abort(new Error('The page is not needed.'));
    unneeded = null;
    for (const offset of ahead.keys()) remove(offset);
  };

  /** The page furthest down that may still share an item with the one before it. */
  const take = ({ request, isPlain }: Need): Kept | undefined => {
    const position = request.offset + OVERLAP;
    for (const [offset, { request }] of ahead) {
      if (offset + request.count <= position) remove(offset);
    }
    if (!isPlain) return undefined;
    // VK leaves items out of a page without closing the gap: the next one starts where it would.
    const offsetMax = Math.max(request.offset, last === null ? 0 : stepOf(last));
    const kept = [...ahead.values()].findLast(({ request }) => request.offset <= offsetMax);
    if (kept) remove(kept.request.offset);
    return kept;
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

  const askAhead = ({ request: { count }, end }: Need, ask: AskPage): void => {
    if (end === null) return;
    for (; frontier + OVERLAP <= end; frontier += count - OVERLAP) {
      const request = { offset: frontier, count };
      const until = untilUnneeded();
      const page = places.tryAsk(() => ask(request, until));
      if (page === null) return;
      page.catch(() => {});
      ahead.set(request.offset, { request, page });
    }
  };

  return {
    drop,
    next: (need, ask) => {
      // The list begins again: its first pages are not among those that are kept.
      if (need.request.offset === 0 && (last?.offset ?? 0) > 0) {
        drop();
        frontier = 0;
      }
      const kept = take(need);
      const request = kept?.request ?? need.request;
      last = request;
      frontier = Math.max(frontier, stepOf(request));
      const page = fetch(request, kept, ask);
      askAhead(need, ask);
      return page;
    },
  };
};
