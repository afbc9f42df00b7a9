import type { CommentSort, PostSort } from '@stenograf/contracts/reading';
import type { Bind } from './recordFilters';

export type RecordSort = PostSort | CommentSort;

/** The place of a row in an order: its date in microseconds, as exact as it is stored, or its count, then its key. */
export type RecordKey = readonly [value: number, ownerId: number, id: number];

/** An order that an index has; the key of the row breaks ties, so that each has one place. */
export interface RecordOrder {
  column: 'date' | 'likes' | 'comments' | 'reposts' | 'views';
  isDescending: boolean;
}

const isColumn = (text: string): text is RecordOrder['column'] =>
  ['date', 'likes', 'comments', 'reposts', 'views'].includes(text);

/** @throws for what is no sort; which sorts a list has, the schema of its route says. */
export const orderOf = (sort: RecordSort): RecordOrder => {
  const column = sort.replace(/^-/, '');
  if (!isColumn(column)) throw new Error(`There is no order by ${column}.`);
  return { column, isDescending: sort.startsWith('-') };
};

/** The value of a key as it comes out of a statement. */
export const selectValue = ({ column }: RecordOrder, row: string): string =>
  column === 'date'
    ? `(extract(epoch FROM ${row}.date) * 1000000)::bigint`
    : `${row}.${column}::bigint`;

/** The value of a key as it is compared with. */
export const bindValue = ({ column }: RecordOrder, value: number, bind: Bind): string =>
  column === 'date'
    ? `timestamptz 'epoch' + ${bind(value, 'bigint')} * interval '1 microsecond'`
    : bind(value, 'int');

export const orderBy = ({ column, isDescending }: RecordOrder, row: string): string =>
  [column, 'owner_id', 'id']
    .map((name) => `${row}.${name}${isDescending ? ' DESC' : ''}`)
    .join(', ');

/** Below zero if `a` comes first. */
export const compareKeys =
  ({ isDescending }: RecordOrder) =>
  (a: RecordKey, b: RecordKey): number => {
    const ascending = a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
    return isDescending ? -ascending : ascending;
  };
