import { escapeText } from './cells';
import { openSheet, SHEET_END, STYLE } from './parts';
import type { SheetTally } from './sheets';

/** Lines of two: what, and what is to be said of it. */
export type AboutLines = readonly (readonly [string, string])[];

const cell = (at: string, text: string): string =>
  `<c r="${at}" t="inlineStr" s="${STYLE.wrapped}"><is><t xml:space="preserve">${escapeText(text)}</t></is></c>`;

const describeLosses = (name: string, { cut, controls }: SheetTally): AboutLines => [
  ...[...cut].map(
    ([column, count]) =>
      [
        `cut in ${name}.${column}`,
        `${count} texts longer than 32 767 characters, the most that a cell holds; they end in ` +
          `“… [cut]”. NDJSON, Parquet and CSV with profile=rfc4180 have them whole.`,
      ] as const,
  ),
  ...[...controls].map(
    ([column, count]) =>
      [
        `control characters in ${name}.${column}`,
        `removed from ${count} texts: a workbook cannot hold them.`,
      ] as const,
  ),
];

/** The last sheet: what the workbook holds, and what it could not hold. */
export const writeAbout = (lines: AboutLines, tallies: ReadonlyMap<string, SheetTally>): string => {
  const all = [
    ...lines,
    ...[...tallies].map(([name, { rows }]) => [name, String(rows)] as const),
    ...[...tallies].flatMap(([name, tally]) => describeLosses(name, tally)),
  ];
  const rows = all.map(
    ([what, said], at) =>
      `<row r="${at + 1}">${cell(`A${at + 1}`, what)}${cell(`B${at + 1}`, said)}</row>`,
  );
  return openSheet([30, 90], { hasHeading: false }) + rows.join('') + SHEET_END;
};
