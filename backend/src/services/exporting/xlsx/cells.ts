import type { Column } from '../columns';
import { STYLE } from './parts';

/** Most UTF-16 units that a cell holds. */
const CELL_LENGTH_MAX = 32_767;
const CUT_MARK = '… [cut]';
/** A number of more digits would be shown rounded. */
const DIGITS_SHOWN = 1e15;
const DAY_MS = 86_400_000;
/** Day 0 of a spreadsheet; its days before March 1900 are wrong by one, and never written. */
const DAY_0_MS = Date.UTC(1899, 11, 30);
const FIRST_DAY_MS = Date.UTC(1900, 2, 1);

/** What a cell could not hold as it is. */
export interface CellLosses {
  isCut: boolean;
  hasLostControls: boolean;
}

// oxlint-disable-next-line no-control-regex -- these are what XML cannot hold
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
/** What means something else in XML, and in a spreadsheet's own escapes such as `_x000D_`. */
const SPECIAL = /[&<>\r]|_(?=x[0-9A-Fa-f]{4}_)/g;
const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '\r': '_x000D_',
  _: '_x005F_',
};
/** An edited cell of this beginning would become a formula but for the mark that it is a text. */
const FORMULA_LIKE = /^[-=+@]/;

export const escapeText = (text: string): string =>
  text.replace(SPECIAL, (found) => ESCAPES[found] ?? found);

/** Never between the halves of a character. */
const cutText = (text: string): string => {
  const end = CELL_LENGTH_MAX - CUT_MARK.length;
  const isHalf = /[\ud800-\udbff]/.test(text.charAt(end - 1));
  return text.slice(0, isHalf ? end - 1 : end) + CUT_MARK;
};

const textCell = (at: string, text: string, losses: CellLosses): string => {
  let shown = text.replace(CONTROLS, '');
  if (shown.length !== text.length) losses.hasLostControls = true;
  if (shown.length > CELL_LENGTH_MAX) {
    shown = cutText(shown);
    losses.isCut = true;
  }
  const style = FORMULA_LIKE.test(shown) ? ` s="${STYLE.quoted}"` : '';
  return `<c r="${at}" t="inlineStr"${style}><is><t xml:space="preserve">${escapeText(shown)}</t></is></c>`;
};

const numberCell = (at: string, value: number, losses: CellLosses): string =>
  Math.abs(value) < DIGITS_SHOWN
    ? `<c r="${at}" s="${STYLE.integer}"><v>${value}</v></c>`
    : textCell(at, String(value), losses);

const timeCell = (at: string, text: string, losses: CellLosses): string => {
  const ms = Date.parse(text);
  return ms >= FIRST_DAY_MS
    ? `<c r="${at}" s="${STYLE.time}"><v>${(ms - DAY_0_MS) / DAY_MS}</v></c>`
    : textCell(at, text, losses);
};

/** A value as a cell; null is no cell at all. Marks in `losses` what the cell could not hold. */
export const toCell = (
  at: string,
  value: unknown,
  type: Column['type'],
  losses: CellLosses,
): string => {
  if (value === null) return '';
  switch (type) {
    case 'integer':
      return numberCell(at, value as number, losses);
    case 'boolean':
      return `<c r="${at}" t="b"><v>${value === true ? 1 : 0}</v></c>`;
    case 'time':
      return timeCell(at, value as string, losses);
    case 'text':
      return textCell(at, value as string, losses);
    case 'json':
      return textCell(at, JSON.stringify(value), losses);
  }
};

/** A, B, … Z, AA, …: the name of the column at a place counted from 0. */
export const columnLetters = (place: number): string =>
  (place < 26 ? '' : columnLetters(Math.floor(place / 26) - 1)) +
  String.fromCharCode(65 + (place % 26));
