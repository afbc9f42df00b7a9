import type { ProbePoint } from '../embedded/probe';
import type { Colors } from './colors';
import { cutTo, padEndTo, printable } from './format';
import type { Sentences } from './sentences/en';

interface TableOptions {
  colors: Colors;
  sentences: Sentences;
  /** Width of the terminal; lines are not cut without one. */
  columns: number | undefined;
}

type Row = [point: string, answer: string, why: string];

const toRow = (point: ProbePoint, { probeStates, probeLikely }: Sentences): Row => {
  const { name, state, value, confidence, evidence, needed } = point;
  if (state !== 'seen') return [name, probeStates[state], needed ?? ''];
  const answer = printable(String(value));
  return [name, confidence === 'likely' ? `${probeLikely} ${answer}` : answer, evidence ?? ''];
};

/** The points of a report, one a line. */
export const renderProbeTable = (
  points: readonly ProbePoint[],
  { colors, sentences, columns }: TableOptions,
): string[] => {
  const { point, answer, why } = sentences.probeColumns;
  const rows: Row[] = [[point, answer, why], ...points.map((each) => toRow(each, sentences))];
  const widthOf = (column: 0 | 1): number =>
    Math.max(...rows.map((row) => Bun.stringWidth(row[column])));
  const [first, second] = [widthOf(0), widthOf(1)];
  return rows.map((row, index) => {
    const line = `${padEndTo(row[0], first)}  ${padEndTo(row[1], second)}  ${row[2]}`;
    const cut = columns === undefined ? line : cutTo(line, columns);
    const isSeen = index > 0 && points[index - 1]?.state === 'seen';
    return isSeen ? cut : colors.dim(cut);
  });
};
