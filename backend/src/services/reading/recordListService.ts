import type { CommentSort, PostSort, SnippetPart } from '@stenograf/contracts/reading';
import { AppError } from '../../errors';
import type { CommunityReadRepository } from '../../repositories/communityReadRepository';
import type { RecordFilter, RecordKind } from '../../repositories/recordFilters';
import type { FoundKeys, RecordFinder } from '../../repositories/recordFinder';
import { orderOf, type RecordKey, type RecordSort } from '../../repositories/recordOrders';
import { BRANCHES_MAX } from '../../repositories/recordStatements';
import type {
  ReadComment,
  ReadPost,
  ReadRecord,
  RecordReadRepository,
} from '../../repositories/recordReadRepository';
import type { QueryNote } from '../searching/parseQuery';
import type {
  RecordFilterQuery,
  RecordFilterService,
  ResolvedFilter,
} from '../searching/recordFilterService';
import { makeSnippet } from '../searching/snippet';

/** Where a list of posts or comments goes on. */
export interface ListPlace {
  after: RecordKey;
  /** When its first page was asked for, from which ages are counted. Milliseconds. */
  startedMs: number;
  /** The words were found nowhere: pieces of text are looked for. */
  byParts: boolean;
}

export interface ListRequest<Sort> {
  query: RecordFilterQuery;
  sort: Sort;
  limit: number;
  place: ListPlace | null;
}

export type Found<Read> = Read & {
  /** Around the first hit; null without anything to search for. */
  snippet: SnippetPart[] | null;
};

export interface FoundPage<Read> {
  items: Found<Read>[];
  next: ListPlace | null;
  notes: QueryNote[];
}

export interface RecordListService {
  /** @throws AppError `not_found` for a task that does not exist, `query_too_slow`. */
  listPosts(request: ListRequest<PostSort>): Promise<FoundPage<ReadPost>>;
  listComments(request: ListRequest<CommentSort>): Promise<FoundPage<ReadComment>>;
}

interface RecordListDependencies {
  recordFilterService: RecordFilterService;
  recordFinder: RecordFinder;
  recordReadRepository: RecordReadRepository;
  communityReadRepository: CommunityReadRepository;
  now?: () => Date;
}

const addSnippet =
  (marks: string | null, { parts }: RecordFilter) =>
  <Read extends ReadRecord<unknown>>(read: Read): Found<Read> => ({
    ...read,
    snippet:
      marks === null && parts.length === 0 ? null : makeSnippet(read.content, read.marked, parts),
  });

export const createRecordListService = ({
  recordFilterService,
  recordFinder,
  recordReadRepository,
  communityReadRepository,
  now = () => new Date(),
}: RecordListDependencies): RecordListService => {
  /** What a task has seen stands on the walls of its targets, which an index narrows to. */
  const narrowToTask = async (filter: RecordFilter): Promise<RecordFilter> => {
    if (filter.taskId === null) return filter;
    const walls = await communityReadRepository.findOfTask(filter.taskId, BRANCHES_MAX + 1);
    if (walls === null) throw new AppError('not_found', `There is no task ${filter.taskId}.`);
    if (filter.communityIds !== null || walls.length > BRANCHES_MAX) return filter;
    return { ...filter, communityIds: walls };
  };

  const find = async (
    kind: RecordKind,
    { filter, byParts }: ResolvedFilter,
    { sort, limit, place }: ListRequest<RecordSort>,
  ): Promise<FoundKeys & { filter: RecordFilter; byParts: boolean }> => {
    const findBy = async (asked: RecordFilter) => {
      const narrowed = await narrowToTask(asked);
      const order = orderOf(sort);
      const after = place?.after ?? null;
      const question = { kind, filter: narrowed, order, after };
      return { ...(await recordFinder.find(question, limit)), filter: asked };
    };
    if (place?.byParts && byParts !== null) return { ...(await findBy(byParts)), byParts: true };
    const found = await findBy(filter);
    const isNowhere = place === null && found.keys.length === 0 && found.next === null;
    if (!isNowhere || byParts === null) return { ...found, byParts: false };
    return { ...(await findBy(byParts)), byParts: true };
  };

  const list = async <Read extends ReadRecord<unknown>>(
    kind: RecordKind,
    request: ListRequest<RecordSort>,
    load: (keys: readonly RecordKey[], marks: string | null) => Promise<Read[]>,
  ): Promise<FoundPage<Read>> => {
    const startedMs = request.place?.startedMs ?? now().getTime();
    const resolved = await recordFilterService.resolve(kind, request.query, new Date(startedMs));
    const { keys, next, filter, byParts } = await find(kind, resolved, request);
    const marks = byParts ? null : resolved.marks;
    const items = await load(keys, marks);
    return {
      items: items.map(addSnippet(marks, filter)),
      next: next === null ? null : { after: next, startedMs, byParts },
      notes: byParts ? [...resolved.notes, { code: 'searched_parts', part: null }] : resolved.notes,
    };
  };

  return {
    listPosts: (request) => list('posts', request, recordReadRepository.loadPosts),
    listComments: (request) => list('comments', request, recordReadRepository.loadComments),
  };
};
