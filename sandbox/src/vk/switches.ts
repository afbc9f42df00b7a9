/** Points that VK's documents leave open. Each default is the likelier behaviour. */
export interface Switches {
  /** Which ten replies come inline, and in which order; `mixed` differs from root to root. */
  inlineOrder: 'oldest' | 'newest' | 'mixed';
  /** Whether the pinned post shows up again at its own date. */
  pinnedRepeated: boolean;
  /** What wall.getComments answers for a post with closed comments: an error or an empty list. */
  closedComments: '212' | 'empty';
  /** Whether a deleted comment shows no author at all or the author 0. */
  deletedStub: 'bare' | 'zero-author' | 'mixed';
  /** `sort` of wall.getComments when it is left out. */
  defaultSort: 'asc' | 'desc';
  /** `count` of wall.get when it is left out. */
  defaultWallCount: number;
  /** What utils.resolveScreenName answers for an unknown name: `[]` or error 104. */
  unknownName: 'empty' | '104';
  /** Whether groups.getById drops an unknown number or fails the whole call. */
  unknownGroup: 'dropped' | '100';
  /** Language of names when `lang` is left out. */
  defaultLang: string;
  /** Most bytes that one `execute` may answer. */
  executeBytesMax: number;
}

export const DEFAULT_SWITCHES: Switches = {
  inlineOrder: 'mixed',
  pinnedRepeated: false,
  closedComments: '212',
  deletedStub: 'mixed',
  defaultSort: 'desc',
  defaultWallCount: 20,
  unknownName: 'empty',
  unknownGroup: 'dropped',
  defaultLang: 'en',
  executeBytesMax: 5 * 1024 * 1024,
};
