/** The first items of a list; no page is asked for that they are not on. */
export const firstOf = async <T>(items: AsyncIterable<T>, max: number): Promise<T[]> => {
  const first: T[] = [];
  for await (const item of items) {
    first.push(item);
    if (first.length >= max) break;
  }
  return first;
};
