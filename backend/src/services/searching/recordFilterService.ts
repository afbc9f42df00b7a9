import {
  COMMENT_FLAGS,
  POST_FLAGS,
  type HasKind,
  type RecordFlag,
} from '@stenograf/contracts/reading';
import { invalidParameter } from '../../errors';
import type { RecordFilter, RecordKind } from '../../repositories/recordFilters';
import type { CompiledTerm, SearchRepository } from '../../repositories/searchRepository';
import type { WriterNameRepository } from '../../repositories/writerNameRepository';
import { parseScopeDate, type ScopeEdge } from '../../utils/scopeDate';
import { foldText, parseQuery, type Clause, type ParsedQuery, type QueryNote } from './parseQuery';
import { createResolveNames, type NamedIds } from './resolveNames';

/** The filters that every list and export of posts and comments takes. */
export interface RecordFilterQuery {
  task?: number;
  /** Positive ids, any of them. */
  community?: number[];
  /** People above zero, communities below, any of them. */
  author?: number[];
  since?: string;
  until?: string;
  /** Words to search for, and filters among them. */
  q?: string;
  /** All of them. */
  has?: HasKind[];
  /** All of them. */
  is?: RecordFlag[];
  min_likes?: number;
}

export interface ResolvedFilter {
  filter: RecordFilter;
  notes: QueryNote[];
  /** A tsquery by which hits are marked in a text, and the pieces that stand there as they are. */
  marks: string | null;
  /** The same filter with the words taken as pieces of text; null where they cannot be. */
  byParts: RecordFilter | null;
}

export interface RecordFilterService {
  /**
   * @param now from when ages such as `30d` are counted
   * @throws AppError `validation_failed` for a date that is none; never because of `q`.
   */
  resolve(kind: RecordKind, query: RecordFilterQuery, now: Date): Promise<ResolvedFilter>;
}

interface Compiled {
  words: string | null;
  excluded: string | null;
  marks: string | null;
  notes: QueryNote[];
  /** The words that must be there, each as it would be found as a piece of text. */
  pieces: string[] | null;
}

const join = (queries: readonly string[], operator: '&' | '|'): string | null =>
  queries.length === 0 ? null : queries.map((query) => `(${query})`).join(` ${operator} `);

interface CompiledClause extends Clause {
  compiled: CompiledTerm[];
}

const joinClauses = (clauses: readonly CompiledClause[], isExcluded: boolean): string | null => {
  const queries = clauses
    .filter((clause) => clause.isExcluded === isExcluded)
    .flatMap(({ compiled }) => {
      const terms = compiled.map(({ query }) => query).filter((query) => query !== '');
      return join(terms, '|') ?? [];
    });
  return join(queries, isExcluded ? '|' : '&');
};

const createCompile =
  (searchRepository: SearchRepository) =>
  async ({ clauses }: ParsedQuery): Promise<Compiled> => {
    const terms = clauses.flatMap(({ anyOf }) => anyOf);
    const compiled = await searchRepository.compile(terms);
    const byTerm = new Map(terms.map((term, index) => [term, compiled[index]]));
    const all: CompiledClause[] = clauses.map((clause) => ({
      ...clause,
      compiled: clause.anyOf.flatMap((term) => byTerm.get(term) ?? []),
    }));
    const wanted = all.filter(({ isExcluded }) => !isExcluded);
    const marks = wanted.flatMap(({ compiled: of }) => of.map((term) => term.marks));
    return {
      words: joinClauses(all, false),
      excluded: joinClauses(all, true),
      marks: join(
        marks.filter((query) => query !== ''),
        '|',
      ),
      notes: terms
        .filter((term) => byTerm.get(term)?.query === '')
        .map(({ part }) => ({ code: 'common_words', part })),
      pieces: wanted.every(({ anyOf }) => anyOf.length === 1)
        ? wanted.flatMap(({ anyOf }) => anyOf.map(toPiece))
        : null,
    };
  };

/** As it would stand in a text. */
const toPiece = ({ kind, text }: Clause['anyOf'][number]): string =>
  kind === 'hashtag' || kind === 'hashtagPrefix' ? `#${text}` : text;

/** Both lists of alternatives must hold. */
const intersect = (
  one: readonly number[] | undefined,
  other: readonly number[],
): number[] | null => {
  if (one === undefined) return other.length === 0 ? null : [...new Set(other)];
  return [...new Set(one)].filter((id) => other.length === 0 || other.includes(id));
};

const readParameter = (text: string | undefined, edge: ScopeEdge, now: Date): Date | null => {
  if (text === undefined) return null;
  const date = parseScopeDate(text, edge, now);
  if (date) return date;
  throw invalidParameter(edge, 'Must be a date, a time or an age.');
};

const later = (a: Date | null, b: Date | null): Date | null =>
  a && b ? (a > b ? a : b) : (a ?? b);
