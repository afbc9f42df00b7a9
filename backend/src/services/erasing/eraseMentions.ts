import type { Transaction } from 'sequelize';
import type { ErasedNameRepository, NamingPlace } from '../../repositories/erasedNameRepository';
import type { ErasedRows, KeyRange, RowKey } from '../../repositories/erasedRowRepository';
import { eraseInJson, eraseInReference, eraseInText, type ErasedPeople } from './withoutPeople';

/** Rows of one transaction: few enough that collecting hardly waits for them. */
export const BATCH_ROWS = 250;
/** Rows that one statement looks through for a name. */
const BLOCK_ROWS = 20_000;

/** Runs a step in a transaction of its own, or, where things are only counted, in none. */
export type Step = <T>(work: (transaction?: Transaction) => Promise<T>) => Promise<T>;

const onlyPerson = (personId: number): ErasedPeople => ({ has: (id) => id === personId });

interface Search<Row extends RowKey> {
  rows: ErasedRows<Row>;
  personId: number;
  /** The row without the names of these people; itself if it names none. */
  eraseIn: (row: Row, erased: ErasedPeople) => Row;
  step: Step;
}

/** @returns how many rows named the person, and the last row looked at if there may be more. */
const eraseBatch = async <Row extends RowKey>(
  { rows, personId, eraseIn }: Search<Row>,
  range: KeyRange,
  transaction?: Transaction,
): Promise<{ found: number; last: RowKey | null }> => {
  const erased = onlyPerson(personId);
  const suspects = await rows.listSuspects(personId, range, BATCH_ROWS, transaction);
  const changed = suspects.flatMap((row) => {
    const next = eraseIn(row, erased);
    return next === row ? [] : [next];
  });
  if (transaction) await rows.update(changed, transaction);
  const last = suspects.length < BATCH_ROWS ? null : (suspects.at(-1) ?? null);
  return { found: changed.length, last };
};

/** What others wrote that names a person, block by block through the whole table. @returns rows. */
export const eraseMentions = async <Row extends RowKey>(search: Search<Row>): Promise<number> => {
  let total = 0;
  let after: RowKey | null = null;
  for (;;) {
    const upTo: RowKey | null = await search.rows.findEdge(after, BLOCK_ROWS);
    let isBlockDone = false;
    while (!isBlockDone) {
      const range: KeyRange = { after, upTo };
      const batch = await search.step((transaction) => eraseBatch(search, range, transaction));
      total += batch.found;
      isBlockDone = batch.last === null;
      after = batch.last ?? upTo;
    }
    if (upTo === null) return total;
  }
};

/** The same in one of the smaller places. @returns values that named the person. */
export const eraseInPlace = (
  repository: ErasedNameRepository,
  place: NamingPlace,
  { personId, step }: Pick<Search<RowKey>, 'personId' | 'step'>,
): Promise<number> =>
  step(async (transaction) => {
    // Only what people pasted names others by a bare `id5`.
    const inText = place === 'communities' ? eraseInText : eraseInReference;
    let found = 0;
    for (const { key, value } of await repository.listSuspects(place, personId, transaction)) {
      const next = eraseInJson(value, onlyPerson(personId), inText);
      if (JSON.stringify(next) === JSON.stringify(value)) continue;
      found += 1;
      if (transaction) await repository.update(place, { key, value: next }, transaction);
    }
    return found;
  });
