/** Keys that VK changes from reply to reply without anything having been edited. */
const VOLATILE_KEYS: ReadonlySet<string> = new Set([
  'access_key',
  'hash',
  'track_code',
  'web_view_token',
  'ads_easy_promote',
  'is_favorite',
  'user_likes',
  'can_like',
  'can_publish',
]);

/** What people write; it may well be nothing but a link. */
const TEXT_KEYS: ReadonlySet<string> = new Set(['text', 'title', 'description', 'caption', 'name']);

const isUrl = (value: unknown): boolean => typeof value === 'string' && /^https?:\/\//.test(value);

/** A link's own address is content; every other URL is a signed address of media. */
const isVolatile = (parentKey: string, key: string, value: unknown): boolean =>
  VOLATILE_KEYS.has(key) ||
  (isUrl(value) && !TEXT_KEYS.has(key) && !(parentKey === 'link' && key === 'url'));

/** A copy without what changes by itself, with keys in one order and booleans as numbers. */
const stable = (value: unknown, parentKey: string): unknown => {
  if (Array.isArray(value)) return value.map((element) => stable(element, parentKey));
  // VK sends the same flag as 0/1 in one reply and as false/true in the next.
  if (typeof value === 'boolean') return Number(value);
  if (value instanceof Date) return value.getTime();
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([key, child]) => !isVolatile(parentKey, key, child))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, child]) => [key, stable(child, key)] as const);
  return Object.fromEntries(entries);
};

const MASK = (1n << 53n) - 1n;

/**
 * 53 bits over what counts as a change of a record; equal for two readings of an unedited one.
 * Two contents of one record collide once in 10^16 edits.
 */
export const stableHash = (content: unknown): number =>
  Number(Bun.hash.xxHash64(JSON.stringify(stable(content, ''))) & MASK);