const earlier = (a: Date | null, b: Date | null): Date | null =>
  a && b ? (a < b ? a : b) : (a ?? b);

const FLAGS: Record<RecordKind, readonly RecordFlag[]> = {
  posts: POST_FLAGS,
  comments: COMMENT_FLAGS,
};

/** The dates that stand in `q`, and what there is to say of them. */
const readDates = ({ since, until }: ParsedQuery, now: Date) => {
  const notes: QueryNote[] = [];
  const read = (text: string | null, edge: ScopeEdge): Date | null => {
    const date = text === null ? null : parseScopeDate(text, edge, now);
    if (text !== null && !date) notes.push({ code: 'filter_unreadable', part: `${edge}:${text}` });
    return date;
  };
  return { since: read(since, 'since'), until: read(until, 'until'), notes };
};

/** A query whose words are compiled and whose names are ids. */
interface Understood {
  parsed: ParsedQuery;
  compiled: Compiled;
  wanted: NamedIds;
  unwanted: NamedIds;
}

const buildFilter = (
  query: RecordFilterQuery,
  { parsed, compiled: { words, excluded }, wanted, unwanted }: Understood,
  now: Date,
): { filter: RecordFilter; notes: QueryNote[] } => {
  const dates = readDates(parsed, now);
  const { filters } = parsed;
  const { has, is } = parsed.excluded;
  const filter: RecordFilter = {
    taskId: query.task ?? null,
    communityIds: intersect(query.community, wanted.communityIds),
    authorIds: intersect(query.author, wanted.authorIds),
    since: later(readParameter(query.since, 'since', now), dates.since),
    until: earlier(readParameter(query.until, 'until', now), dates.until),
    words,
    parts: parsed.parts,
    has: [...new Set([...(query.has ?? []), ...filters.has])],
    is: [...new Set([...(query.is ?? []), ...filters.is])],
    likesMin: query.min_likes ?? null,
    not: {
      communityIds: unwanted.communityIds,
      authorIds: unwanted.authorIds,
      has,
      is,
      words: excluded,
    },
  };
  return { filter, notes: [...wanted.notes, ...unwanted.notes, ...dates.notes] };
};

const isSearching = ({ words, parts, has, is, not, ...rest }: RecordFilter): boolean =>
  words !== null ||
  parts.length + has.length + is.length > 0 ||
  [rest.communityIds, rest.authorIds, rest.since, rest.until].some((value) => value !== null) ||
  Object.values(not).some((value) => value !== null && value.length > 0);

/** What is to be said of a query that leaves no word to look for. */
const noteEmptiness = (filter: RecordFilter, { clauses }: ParsedQuery): QueryNote[] => {
  if (!isSearching(filter)) return [{ code: 'nothing_to_search', part: null }];
  const onlyExcludes =
    clauses.length > 0 &&
    clauses.every(({ isExcluded }) => isExcluded) &&
    filter.parts.length === 0;
  return onlyExcludes ? [{ code: 'only_exclusions', part: null }] : [];
};

const noteFlags = (kind: RecordKind, { filters, excluded }: ParsedQuery): QueryNote[] =>
  [...filters.is, ...excluded.is]
    .filter((flag) => !FLAGS[kind].includes(flag))
    .map((flag) => ({ code: 'flag_of_other_list', part: `is:${flag}` }));

export const createRecordFilterService = ({
  searchRepository,
  writerNameRepository,
}: {
  searchRepository: SearchRepository;
  writerNameRepository: WriterNameRepository;
}): RecordFilterService => {
  const compile = createCompile(searchRepository);
  const resolveNames = createResolveNames({ writerNameRepository });
  return {
    async resolve(kind, query, now) {
      const parsed = parseQuery(query.q ?? '');
      const compiled = await compile(parsed);
      const wanted = await resolveNames(parsed.filters);
      const unwanted = await resolveNames(parsed.excluded);
      const { filter, notes } = buildFilter(query, { parsed, compiled, wanted, unwanted }, now);
      const asParts: RecordFilter | null =
        compiled.pieces === null || compiled.pieces.length === 0
          ? null
          : { ...filter, words: null, parts: [...filter.parts, ...compiled.pieces.map(foldText)] };
      // Words that are all too common to be in the index can still be found as they stand.
      const onlyCommon = compiled.words === null && asParts !== null;
      const emptiness = query.q === undefined || onlyCommon ? [] : noteEmptiness(filter, parsed);
      return {
        filter: onlyCommon ? asParts : filter,
        notes: [
          ...parsed.notes,
          ...compiled.notes,
          ...notes,
          ...noteFlags(kind, parsed),
          ...emptiness,
          ...(onlyCommon ? [{ code: 'searched_parts', part: null } as const] : []),
        ],
        marks: compiled.marks,
        byParts: onlyCommon ? null : asParts,
      };
    },
  };
};
