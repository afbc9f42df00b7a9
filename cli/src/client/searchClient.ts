import type { CommentDto, FoundListDto, PostDto, SearchNote } from '@stenograf/contracts/reading';
import type { Requests } from './apiClient';

export type FoundRecord = PostDto | CommentDto;

export interface SearchRequest {
  text: string;
  lists: readonly ('posts' | 'comments')[];
  limit: number;
}

export interface SearchResult {
  /** Newest first. */
  items: FoundRecord[];
  notes: SearchNote[];
  /** Whether more was found than was asked for. */
  more: boolean;
}

export interface SearchClient {
  /** Posts and comments by words; asks on while pages are short and not the last. */
  find(request: SearchRequest): Promise<SearchResult>;
}

const findIn = async (
  { get }: Requests,
  list: 'posts' | 'comments',
  { text, limit }: SearchRequest,
): Promise<SearchResult> => {
  const items: FoundRecord[] = [];
  let notes: SearchNote[] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({ q: text, limit: String(limit) });
    if (cursor !== null) query.set('cursor', cursor);
    const page: FoundListDto<FoundRecord> = await get(`/${list}?${query.toString()}`);
    items.push(...page.items);
    notes = page.notes;
    cursor = page.next;
  } while (cursor !== null && items.length < limit);
  return { items, notes, more: cursor !== null };
};

const isNewer = (a: FoundRecord, b: FoundRecord): number =>
  a.date === b.date ? b.id - a.id : a.date < b.date ? 1 : -1;

/** What both lists say of the query is said once. */
const distinct = (notes: readonly SearchNote[]): SearchNote[] => [
  ...new Map(notes.map((note) => [`${note.code} ${note.part}`, note])).values(),
];

export const createSearchClient = (requests: Requests): SearchClient => ({
  async find(request) {
    const results: SearchResult[] = [];
    for (const list of request.lists) results.push(await findIn(requests, list, request));
    const items = results.flatMap((result) => result.items).sort(isNewer);
    return {
      items: items.slice(0, request.limit),
      notes: distinct(results.flatMap((result) => result.notes)),
      more: items.length > request.limit || results.some((result) => result.more),
    };
  },
});
