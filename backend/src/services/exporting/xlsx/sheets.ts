import { valuesOf, type Column } from '../columns';
import { columnLetters, escapeText, toCell } from './cells';
import { openSheet, SHEET_END, STYLE } from './parts';
import type { RecordQueue } from './recordQueue';

/** What one sheet takes. */
export interface SheetLimits {
  /** Heading included; a spreadsheet has no more. */
  rowsMax: number;
  /** UTF-16 units of XML: below what a part of a ZIP file may have without an extension of ZIP. */
  lengthMax: number;
}
export const SHEET_LIMITS: SheetLimits = { rowsMax: 1_048_576, lengthMax: 1_000_000_000 };

/** Rows turned into XML at once: other requests do not wait longer. */
const PORTION = 500;

const WIDTHS: Record<Column['type'], number> = {
  integer: 14,
  boolean: 10,
  time: 20,
  text: 30,
  json: 30,
};

/** What a list of records lost on its way into cells, and how many there were. */
export interface SheetTally {
  rows: number;
  /** By column: texts that were longer than a cell can hold. */
  cut: Map<string, number>;
  /** By column: texts with control characters, which a workbook cannot hold. */
  controls: Map<string, number>;
}

export const createTally = (): SheetTally => ({ rows: 0, cut: new Map(), controls: new Map() });

const increase = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

const headingRow = (columns: readonly Column[]): string => {
  const cells = columns.map(
    ({ name }, at) =>
      `<c r="${columnLetters(at)}1" t="inlineStr" s="${STYLE.heading}"><is><t>${escapeText(name)}</t></is></c>`,
  );
  return `<row r="1">${cells.join('')}</row>`;
};

const createRowWriter = (columns: readonly Column[], tally: SheetTally) => {
  const letters = columns.map((_, at) => columnLetters(at));
  return (values: readonly unknown[], row: number): string => {
    let cells = '';
    for (const [at, { name, type }] of columns.entries()) {
      const losses = { isCut: false, hasLostControls: false };
      cells += toCell(`${letters[at]}${row}`, values[at] ?? null, type, losses);
      if (losses.isCut) increase(tally.cut, name);
      if (losses.hasLostControls) increase(tally.controls, name);
    }
    return `<row r="${row}">${cells}</row>`;
  };
};

/** One sheet of what is waiting, as much of it as a sheet takes. */
export async function* writeSheet(
  records: RecordQueue,
  columns: readonly Column[],
  tally: SheetTally,
  { rowsMax, lengthMax }: SheetLimits,
): AsyncGenerator<Buffer, void> {
  const writeRow = createRowWriter(columns, tally);
  const widths = columns.map(({ type }) => WIDTHS[type]);
  yield Buffer.from(openSheet(widths, { hasHeading: true }) + headingRow(columns));
  let row = 1;
  let length = 0;
  while (row < rowsMax && length < lengthMax && (await records.hasMore())) {
    let xml = '';
    for (const record of records.take(Math.min(PORTION, rowsMax - row))) {
      row += 1;
      xml += writeRow(valuesOf(record, columns), row);
    }
    length += xml.length;
    yield Buffer.from(xml);
  }
  tally.rows += row - 1;
  yield Buffer.from(SHEET_END);
}
