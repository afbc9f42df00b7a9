/** The promise's outcome, or a rejection after `waitMsMax`; the promise itself goes on unheard. */
export const withDeadline = async <T>(promise: Promise<T>, waitMsMax: number): Promise<T> => {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${waitMsMax} ms.`)), waitMsMax);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => {});
  }
};
