import {
  COMMENT_FLAGS,
  HAS_KINDS,
  POST_FLAGS,
  type HasKind,
  type RecordFlag,
  type SearchNoteCode,
} from '@stenograf/contracts/reading';
import { assertNever } from '../../utils/assertNever';
import { parseCommunityId, parseWriterId } from '../../utils/vkIds';
import { scanTokens, type Token } from './scanTokens';

/** What the index over words can look for. */
export interface Term {
  kind: 'words' | 'prefix' | 'hashtag' | 'hashtagPrefix';
  /** As it is looked for: small letters, ё as е; of hashtags without the sign. */
  text: string;
  /** As it was written. */
  part: string;
}

/** At least one of the terms must be there, or none of them. */
export interface Clause {
  isExcluded: boolean;
  anyOf: Term[];
}

export interface QueryNote {
  code: SearchNoteCode;
  part: string | null;
}

/** Somebody meant by a name, short or whole, and how that was written. */
export interface WrittenName {
  name: string;
  part: string;
}

/** Filters that were written among the words; values of one kind are alternatives. */
export interface Filters {
  communityIds: number[];
  communityNames: WrittenName[];
  authorIds: number[];
  authorNames: WrittenName[];
  has: HasKind[];
  is: RecordFlag[];
}

export interface ParsedQuery {
  clauses: Clause[];
  /** Pieces of text to be found as they are: `*часть*`, and signs that are no words. */
  parts: string[];
  filters: Filters;
  excluded: Filters;
  /** As written; whether they can be read, the caller finds out. */
  since: string | null;
  until: string | null;
  notes: QueryNote[];
}

const TERMS_MAX = 32;

const FLAGS: readonly RecordFlag[] = [...new Set([...POST_FLAGS, ...COMMENT_FLAGS])];

/** Small letters and ё as е, one character for one. */
export const foldText = (text: string): string =>
  Array.from(text, (character) => {
    const small = character.toLowerCase();
    return small === 'ё' ? 'е' : small.length === character.length ? small : character;
  }).join('');

const HASHTAG = /^#([0-9A-Za-z_\u00C0-\u1FFF\u2C00-\uD7FF]+)(?:@[\w.]*)?(\*?)$/;
const PREFIX = /^([\p{L}\p{N}]{2,})\*+$/u;
const PIECE = /^\*+(.*?)\**$/u;
const HAS_WORDS = /[\p{L}\p{N}]/u;
/** Longer ones are cut so in the index too. */
const HASHTAG_LENGTH_MAX = 100;

/** A word with hyphens is found by its parts, one after the other; numbers keep theirs, as a sign. */
const splitHyphens = (text: string): string =>
  /[./@]/.test(text) ? text : text.replaceAll(/(?<=\p{L})-(?=\p{L})/gu, ' ');

const toTerm = ({ text: raw, isQuoted, part }: Token): Term | null => {
  const text = foldText(raw);
  if (isQuoted) return HAS_WORDS.test(text) ? { kind: 'words', text, part } : null;
  const [, hashtag, star] = HASHTAG.exec(text) ?? [];
  if (hashtag !== undefined) {
    const kind = star === '*' ? 'hashtagPrefix' : 'hashtag';
    return { kind, text: hashtag.slice(0, HASHTAG_LENGTH_MAX), part };
  }
  const prefix = PREFIX.exec(text)?.[1];
  if (prefix !== undefined) return { kind: 'prefix', text: prefix, part };
  return HAS_WORDS.test(text) && !text.startsWith('*')
    ? { kind: 'words', text: splitHyphens(text), part }
    : null;
};

/** Dashes and the like, which nobody looks for; emoji and other signs are not among them. */
const isPunctuation = (text: string): boolean => /^[\p{ASCII}\p{P}]*$/u.test(text);

/** A token that is no term: a piece of text to be found as it is, or nothing. */
const toPiece = ({ text, isQuoted }: Token): string | null => {
  const piece = isQuoted ? text : (PIECE.exec(text)?.[1] ?? text);
  if (piece === '' || (!HAS_WORDS.test(piece) && isPunctuation(piece))) return null;
  return foldText(piece);
};

