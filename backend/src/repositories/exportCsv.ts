import {
  EXPORT_COLUMNS,
  type CsvProfile,
  type ExportColumn,
} from '@stenograf/contracts/exportRecords';
import {
  buildCommentsQuery,
  buildPostsQuery,
  COMMENTS_STORED,
  type ExportQuery,
  type RecordChoice,
} from './exportQueries';
import type { RecordKind } from './recordFilters';

/** Most UTF-16 units that Excel takes into one cell; what is longer spills into other rows. */
const CELL_LENGTH_MAX = 32_767;
const CUT_MARK = '… [cut]';

/**
 * What a spreadsheet may take for a formula: a sign, also behind white space and characters that
 * nobody sees, also of full width or small; or a tab or line end that splits the cell.
 */
const FORMULA =
  String.raw`^([\t\n\r]|[\u0001-\u0020\u007f-\u00a0\u00ad\u1680\u180e\u2000-\u200f\u2028-\u202f` +
  String.raw`\u205f-\u2064\u3000\ufeff]*[-=+@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20])`;

const NOT_WIDE = String.raw`[^\U00010000-\U0010ffff]`;

/** Characters that Excel counts twice. */
const wideCount = (text: string): string =>
  `char_length(regexp_replace(${text}, '${NOT_WIDE}', '', 'g'))`;

/** Octets are never fewer than units, so that only long texts are counted. */
const cut = (text: string): string => `
  CASE WHEN octet_length(${text}) <= ${CELL_LENGTH_MAX} THEN ${text}
    WHEN char_length(${text}) + ${wideCount(text)} <= ${CELL_LENGTH_MAX} THEN ${text}
    ELSE left(${text}, greatest(16000, 32700 - ${wideCount(text)})) || '${CUT_MARK}' END`;

const inert = (text: string): string =>
  `CASE WHEN ${text} ~ '${FORMULA}' THEN '''' ELSE '' END || ${text}`;

/** Values as the records have them; null stays null, which COPY writes as nothing. */
const asText = (column: ExportColumn, value: string, profile: CsvProfile): string => {
  const isForExcel = profile === 'excel';
  switch (column) {
    case 'integer':
    case 'integer?':
      return value;
    case 'boolean':
    case 'boolean?':
      return `${value}::text`;
    case 'time':
    case 'time?':
      return `to_char(${value} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
    case 'json':
    case 'json?':
      return isForExcel ? cut(`${value}::text`) : `${value}::text`;
    case 'text':
    case 'text?':
      return isForExcel ? inert(`(${cut(value)})`) : value;
  }
};

/** Columns that are made here; the others are those of the table. */
const MADE = {
  posts: {
    kind: `'post'`,
    comments_stored: COMMENTS_STORED,
    url: `'https://vk.com/wall' || p.owner_id || '_' || p.id`,
  },
  comments: {
    kind: `'comment'`,
    url: `'https://vk.com/wall' || c.owner_id || '_' || c.post_id || '?reply=' || c.id`,
  },
} satisfies Record<string, Record<string, string>>;

const buildColumns = (kind: RecordKind, profile: CsvProfile): string => {
  const columns: Record<string, ExportColumn> =
    kind === 'posts' ? EXPORT_COLUMNS.post : EXPORT_COLUMNS.comment;
  const made: Record<string, string> = MADE[kind];
  const row = kind === 'posts' ? 'p' : 'c';
  return Object.entries(columns)
    .map(
      ([name, column]) => `${made[name] ?? asText(column, `${row}.${name}`, profile)} AS ${name}`,
    )
    .join(', ');
};

/** The records of that kind as rows of text, one column a field. */
export const buildCsvQuery = (
  kind: RecordKind,
  choice: RecordChoice,
  profile: CsvProfile,
): ExportQuery => {
  const columns = buildColumns(kind, profile);
  return kind === 'posts' ? buildPostsQuery(choice, columns) : buildCommentsQuery(choice, columns);
};
