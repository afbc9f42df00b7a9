import type { Select } from './select';

/** What the index over words can look for; texts are in small letters, with е for ё. */
export interface SearchTerm {
  kind: 'words' | 'prefix' | 'hashtag' | 'hashtagPrefix';
  text: string;
}

/** A term as a tsquery, as PostgreSQL writes it; empty where all its words are too common. */
export interface CompiledTerm {
  query: string;
  /** By which its places in a text are marked: a hashtag stands there as words. */
  marks: string;
}

export interface SearchRepository {
  /** One for each, in the same order. Takes any text. */
  compile(terms: readonly SearchTerm[]): Promise<CompiledTerm[]>;
}

/**
 * A prefix is the beginning of a stem, or cuts into what the stem has lost: `программиру*` must find
 * the stem `программир`, as the whole word would. Hashtags and prefixes consist of letters and
 * digits, so that quoting them is enough.
 */
const COMPILE = `
SELECT coalesce(CASE kind
    WHEN 'words' THEN words::text
    WHEN 'prefix' THEN concat_ws(' | ', '''' || term || ''':*', nullif(words::text, ''))
    WHEN 'hashtag' THEN '''#' || term || ''''
    ELSE '''#' || term || ''':*' END, '') AS query,
  coalesce(CASE kind
    WHEN 'prefix' THEN concat_ws(' | ', '''' || term || ''':*', nullif(words::text, ''))
    WHEN 'hashtagPrefix' THEN concat_ws(' | ', '''' || term || ''':*', nullif(words::text, ''))
    ELSE words::text END, '') AS marks
FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS given (kind, term, place)
CROSS JOIN LATERAL phraseto_tsquery('pg_catalog.russian', searchable_text(term)) AS words
ORDER BY place`;

export const createSearchRepository = ({ select }: { select: Select }): SearchRepository => ({
  async compile(terms) {
    if (terms.length === 0) return [];
    const columns = [terms.map(({ kind }) => kind), terms.map(({ text }) => text)];
    return select<CompiledTerm>(COMPILE, columns);
  },
});
