/** Text that PostgreSQL's `text` and `jsonb` accept: no U+0000, no half of a surrogate pair. */
export const cleanText = (text: string): string =>
  isClean(text) ? text : text.replaceAll('\0', '').toWellFormed();

const isClean = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/**
 * `cleanText` over every string and key of a parsed JSON value. What needs no change is returned
 * as it is, not copied: a page of VK holds tens of thousands of strings and hardly ever a bad one.
 */
export const cleanDeep = <T>(value: T): T => cleanValue(value) as T;

const cleanValue = (value: unknown): unknown => {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return cleanArray(value);
  if (typeof value === 'object' && value !== null) return cleanObject(value);
  return value;
};

const cleanArray = (items: unknown[]): unknown[] => {
  const cleaned = items.map(cleanValue);
  return cleaned.some((item, index) => item !== items[index]) ? cleaned : items;
};

const cleanObject = (object: object): object => {
  const entries = Object.entries(object);
  const cleaned = entries.map(([key, value]) => [cleanText(key), cleanValue(value)] as const);
  const changed = cleaned.some(
    ([key, value], index) => key !== entries[index]?.[0] || value !== entries[index]?.[1],
  );
  // fromEntries defines properties rather than assigning them: a key `__proto__` stays data.
  return changed ? Object.fromEntries(cleaned) : object;
};

/**
 * Whether a JSON document may hold text that `cleanDeep` would change. Decoded UTF-8 itself holds
 * neither U+0000 (JSON forbids it raw) nor lone surrogates, so only their escapes can bring them.
 */
export const mayNeedCleaning = (json: string): boolean => /\\u(?:0000|[dD][89a-fA-F])/.test(json);
