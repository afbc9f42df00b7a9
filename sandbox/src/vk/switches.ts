/**
 * Points that VK's documents leave open, each with every value that some source reports; the first
 * value is the likelier one and the default. "Schema" is VK's published API schema, "docs" a copy of
 * dev.vk.com; projects are named where their code, tests or issues hold the evidence.
 */
export const SWITCHES = {
  /** Which ten replies come inline, and in which order; `mixed` differs from root to root. No source. */
  inlineOrder: ['mixed', 'oldest', 'newest'],
  /** Whether the pinned post shows up again at its own date. Recordings of 2020 are too short to tell. */
  pinnedRepeated: [false, true],
  /** wall.getComments for closed comments: error 212 (schema) or an empty list (collectors' notes). */
  closedComments: ['212', 'empty'],
  /** A deleted comment without any author (vknet/vk#802), or with the author 0 (collectors' notes). */
  deletedStub: ['mixed', 'bare', 'zero-author'],
  /** A deleted comment that nobody answered: gone, or a stub too. The two known stubs have replies. */
  deletedLeaf: ['gone', 'stub'],
  /** `sort` of wall.getComments when left out: a reply of 2025 says `desc`, old docs say `asc`. */
  defaultSort: ['desc', 'asc', 'smart'],
  /** `parents_stack` of a reply: its root alone (all recordings), or the whole way down to it. */
  parentsStack: ['root', 'chain'],
  /** `count` of wall.get when left out: 20 in old docs, none in the schema, which allows 100. */
  defaultWallCount: [20, 100],
  /** Largest `offset` that wall.get answers with posts; no cap is documented. 0 = none. */
  wallOffsetMax: [0, 10_000],
  /** Places that hold nothing: never, only where a post is hidden, or every seventh. No source. */
  shortPages: ['hidden', 'never', 'often'],
  /** wall.getById on a deleted post: left out (docs), or a stub with `is_deleted` (schema). */
  deletedPost: ['left-out', 'stub'],
  /** groups.getById with an unknown number: dropped, deactivated, or error 100 for the whole call. */
  unknownGroup: ['dropped', 'deactivated', '100'],
  /** users.get that finds nobody at all: an empty list, or error 113. */
  unknownUsers: ['empty', '113'],
  /** utils.resolveScreenName for an unknown name: `[]` (vk-io, vksdk), or error 104 (schema). */
  unknownName: ['empty', '104'],
  /** First version whose groups.getById and wall.getById answer with objects; 5.131 has arrays. */
  objectsSince: ['5.139', '5.194'],
  /** Control characters but tab and line ends: sent as they were written, or taken out. No source. */
  controlCharacters: ['kept', 'removed'],
  /** Most characters of a text that VK shows; the cap is not documented. 0 = none. */
  textLengthMax: [0, 4_096],
  /** Whether service keys may call `execute`: the schema and vk-io say no, the newest docs yes. */
  serviceExecute: [false, true],
  /** Requests a second of a service key: 3 in old docs; 5 and 20 in the tiers of newer ones. */
  serviceRps: [3, 5, 20],
  /** Whose requests share one rate: the token's (vksdk), the account's, or the address's. */
  rateScope: ['token', 'account', 'address'],
  /** Calls a day: within 24 hours of each other, or buckets of half an hour (egorprnn/VK2Discord#114). */
  quotaWindow: ['sliding', 'half-hour'],
  /** Whose calls share one quota: those of a token, or of all tokens of one kind, as of one app. */
  quotaScope: ['token', 'app'],
  /** Calls a day of wall.getComments and wall.getById; none is published. 0 = any number. */
  commentsQuota: [0, 5_000],
  /** An address above 8 KB: read like any other, or status 414, as most web servers answer. */
  longAddress: ['read', '414'],
} as const;

export type SwitchName = keyof typeof SWITCHES;

/** Settings that are no open question, kept beside the switches for tests. */
interface Settings {
  /** Language of names when `lang` is left out. */
  defaultLang: string;
  /** Most bytes that one `execute` may answer. */
  executeBytesMax: number;
}

export type Switches = Settings & {
  [Name in SwitchName]: (typeof SWITCHES)[Name][number];
};

export const DEFAULT_SWITCHES: Switches = {
  ...(Object.fromEntries(Object.entries(SWITCHES).map(([name, [first]]) => [name, first])) as Pick<
    Switches,
    SwitchName
  >),
  defaultLang: 'en',
  executeBytesMax: 5 * 1024 * 1024,
};
