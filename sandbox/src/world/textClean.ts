/**
 * Text as a store can keep it: U+0000 goes, half of a surrogate pair becomes U+FFFD, all else stays
 * as VK sent it.
 */
export const cleanText = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** The same for every text inside a JSON value, keys included. */
export const cleanDeep = (value: unknown): unknown => {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map((entry) => cleanDeep(entry));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [cleanText(key), cleanDeep(entry)]),
  );
};
