/** The key to read on from, as callers see it: opaque, so that lists may be keyed otherwise later. */
export const encodeCursor = (key: number): string => Buffer.from(String(key)).toString('base64url');

/** @returns null for what `encodeCursor` cannot have made. */
export const decodeCursor = (cursor: string): number | null => {
  const text = Buffer.from(cursor, 'base64url').toString();
  const key = Number(text);
  const isKey = /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(key);
  return isKey && encodeCursor(key) === cursor ? key : null;
};
