import { afterAll, beforeAll, expect, test } from 'bun:test';
import fc from 'fast-check';
import {
  bigints,
  booleans,
  integers,
  jsons,
  texts,
  timestamps,
} from '../../../src/repositories/arrays';
import { openRepositories, type Repositories } from './openRepositories';

let repositories: Repositories;

beforeAll(async () => {
  repositories = await openRepositories();
});
afterAll(() => repositories.close());

type Column = (rows: unknown[], read: (row: unknown) => never) => Buffer;

/** What PostgreSQL reads out of a column, in its order. */
const readBack = async (column: unknown, type: string, values: unknown[]): Promise<unknown[]> => {
  const bytes = (column as Column)(values, (value) => value as never);
  const rows = await repositories.query<{ value: unknown }>(
    `SELECT value FROM unnest($1::${type}[]) WITH ORDINALITY AS read (value, at) ORDER BY at`,
    [bytes],
  );
  return rows.map(({ value }) => value);
};

const INT4 = { min: -(2 ** 31), max: 2 ** 31 - 1 };

const COLUMNS: Record<string, [column: unknown, values: fc.Arbitrary<unknown>]> = {
  bigint: [bigints, fc.maxSafeInteger()],
  integer: [integers, fc.integer(INT4)],
  boolean: [booleans, fc.boolean()],
  timestamptz: [
    timestamps,
    fc.date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true }),
  ],
  text: [texts, fc.string({ unit: 'grapheme' })],
};

for (const [type, [column, value]] of Object.entries(COLUMNS)) {
  test(`a column of ${type} arrives as it was sent, nulls included`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(value), { minLength: 1 }), async (values) => {
        expect(await readBack(column, type, values)).toEqual(values);
      }),
      { numRuns: 40 },
    );
  });
}

test('the edges of each type arrive too, and an empty column is empty', async () => {
  const edges = [Number.MIN_SAFE_INTEGER, -(2 ** 32), -1, 0, 2 ** 32, Number.MAX_SAFE_INTEGER];
  expect(await readBack(bigints, 'bigint', edges)).toEqual(edges);
  expect(await readBack(integers, 'integer', [INT4.min, INT4.max])).toEqual([INT4.min, INT4.max]);
  const times = [new Date('1999-12-31T23:59:59.999Z'), new Date('1901-01-01T00:00:00.001Z')];
  expect(await readBack(timestamps, 'timestamptz', times)).toEqual(times);
  for (const [type, [column]] of Object.entries(COLUMNS)) {
    expect(await readBack(column, type, [])).toEqual([]);
  }
});

test('a number beyond its type is refused, not cut', () => {
  expect(() => integers([2 ** 31], (value) => value)).toThrow(RangeError);
});

test("a missing value of a json column is SQL's null, everything else is its JSON", async () => {
  const values = [null, undefined, 0, '', [], { a: [null, '"'] }];
  expect(await readBack(jsons, 'text', values)).toEqual([
    null,
    null,
    ...values.slice(2).map((value) => JSON.stringify(value)),
  ]);
});
