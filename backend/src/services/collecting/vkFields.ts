/** Reading VK's loosely typed JSON: flags come as 0/1 or booleans, whole numbers as `10.0`. */

export type VkObject = Record<string, unknown>;

export const isObject = (value: unknown): value is VkObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** null for anything that is not a whole number which fits in 2^53. */
export const toInteger = (value: unknown): number | null => {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null;
};

const INT4_MAX = 2_147_483_647;

/** A counter; what is missing or senseless counts as 0. */
export const toCount = (value: unknown): number =>
  Math.min(INT4_MAX, Math.max(0, toInteger(value) ?? 0));

/** VK's count of a list; null where none came, or one that no list can have. */
export const toTotal = (value: unknown): number | null => {
  const total = toInteger(value);
  return total === null || total < 0 ? null : Math.min(INT4_MAX, total);
};

/** The `count` of a counter object such as `likes`; null where VK shows none. */
export const countOf = (value: unknown): number | null =>
  isObject(value) && toInteger(value.count) !== null ? toCount(value.count) : null;

export const toFlag = (value: unknown): boolean => value === true || value === 1 || value === '1';

export const toText = (value: unknown): string => (typeof value === 'string' ? value : '');

export const toTextOrNull = (value: unknown): string | null =>
  typeof value === 'string' ? value : null;

/** VK's unix seconds; null for a time that no calendar holds. */
export const toDate = (value: unknown): Date | null => {
  const seconds = toInteger(value);
  if (seconds === null || Math.abs(seconds) > 8.64e12) return null;
  return new Date(seconds * 1000);
};

/** VK sends `[]` or nothing for an empty list, and now and then null. */
export const toArray = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export const toObjects = (value: unknown): VkObject[] => toArray(value).filter(isObject);
