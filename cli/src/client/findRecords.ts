import type { CommentDto, FoundListDto, PostDto, SearchNote } from '@stenograf/contracts/reading';
import type { Client } from '@stenograf/contracts/client';

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

const findIn = async (
  client: Client,
  list: 'posts' | 'comments',
  { text, limit }: SearchRequest,
): Promise<SearchResult> => {
  const items: FoundRecord[] = [];
  let notes: SearchNote[] = [];
  let next: string | null = null;
  do {
    const query = { q: text, limit, ...(next === null ? {} : { cursor: next }) };
    const page: FoundListDto<FoundRecord> = await client.call(`GET /${list}`, { query });
    items.push(...page.items);
    ({ notes, next } = page);
  } while (next !== null && items.length < limit);
  return { items, notes, more: next !== null };
};

const isNewer = (a: FoundRecord, b: FoundRecord): number =>
  a.date === b.date ? b.id - a.id : a.date < b.date ? 1 : -1;

/** What both lists say of the query is said once. */
const distinct = (notes: readonly SearchNote[]): SearchNote[] => [
  ...new Map(notes.map((note) => [`${note.code} ${note.part}`, note])).values(),
];

/** Posts and comments by words; asks on while pages are short and not the last. */
export const findRecords = async (
  client: Client,
  request: SearchRequest,
): Promise<SearchResult> => {
  const results: SearchResult[] = [];
  for (const list of request.lists) results.push(await findIn(client, list, request));
  const items = results.flatMap((result) => result.items).sort(isNewer);
  return {
    items: items.slice(0, request.limit),
    notes: distinct(results.flatMap((result) => result.notes)),
    more: items.length > request.limit || results.some((result) => result.more),
  };
};
