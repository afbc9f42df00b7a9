import type { AuthorRecord } from '@stenograf/contracts/exportRecords';
import { toAuthorRecord, type AuthorRow } from './exportRows';
import { createLookPace, type LookBounds } from './lookPace';
import { selectNamed, type NamedTable } from './namedRows';
import { createBinder, toOwners, type RecordFilter, type RecordKind } from './recordFilters';
import type { Select } from './select';
import type { Page } from './snapshots';

/** Where and when somebody wrote. */
export type WrittenFilter = Pick<RecordFilter, 'communityIds' | 'since' | 'until'>;

export interface AuthorFilter {
  /** Beginnings of the words of the name or short name. */
  name: string | null;
  /** People who wrote something that this task has seen. */
  taskId: number | null;
  /** People who wrote a post or comment that is among these. */
  written: WrittenFilter | null;
}

export interface AuthorFinder {
  /**
   * People by id. By what they wrote, a page may be short, or empty, and yet not the last: no more
   * people are looked at than a bounded time allows.
   * @throws AppError `validation_failed` if too many bear such a name
   */
  list(filter: AuthorFilter, after: number | null, limit: number): Promise<Page<AuthorRecord>>;
}

/** Of looks at so many people. */
const BOUNDS: LookBounds = { first: 200, most: 2_000, timeMs: 140 };

export const AUTHORS: NamedTable = {
  table: 'authors',
  columns: 'n.id, n.first_name, n.last_name, n.screen_name, n.deactivated',
  nameWords: 'name_words(first_name, last_name, screen_name)',
};

/**
 * Those of some people who wrote what is meant. For each, the index by author alone is read, whatever
 * the planner expects of walls and dates: no more of it than what this person wrote within the dates,
 * and only up to the first hit.
 */
const buildWriters = (
  ids: readonly number[],
  { communityIds, since, until }: WrittenFilter,
): { text: string; values: unknown[] } => {
  const { values, bind } = createBinder();
  const people = bind(ids, 'bigint[]');
  const conditions = ['r.from_id = n.id'];
  // Of all indexes only the one by author begins with the first of these two.
  const compare = (operator: string, date: Date): string =>
    `(r.from_id, r.date) ${operator} (n.id, ${bind(date, 'timestamptz')})`;
  if (since !== null) conditions.push(compare('>=', since));
  if (until !== null) conditions.push(compare('<=', until));
  if (communityIds !== null) {
    // With a sum no index over walls fits.
    conditions.push(`r.owner_id + 0 = ANY (${bind(toOwners(communityIds), 'bigint[]')})`);
  }
  // With OFFSET it stays a question about one person, and is not made a join with all that is stored.
  const wrote = (kind: RecordKind): string =>
    `EXISTS (SELECT FROM ${kind} r WHERE ${conditions.join(' AND ')} OFFSET 0)`;
  const text = `SELECT n.id FROM unnest(${people}) AS n (id)
    WHERE ${wrote('comments')} OR ${wrote('posts')}`;
  return { text, values };
};

const toPage = (rows: AuthorRow[], limit: number, edge: number | null): Page<AuthorRecord> => {
  const items = rows.slice(0, limit).map(toAuthorRecord);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : edge };
};

export const createAuthorFinder = ({
  select,
  nowMs,
  bounds = BOUNDS,
}: {
  select: Select;
  nowMs: () => number;
  bounds?: LookBounds;
}): AuthorFinder => {
  const selectPeople = (
    { name, taskId }: AuthorFilter,
    after: number | null,
    limit: number,
  ): Promise<AuthorRow[]> =>
    selectNamed<AuthorRow>(select, AUTHORS, {
      name,
      among:
        taskId === null
          ? null
          : (bind) =>
              `SELECT author_id AS id FROM task_authors WHERE task_id = ${bind(taskId, 'bigint')}`,
      conditions: [],
      after,
      limit,
    });

  const keepWriters = async (rows: AuthorRow[], written: WrittenFilter): Promise<AuthorRow[]> => {
    if (rows.length === 0) return [];
    const ids = rows.map(({ id }) => id);
    const { text, values } = buildWriters(ids, written);
    const writers = new Set((await select<{ id: number }>(text, values)).map(({ id }) => id));
    return rows.filter(({ id }) => writers.has(id));
  };

  const listWriters = async (
    filter: AuthorFilter,
    written: WrittenFilter,
    after: number | null,
    limit: number,
  ): Promise<Page<AuthorRecord>> => {
    const pace = createLookPace(bounds, nowMs);
    const found: AuthorRow[] = [];
    const look = async (people: number, from: number | null) => {
      const rows = await selectPeople(filter, from, people);
      return { rows, writers: await keepWriters(rows, written) };
    };
    let edge = after;
    for (let people: number | null = bounds.first; people !== null; people = pace.next()) {
      const from = edge;
      const { rows, writers } = await pace.measure(people, (count) => look(count, from));
      found.push(...writers);
      edge = rows.length < people ? null : (rows.at(-1)?.id ?? null);
      // One more than a page tells that there is a next one.
      if (found.length > limit || edge === null) return toPage(found, limit, edge);
    }
    return toPage(found, limit, edge);
  };

  return {
    async list(filter, after, limit) {
      if (filter.written !== null) return listWriters(filter, filter.written, after, limit);
      return toPage(await selectPeople(filter, after, limit + 1), limit, null);
    },
  };
};
