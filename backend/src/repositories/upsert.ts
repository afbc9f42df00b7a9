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

/** What one key is told by two readings of it; the newer one, unless the older one adds to it. */
type Combine<T> = (newer: T, older: T) => T;

/**
 * One row a key, the newest reading, in key order: PostgreSQL refuses to touch a row twice in one
 * statement, and VK repeats items on overlapping pages.
 */
export const distinctNewest = <T extends { fetchedAt: Date }>(
  rows: readonly T[],
  keys: ((row: T) => number)[],
  combine: Combine<T> = (newer) => newer,
): T[] => {
  const order = byKey(...keys);
  const sorted = [...rows].sort((a, b) => order(a, b) || Number(b.fetchedAt) - Number(a.fetchedAt));
  const distinct: T[] = [];
  for (const row of sorted) {
    const newer = distinct.at(-1);
    if (newer && order(newer, row) === 0) distinct[distinct.length - 1] = combine(newer, row);
    else distinct.push(row);
  }
  return distinct;
};
