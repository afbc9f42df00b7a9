import type { SearchNote, SnippetPart } from '@stenograf/contracts/reading';
import type { FoundRecord } from '../client/findRecords';
import type { Colors } from './colors';
import { printable } from './format';
import type { Sentences } from './sentences/en';

const TEXT_LENGTH_MAX = 300;

const snippetOf = ({ snippet, text }: FoundRecord): SnippetPart[] =>
  snippet ?? [{ text: text.slice(0, TEXT_LENGTH_MAX).toWellFormed(), hit: false }];

/** One line; spaces at the edges of a part belong to the text. */
const renderSnippet = (parts: readonly SnippetPart[], colors: Colors): string =>
  parts
    .map(({ text, hit }) => {
      const line = printable(`|${text}|`).slice(1, -1);
      return hit ? colors.bold(colors.yellow(line)) : line;
    })
    .join('')
    .trim();

/** Each record in three lines: when and by whom, where, what. */
export const renderFound = (
  records: readonly FoundRecord[],
  { colors, sentences }: { colors: Colors; sentences: Sentences },
): string[] =>
  records.flatMap((record) => {
    const when = record.date.slice(0, 16).replace('T', ' ');
    const { author } = record;
    const who = author?.name ?? (author === null ? sentences.search.nobody : String(author.id));
    return [
      `${colors.dim(when)}  ${printable(who)}  ${colors.dim(record.url)}`,
      `  ${renderSnippet(snippetOf(record), colors)}`,
      '',
    ];
  });

export const renderNotes = (notes: readonly SearchNote[], colors: Colors): string[] =>
  notes.map(({ part, text }) => colors.dim(part === null ? text : `${printable(part)}: ${text}`));
