import { holdsVkToken } from '@stenograf/contracts/vkTokenShape';
import { unusableBody } from '../../errors';
import { cleanText } from '../../utils/text';
import { HIDDEN_TOKEN, parseReference } from '../../vkApi/references';

export interface ReferenceLine {
  /** From 1, as an editor counts. */
  line: number;
  /** What was taken for a reference; of a line with a VK token only that it had one. */
  ref: string;
}

/** `#` starts a comment at the start of a line or after a blank: within a link it is part of it. */
const COMMENT = /(^|\s)#.*$/;
const COLUMNS = /[\t;,]/;

const isReference = (text: string): boolean => parseReference(text).type !== 'rejected';

/** Before any of it is kept, compared or repeated. */
const hideToken = (line: string): string => (holdsVkToken(line) ? HIDDEN_TOKEN : line);

/** A sheet that was saved as text: the first column that holds a reference, else the whole line. */
const pick = (line: string): string => {
  if (isReference(line) || !COLUMNS.test(line)) return line;
  const cells = line.split(COLUMNS).map((cell) => cell.trim());
  // A bare word would be a short name too: in a sheet links and ids are meant.
  return cells.find((cell) => /[\d/]/.test(cell) && isReference(cell)) ?? line;
};

const assertCount = (count: number, max: number): void => {
  if (count > 0 && count <= max) return;
  const detail =
    count === 0
      ? 'There is no line in it that names anything.'
      : `It has ${count} lines; ${max} go at once.`;
  throw unusableBody(detail);
};

/**
 * The lines of a list that name something; blank ones and comments are left out.
 * @throws AppError `validation_failed` for none or more than `linesMax`: before they are looked
 *   into, which of a million takes seconds.
 */
export const toReferenceLines = (text: string, linesMax: number): ReferenceLine[] => {
  const lines = cleanText(text)
    .split(/\r\n|\r|\n/)
    .map((line, index) => ({ line: index + 1, ref: line.replace(COMMENT, '').trim() }))
    .filter(({ ref }) => ref !== '');
  assertCount(lines.length, linesMax);
  return lines.map(({ line, ref }) => ({ line, ref: pick(hideToken(ref)) }));
};
