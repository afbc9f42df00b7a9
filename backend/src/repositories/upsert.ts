/** Keys of one table in one order: concurrent batches then never wait for each other in a ring. */
export const byKey =
  <T>(...keys: ((row: T) => number)[]) =>
  (a: T, b: T): number => {
    for (const key of keys) {
      const difference = key(a) - key(b);
      if (difference !== 0) return difference;
    }
    return 0;
  };

/**
 * One row a key, the newest reading, in key order: PostgreSQL refuses to touch a row twice in one
 * statement, and VK repeats items on overlapping pages.
 */
export const distinctNewest = <T extends { fetchedAt: Date }>(
  rows: readonly T[],
  ...keys: ((row: T) => number)[]
): T[] => {
  const order = byKey(...keys);
  const sorted = [...rows].sort((a, b) => order(a, b) || Number(b.fetchedAt) - Number(a.fetchedAt));
  return sorted.filter((row, index) => {
    const before = sorted[index - 1];
    return before === undefined || order(before, row) !== 0;
  });
};

/** Arrays of one column each, for `unnest`. */
export const column = <T, V>(rows: readonly T[], read: (row: T) => V): V[] => rows.map(read);

/** jsonb columns travel as text arrays; null stays SQL's null. */
export const jsonColumn = <T>(rows: readonly T[], read: (row: T) => unknown): (string | null)[] =>
  rows.map((row) => {
    const value = read(row);
    return value === null || value === undefined ? null : JSON.stringify(value);
  });

export interface Upserted {
  inserted: number;
  changed: number;
}
