/**
 * Waits for `work` no longer than so many milliseconds. Late work goes on; what becomes of it is
 * nobody's concern any more.
 * @throws Error `late` when the time is over.
 */
export const withDeadline = async <T>(
  work: Promise<T>,
  msMax: number,
  late: string,
): Promise<T> => {
  const over = Promise.withResolvers<never>();
  const timer = setTimeout(() => over.reject(new Error(late)), msMax);
  try {
    return await Promise.race([work, over.promise]);
  } finally {
    clearTimeout(timer);
  }
};
