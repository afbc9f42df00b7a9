import { createLookPace, type LookBounds } from './lookPace';
import type { RecordFilter } from './recordFilters';
import { compareKeys, type RecordKey } from './recordOrders';
import {
  buildCandidates,
  buildWalk,
  candidateSources,
  type RecordQuestion,
  type Statement,
} from './recordStatements';
import type { Select } from './select';

export interface FoundKeys {
  keys: RecordKey[];
  /** Where the next page begins; null at the end. */
  next: RecordKey | null;
}

export interface RecordFinder {
  /**
   * The keys of one page. A page may be short, or empty, and yet not the last: no more rows are
   * looked at than a bounded time allows.
   */
  find(question: RecordQuestion, limit: number): Promise<FoundKeys>;
}

/** The first look is enough to fill a page with what is frequent. */
export interface FinderBounds extends LookBounds {
  /** Rows that an index may know of to be read and put in order. */
  candidates: number;
}

/**
 * Candidates are read from all over the table, a look goes along it: each statement takes some 20 ms in
 * memory. Of ten million rows, what has more candidates than these fills a page within 100 000 rows.
 */
const BOUNDS: FinderBounds = { first: 2_000, most: 20_000, candidates: 5_000, timeMs: 140 };

interface Row {
  value: number;
  owner_id: number;
  id: number;
  is_edge: boolean;
}

interface Looked {
  keys: RecordKey[];
  edge: RecordKey | null;
}

/** A filter whose alternatives leave no row, by its form alone. */
const isImpossible = ({ communityIds, authorIds }: RecordFilter): boolean =>
  communityIds?.length === 0 || authorIds?.length === 0;

/**
 * Lists in any order by any filter, each statement within a bound. What is frequent is met soon by
 * walking the order; what is rare is found by the index of the filter and put in order; what is
 * neither is walked on for as long as there is time, and the next page goes on from there.
 */
export const createRecordFinder = ({
  select,
  nowMs,
  bounds = BOUNDS,
}: {
  select: Select;
  nowMs: () => number;
  bounds?: FinderBounds;
}): RecordFinder => {
  const look = async ({ order }: RecordQuestion, { text, values }: Statement): Promise<Looked> => {
    const rows = await select<Row>(text, values);
    const toKey = ({ value, owner_id: ownerId, id }: Row): RecordKey => [value, ownerId, id];
    const edge = rows.find((row) => row.is_edge);
    return {
      keys: rows
        .filter((row) => !row.is_edge)
        .map(toKey)
        .sort(compareKeys(order)),
      edge: edge ? toKey(edge) : null,
    };
  };

  /** All that is left, if one of the indexes of the filter knows of few enough. */
  const findFew = async (question: RecordQuestion, limit: number): Promise<RecordKey[] | null> => {
    for (const source of candidateSources(question)) {
      const statement = buildCandidates(question, source, { limit, rows: bounds.candidates });
      const { keys, edge } = await look(question, statement);
      if (edge === null) return keys;
    }
    return null;
  };

  return {
    async find(question, limit) {
      if (isImpossible(question.filter)) return { keys: [], next: null };
      const pace = createLookPace(bounds, nowMs);
      const keys: RecordKey[] = [];
      // One more than a page, to know whether there is a next one.
      const missing = (): number => limit + 1 - keys.length;
      const page = (next: RecordKey | null): FoundKeys =>
        missing() > 0
          ? { keys, next }
          : { keys: keys.slice(0, limit), next: keys[limit - 1] ?? null };
      let edge: RecordKey | null = question.after;
      let isFirst = true;
      for (let rows: number | null = bounds.first; rows !== null; rows = pace.next()) {
        const rest: RecordQuestion = { ...question, after: edge };
        const looked = await pace.measure(rows, (count) =>
          look(question, buildWalk(rest, { limit: missing(), rows: count })),
        );
        keys.push(...looked.keys);
        edge = looked.edge;
        if (missing() === 0 || edge === null) return page(edge);
        if (isFirst) {
          const few = await findFew({ ...question, after: edge }, missing());
          if (few !== null) {
            keys.push(...few);
            return page(null);
          }
        }
        isFirst = false;
      }
      return page(edge);
    },
  };
};
