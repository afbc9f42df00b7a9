import {
  buildConditions,
  createBinder,
  EVERY_RECORD,
  taggedOnly,
  toOwners,
  type Bind,
  type RecordFilter,
  type RecordKind,
} from './recordFilters';
import { bindValue, orderBy, selectValue, type RecordKey, type RecordOrder } from './recordOrders';

export interface Statement {
  text: string;
  values: unknown[];
}

/** What a list is asked for. */
export interface RecordQuestion {
  kind: RecordKind;
  filter: RecordFilter;
  order: RecordOrder;
  /** The last row of the page before. */
  after: RecordKey | null;
}

/** More walls or writers than these are not merged from their own indexes. */
export const BRANCHES_MAX = 20;

const isFew = (ids: readonly number[] | null): ids is readonly number[] =>
  ids !== null && ids.length > 0 && ids.length <= BRANCHES_MAX;

/** What the index of the order itself narrows: walls or writers, whose rows it holds in that order. */
interface Served {
  branches: { column: 'owner_id' | 'from_id'; ids: readonly number[] } | null;
  /** What is left to be checked row by row. */
  rest: RecordFilter;
}

/** An index for each order holds all rows; those by date also for each wall and each writer. */
const serve = (filter: RecordFilter, { column }: RecordOrder): Served => {
  if (column !== 'date') {
    return { branches: null, rest: column === 'likes' ? { ...filter, likesMin: null } : filter };
  }
  const dated = { ...filter, since: null, until: null };
  if (isFew(filter.authorIds)) {
    const branches = { column: 'from_id' as const, ids: filter.authorIds };
    return { branches, rest: { ...dated, authorIds: null } };
  }
  if (isFew(filter.communityIds)) {
    const ids = toOwners(filter.communityIds);
    return { branches: { column: 'owner_id', ids }, rest: { ...dated, communityIds: null } };
  }
  return { branches: null, rest: dated };
};

const afterCondition = ({ order, after }: RecordQuestion, row: string, bind: Bind): string[] => {
  if (after === null) return [];
  const [value, ownerId, id] = after;
  const key = [bindValue(order, value, bind), bind(ownerId, 'bigint'), bind(id, 'bigint')].join(
    ', ',
  );
  const sign = order.isDescending ? '<' : '>';
  return [`(${row}.${order.column}, ${row}.owner_id, ${row}.id) ${sign} (${key})`];
};

/** Bounds that the index of the order serves. */
const boundConditions = (question: RecordQuestion, bind: Bind): string[] => {
  const { kind, filter, order } = question;
  const { since, until, likesMin } = filter;
  const bounds: RecordFilter =
    order.column === 'date'
      ? { ...EVERY_RECORD, since, until }
      : { ...EVERY_RECORD, likesMin: order.column === 'likes' ? likesMin : null };
  return [
    ...afterCondition(question, 'r', bind),
    ...buildConditions(kind, 'r', bounds, bind),
    // As the partial index says it.
    ...(order.column === 'date' ? [] : [`r.${order.column} > 0`]),
  ];
};

const where = (conditions: readonly string[]): string =>
  conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;

/** Rows in the order of the list, each from an index; several walls or writers are merged. */
const ordered = (
  question: RecordQuestion,
  { branches }: Served,
  bind: Bind,
  columns: string,
): string => {
  const { kind, order } = question;
  const bounds = boundConditions(question, bind);
  const select = (conditions: readonly string[]): string =>
    `SELECT ${columns} FROM ${kind} r${where(conditions)} ORDER BY ${orderBy(order, 'r')}`;
  if (branches === null) return select(bounds);
  const parts = branches.ids.map(
    (id) => `(${select([`r.${branches.column} = ${bind(id, 'bigint')}`, ...bounds])})`,
  );
  return `SELECT * FROM (${parts.join(' UNION ALL ')}) r ORDER BY ${orderBy(order, 'r')}`;
};

/**
 * The first `limit` rows that match among the next `rows` of the order, and as the row marked
 * `is_edge` the last one that was looked at, if there may be more behind it. With nothing to check
 * row by row, `limit` rows are all that is looked at.
 */
