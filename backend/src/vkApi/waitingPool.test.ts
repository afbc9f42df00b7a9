import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { createWaitingPool } from './waitingPool';

interface Item {
  groupKey: string;
  rank: number;
  id: number;
}

const any = (): boolean => true;
const poolOf = (items: Item[]) => {
  const pool = createWaitingPool<Item>();
  for (const item of items) pool.add(item);
  return pool;
};
const line = (groupKey: string, count: number, rank = 5): Item[] =>
  Array.from({ length: count }, (_, id) => ({ groupKey, rank, id }));

test('a huge group does not starve small ones', () => {
  const pool = poolOf([...line('huge', 1_000), ...line('a', 2), ...line('b', 2)]);
  const keys = pool.take(6, any).map(({ groupKey }) => groupKey);
  expect(keys).toEqual(['huge', 'a', 'b', 'huge', 'a', 'b']);
});

test('turns go on where the last taking stopped', () => {
  const pool = poolOf([...line('a', 3), ...line('b', 3), ...line('c', 3)]);
  const takings = [pool.take(2, any), pool.take(2, any), pool.take(2, any)];
  expect(takings.flat().map(({ groupKey }) => groupKey)).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
});

test('lower ranks go first', () => {
  const pool = poolOf([...line('a', 1, 5), ...line('b', 1, 1), ...line('c', 1, 4.5)]);
  expect(pool.take(3, any).map(({ groupKey }) => groupKey)).toEqual(['b', 'c', 'a']);
});

test('a removed item is not taken, and removing twice is harmless', () => {
  const [first, second] = line('a', 2);
  if (!first || !second) throw new Error('two items were asked for');
  const pool = poolOf([first, second]);
  pool.remove(first);
  pool.remove(first);
  expect(pool.take(5, any)).toEqual([second]);
  expect(pool.items()).toEqual([]);
});

test('what is not accepted keeps its place', () => {
  const pool = poolOf(line('a', 4));
  expect(pool.take(5, ({ id }) => id % 2 === 1).map(({ id }) => id)).toEqual([1, 3]);
  expect(pool.items().map(({ id }) => id)).toEqual([0, 2]);
  expect(pool.some(({ id }) => id === 1)).toBe(false);
});

test('everything is taken exactly once, and each group in its own order', () => {
  const item = fc.record({
    groupKey: fc.constantFrom('a', 'b', 'c', 'd'),
    rank: fc.constantFrom(1, 4.5, 5),
  });
  fc.assert(
    fc.property(fc.array(item), fc.integer({ min: 1, max: 25 }), (items, max) => {
      const numbered = items.map((fields, id) => ({ ...fields, id }));
      const pool = poolOf(numbered);
      const taken: Item[] = [];
      for (let pack = pool.take(max, any); pack.length > 0; pack = pool.take(max, any)) {
        expect(pack.length).toBe(Math.min(max, numbered.length - taken.length));
        taken.push(...pack);
      }
      expect(taken.toSorted((a, b) => a.id - b.id)).toEqual(numbered);
      for (const { groupKey, rank } of numbered) {
        const ids = taken.filter((i) => i.groupKey === groupKey && i.rank === rank);
        expect(ids.map(({ id }) => id)).toEqual(ids.map(({ id }) => id).toSorted((a, b) => a - b));
      }
    }),
  );
});
