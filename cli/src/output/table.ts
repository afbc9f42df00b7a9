import type { Colors } from './colors';
import { padEndTo, padStartTo } from './format';

export interface Column<Row> {
  title: string;
  align: 'left' | 'right';
  cell: (row: Row) => string;
}

/** Rows as a table, one a line, as wide as they need to be. */
export const renderTable = <Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { colors }: { colors: Colors },
): string[] => {
  const padded = columns.map(({ title, align, cell }) => {
    const cells = rows.map(cell);
    const width = Math.max(...[title, ...cells].map((text) => Bun.stringWidth(text)));
    const pad = align === 'right' ? padStartTo : padEndTo;
    return { title: pad(title, width), cells: cells.map((text) => pad(text, width)) };
  });
  const join = (parts: string[]): string => parts.join('  ').trimEnd();
  return [
    colors.dim(join(padded.map(({ title }) => title))),
    ...rows.map((_, row) => join(padded.map(({ cells }) => cells[row] ?? ''))),
  ];
};
