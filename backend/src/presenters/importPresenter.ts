import {
  IMPORT_LINE_STATUSES,
  type ImportDto,
  type ImportLineDto,
  type ImportLineStatus,
} from '@stenograf/contracts/api';
import { reasonSentence, type Language } from '@stenograf/contracts/reasons';
import type { ImportedLine } from '../services/importing/importService';

const DUPLICATE: Record<Language, (line: number) => string> = {
  en: (line) => `The same as line ${line}.`,
  ru: (line) => `То же, что в строке ${line}.`,
};

const sentenceOf = ({ reason, duplicateOf }: ImportedLine, language: Language): string | null => {
  if (duplicateOf !== null) return DUPLICATE[language](duplicateOf);
  return reason === null ? null : reasonSentence(reason.kind, language, reason.code);
};

const presentLine = (line: ImportedLine, language: Language): ImportLineDto => ({
  line: line.line,
  ref: line.ref,
  status: line.status,
  duplicate_of: line.duplicateOf,
  community: line.community && {
    id: line.community.id,
    name: line.community.name,
    screen_name: line.community.screenName,
  },
  code: line.reason?.code ?? null,
  reason: sentenceOf(line, language),
});

export const presentImport = (
  lines: ImportedLine[],
  encoding: string | null,
  language: Language,
): ImportDto => {
  const counts = Object.fromEntries(
    IMPORT_LINE_STATUSES.map((status) => [
      status,
      lines.filter((line) => line.status === status).length,
    ]),
  ) as Record<ImportLineStatus, number>;
  return { encoding, counts, lines: lines.map((line) => presentLine(line, language)) };
};
