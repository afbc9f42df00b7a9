/** Who is on the list of erased people. */
export interface ErasedPeople {
  has(personId: number): boolean;
}

/** Stands where a mention was. */
export const ERASED_TEXT = '[…]';
/** Stands where an object of an erased person was: a repost, a photo, an inline reply. */
const ERASED_OBJECT = { erased: true } as const;

/** VK's way to name a person in text: `[id5|Anna]`, `[id5:bp-1_2|Anna]`, `[https://vk.com/id5|Anna]`. */
const BRACKETS = /\[([^\][|\s]{1,200})\|[^\]]*\]/g;
/** As it is typed: `@id5 (Anna)`, `*id5`. */
const TYPED = /(?<![\p{L}\d_])[@*](id\d+)(?![\p{L}\d_])(?: ?\([^)\n]*\))?/giu;
const ADDRESS = /(?:https?:\/\/)?(?:[\w-]+\.)*vk\.(?:com|ru)\/[^\s|\]<>"]+/gi;
/** Pages of VK that are a person's own carry the id without a minus; communities have one. */
const OWNED =
  /(?<![a-z\d])(?:id|wall|photos?|tag|videos?|clips?|albums?|audios?|audio_playlist|docs?|friends|gifts|notes?|story|poll|market|write)(\d{1,16})(?!\d)/gi;

const namesErased = (fragment: string, erased: ErasedPeople): boolean =>
  [...fragment.matchAll(OWNED)].some(([, digits]) => erased.has(Number(digits)));

/** A text without the mentions of erased people and without links to their pages. */
export const eraseInText = (text: string, erased: ErasedPeople): string => {
  if (!/\d/.test(text)) return text;
  const replace = (whole: string, named: string): string =>
    namesErased(named, erased) ? ERASED_TEXT : whole;
  return text
    .replace(BRACKETS, replace)
    .replace(TYPED, replace)
    .replace(ADDRESS, (whole) => replace(whole, whole));
};

/** The same for a line that somebody pasted, where a bare `id5` names a person too. */
export const eraseInReference = (text: string, erased: ErasedPeople): string =>
  eraseInText(text, erased).replace(/(?<![\p{L}\d_])(id\d+)(?![\p{L}\d_])/giu, (whole) =>
    namesErased(whole, erased) ? ERASED_TEXT : whole,
  );

/** Keys by which VK says whose an object is. */
const OWNERS: ReadonlySet<string> = new Set([
  'from_id',
  'owner_id',
  'user_id',
  'author_id',
  'creator_id',
  'created_by',
]);
/** Keys by which an object of somebody else names a person. */
const REFERENCES: ReadonlySet<string> = new Set([
  'signer_id',
  'reply_to_user',
  'reply_to_user_id',
  'reply_to_uid',
  'to_id',
  'editor_id',
  'updated_by',
]);

const isErased = (value: unknown, erased: ErasedPeople): boolean =>
  typeof value === 'number' && value > 0 && erased.has(value);

const isTheirs = (object: Record<string, unknown>, erased: ErasedPeople): boolean =>
  Object.entries(object).some(([key, value]) => OWNERS.has(key) && isErased(value, erased)) ||
  ('first_name' in object && isErased(object.id, erased)) ||
  (typeof object.url === 'string' && eraseInText(object.url, erased) !== object.url);

const entriesWithout = (
  object: Record<string, unknown>,
  erased: ErasedPeople,
  inText: typeof eraseInText,
): [string, unknown][] =>
  Object.entries(object).flatMap(([key, value]) => {
    if (REFERENCES.has(key) && isErased(value, erased)) return [];
    const kept = key.endsWith('_ids') && Array.isArray(value) ? personsIn(value, erased) : value;
    return [[key, eraseInJson(kept, erased, inText)]];
  });

const personsIn = (ids: unknown[], erased: ErasedPeople): unknown[] =>
  ids.filter((id) => !isErased(id, erased));

/**
 * VK's objects without what is of erased people or names them; what needs no change comes back equal.
 * Ids go by the name of their key alone: the number of a photo may be that of a person.
 */
export const eraseInJson = (
  value: unknown,
  erased: ErasedPeople,
  inText: typeof eraseInText = eraseInText,
): unknown => {
  if (typeof value === 'string') return inText(value, erased);
  if (Array.isArray(value)) return value.map((item) => eraseInJson(item, erased, inText));
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Record<string, unknown>;
  return isTheirs(object, erased)
    ? ERASED_OBJECT
    : Object.fromEntries(entriesWithout(object, erased, inText));
};