export const buildWalk = (
  question: RecordQuestion,
  { limit, rows }: { limit: number; rows: number },
): Statement => {
  const { kind, order, filter } = question;
  const served = serve(filter, order);
  const { values, bind } = createBinder();
  const rest = buildConditions(kind, 's', served.rest, bind);
  const found = (source: string): string =>
    `SELECT ${selectValue(order, 's')} AS value, s.owner_id, s.id, false AS is_edge FROM (${source}) s`;
  if (rest.length === 0) {
    const source = ordered(question, served, bind, `r.${order.column}, r.owner_id, r.id`);
    return { text: found(`${source} LIMIT ${limit}`), values };
  }
  const source = `${ordered(question, served, bind, 'r.*')} LIMIT ${rows}`;
  const keys = ordered(question, served, bind, `r.${order.column}, r.owner_id, r.id`);
  return {
    text: `
      (${found(source)}${where(rest)} ORDER BY ${orderBy(order, 's')} LIMIT ${limit})
      UNION ALL
      (SELECT ${selectValue(order, 'e')}, e.owner_id, e.id, true
       FROM (${keys} OFFSET ${rows - 1} LIMIT 1) e)`,
    values,
  };
};

/** By what else than the order rows can be found, the narrowest first. */
export type CandidateSource = 'authors' | 'search' | 'communities' | 'dates';

const sourceFilter = (filter: RecordFilter, source: CandidateSource): RecordFilter | null => {
  const { authorIds, communityIds, since, until, words, has } = filter;
  const is = taggedOnly(filter.is);
  switch (source) {
    case 'authors':
      return authorIds === null ? null : { ...EVERY_RECORD, authorIds };
    case 'search':
      return words === null && has.length + is.length === 0
        ? null
        : { ...EVERY_RECORD, words: words === null ? null : withoutPlaces(words), has, is };
    case 'communities':
      return communityIds === null ? null : { ...EVERY_RECORD, communityIds };
    case 'dates':
      return since === null && until === null ? null : { ...EVERY_RECORD, since, until };
  }
};

/**
 * Phrases as words that stand anywhere: that much the index answers alone, without looking at each
 * row whether the words are neighbours. Operators stand between spaces, which no stem holds.
 */
const withoutPlaces = (words: string): string => words.replaceAll(/ (?:<->|<\d+>) /g, ' & ');

/** The sources that narrow this question beyond what its order does. */
export const candidateSources = ({ filter, order }: RecordQuestion): CandidateSource[] => {
  const { rest } = serve(filter, order);
  const sources: CandidateSource[] = ['authors', 'search', 'communities', 'dates'];
  return sources.filter((source) => sourceFilter(rest, source) !== null);
};

/**
 * The first `limit` matching rows if the source has at most `rows` candidates; else, at the best, the
 * row marked `is_edge`, which says that there are more.
 */
export const buildCandidates = (
  question: RecordQuestion,
  source: CandidateSource,
  { limit, rows }: { limit: number; rows: number },
): Statement => {
  const { kind, order, filter } = question;
  const { values, bind } = createBinder();
  const narrow = buildConditions(kind, 'r', sourceFilter(filter, source) ?? EVERY_RECORD, bind);
  const bounds = order.column === 'date' ? [] : [`s.${order.column} > 0`];
  const all = [
    ...afterCondition(question, 's', bind),
    ...buildConditions(kind, 's', filter, bind),
    ...bounds,
  ];
  return {
    text: `
      WITH candidates AS MATERIALIZED (
        SELECT r.* FROM ${kind} r${where(narrow)} LIMIT ${rows + 1})
      (SELECT ${selectValue(order, 's')} AS value, s.owner_id, s.id, false AS is_edge
       FROM candidates s${where(all)} ORDER BY ${orderBy(order, 's')} LIMIT ${limit})
      UNION ALL
      (SELECT 0, owner_id, id, true FROM candidates OFFSET ${rows} LIMIT 1)`,
    values,
  };
};
