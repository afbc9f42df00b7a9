/** Keys that VK fills anew on every call. */
const VOLATILE_KEYS = new Set(['access_key', 'hash', 'track_code', 'web_view_token']);
/** Hosts of VK's media, whose addresses are signed for a while. */
const MEDIA_HOST = /^https?:\/\/[^/]*\b(?:userapi\.com|vkuseraudio\.net|vkuser\.net)\//;
/** A document's address lies on VK's own host but is signed as well. */
const SIGNED_DOC = /^https?:\/\/vk\.(?:com|ru)\/doc[^?]*\?.*\bhash=/;

const isVolatile = (key: string, value: unknown): boolean =>
  VOLATILE_KEYS.has(key) ||
  (typeof value === 'string' && (MEDIA_HOST.test(value) || SIGNED_DOC.test(value)));

/**
 * A JSON value without what changes from call to call: media addresses, hashes, keys. Two readings of
 * an unchanged attachment are equal after it.
 */
export const stripVolatile = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((entry) => stripVolatile(entry));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, entry]) => !isVolatile(key, entry))
      .map(([key, entry]) => [key, stripVolatile(entry)]),
  );
};
