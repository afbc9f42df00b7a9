import { type AppError, invalidParameter } from '../errors';
import { createBinder, type Bind } from './recordFilters';
import type { Select } from './select';

const WORD = /[\p{L}\p{N}]+/gu;
const WORDS_MAX = 8;
/** More names than these are not put in order: the caller is asked for more of the name. */
const NAMES_MAX = 5_000;

const refuseName = (detail: string): AppError => invalidParameter('q', detail);

/**
 * Beginnings of the words of a name as a tsquery over `name_words`: letters and digits alone, so that
 * quoting them is enough.
 */
const toNameQuery = (name: string): string => {
  const words = name.toLowerCase().replaceAll('ё', 'е').match(WORD)?.slice(0, WORDS_MAX);
  if (!words) throw refuseName('Must hold a letter or a digit.');
  return words.map((word) => `'${word}':*`).join(' & ');
};

/** A table whose rows have an id above zero and a name. */
export interface NamedTable {
  table: 'authors' | 'communities';
  columns: string;
  /** The expression that the index over names has. */
  nameWords: string;
}

export interface NamedPage {
  /** Beginnings of the words of the name or the short name; null for any. */
  name: string | null;
  /** A list of ids with an index in their order, such as those of a task, as a subquery of `id`s. */
  among: ((bind: Bind) => string) | null;
  conditions: readonly string[];
  /** The id before the page. */
  after: number | null;
  limit: number;
}

/**
 * Rows by id. By a name, its index finds all that bear it, and they must be few; else the ids are
 * walked, or the list of ids that was given.
 * @throws AppError `validation_failed` for a name that too many bear, or that is none
 */
export const selectNamed = async <Row extends object>(
  select: Select,
  { table, columns, nameWords }: NamedTable,
  { name, among, conditions, after, limit }: NamedPage,
): Promise<Row[]> => {
  const { values, bind } = createBinder();
  const where = (extra: readonly string[]): string =>
    [`n.id > ${bind(after ?? 0, 'bigint')}`, ...conditions, ...extra].join(' AND ');
  const page = (from: string, order: string, extra: readonly string[] = []): Promise<Row[]> =>
    select<Row>(
      `SELECT ${columns} FROM ${from} WHERE ${where(extra)} ORDER BY ${order}
       LIMIT ${bind(limit, 'int')}`,
      values,
    );
  if (name === null) {
    return among === null
      ? page(`${table} n`, 'n.id')
      : page(`(${among(bind)}) AS listed JOIN ${table} n ON n.id = listed.id`, 'listed.id', [
          // Said of both sides, so that the list too is read from there on.
          `listed.id > ${bind(after ?? 0, 'bigint')}`,
        ]);
  }
  const query = toNameQuery(name);
  const named = (parameter: string): string =>
    `SELECT * FROM ${table} WHERE ${nameWords} @@ ${parameter} LIMIT ${NAMES_MAX + 1}`;
  const [row] = await select<{ count: number }>(
    `SELECT count(*) FROM (${named('$1::tsquery')}) AS named`,
    [query],
  );
  if ((row?.count ?? 0) > NAMES_MAX) {
    throw refuseName(`More than ${NAMES_MAX} names begin so; write more of the name.`);
  }
  const isListed = among === null ? [] : [`n.id IN (${among(bind)})`];
  return page(`(${named(bind(query, 'tsquery'))}) AS n`, 'n.id', isListed);
};