const noFilters = (): Filters => ({
  communityIds: [],
  communityNames: [],
  authorIds: [],
  authorNames: [],
  has: [],
  is: [],
});

const includes = <Value extends string>(list: readonly Value[], text: string): text is Value =>
  (list as readonly string[]).includes(text);

/** @returns whether the value can be read. */
const addFilter = (query: ParsedQuery, { isExcluded, key, text, part }: Token): boolean => {
  const into = isExcluded ? query.excluded : query.filters;
  const value = text.toLowerCase();
  const add = <Value>(list: Value[], found: Value | null): boolean => {
    if (found !== null) list.push(found);
    return found !== null;
  };
  const name = HAS_WORDS.test(text) ? { name: text, part } : null;
  switch (key) {
    case 'author':
      return add(into.authorIds, parseWriterId(text)) || add(into.authorNames, name);
    case 'community':
      return add(into.communityIds, parseCommunityId(text)) || add(into.communityNames, name);
    case 'has':
      return add(into.has, includes(HAS_KINDS, value) ? value : null);
    case 'is':
      return add(into.is, includes(FLAGS, value) ? value : null);
    case 'since':
    case 'until':
      if (isExcluded) return false;
      query[key] = text;
      return true;
    case null:
      return false;
    default:
      return assertNever(key);
  }
};

const OR = new Set(['OR', 'ИЛИ', '|', '||']);
const AND = new Set(['AND', '&', '&&', '+']);
const isOperator = ({ isQuoted, isExcluded, text }: Token, names: ReadonlySet<string>): boolean =>
  !isQuoted && !isExcluded && names.has(text);

/** Takes a query token by token. `or` waits for its second side, `open` is what it would go on with. */
const createReader = () => {
  const query: ParsedQuery = {
    clauses: [],
    parts: [],
    filters: noFilters(),
    excluded: noFilters(),
    since: null,
    until: null,
    notes: [],
  };
  let open: Clause | null = null;
  let or: Token | null = null;

  const note = (code: SearchNoteCode, { part }: Token): void =>
    void query.notes.push({ code, part });

  const readOr = (token: Token): void => {
    if (open === null || or !== null) note('operator_ignored', token);
    else or = token;
  };

  const endOr = (): void => {
    if (or !== null) note('operator_ignored', or);
    or = null;
    open = null;
  };

  const readTerm = (term: Term, { isExcluded }: Token): void => {
    if (open !== null && or !== null && !isExcluded) {
      open.anyOf.push(term);
      or = null;
      return;
    }
    endOr();
    const clause: Clause = { isExcluded, anyOf: [term] };
    query.clauses.push(clause);
    open = isExcluded ? null : clause;
  };

  const readPiece = (token: Token): void => {
    const piece = token.isExcluded ? null : toPiece(token);
    if (piece === null) note('operator_ignored', token);
    else query.parts.push(piece);
  };

  return {
    query,
    note,
    endOr,
    read(token: Token): void {
      if (isOperator(token, AND)) return;
      if (isOperator(token, OR)) {
        readOr(token);
        return;
      }
      const term = token.key === null ? toTerm(token) : null;
      if (term !== null) {
        readTerm(term, token);
        return;
      }
      endOr();
      if (token.key === null) readPiece(token);
      else if (!addFilter(query, token)) note('filter_unreadable', token);
    },
  };
};

/**
 * A query as people write it: words in any form, "phrases", −exclusions, OR between neighbours,
 * prefix*, *pieces*, #hashtags and filters. Takes any text: what cannot be understood is noted.
 */
export const parseQuery = (text: string): ParsedQuery => {
  // What some systems paste has й and ё in two characters each; what people type has not.
  const tokens = scanTokens(text.normalize('NFC'));
  const { query, read, endOr, note } = createReader();
  for (const token of tokens.slice(0, TERMS_MAX)) read(token);
  endOr();
  const cut = tokens[TERMS_MAX];
  if (cut) note('query_cut', cut);
  return query;
};
