import type { SnippetPart } from '@stenograf/contracts/reading';
import { foldText } from './parseQuery';

/** From and to within the text, in UTF-16 units. */
type Range = readonly [from: number, to: number];

/** What surrounds a hit in a marked text; neither stands in a text that can be searched. */
export const HIT_START = '\u0001';
export const HIT_END = '\u0002';

/** Texts up to this length are shown whole; of longer ones, so much around the first hit. */
const WHOLE_LENGTH_MAX = 300;
const SHOWN_LENGTH = 240;
const BEFORE_HIT = 60;
/** How far a cut is moved to stand between words. */
const WORD_LENGTH_MAX = 20;
const ELLIPSIS = '…';

/** Where the marks stand in `text`, which `marked` repeats character by character. */
const markedRanges = (text: string, marked: string): Range[] => {
  const ranges: Range[] = [];
  let at = 0;
  let from: number | null = null;
  for (const character of marked) {
    if (character === HIT_START) from = at;
    else if (character === HIT_END) {
      if (from !== null && from < at) ranges.push([from, at]);
      from = null;
    } else {
      at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
    }
  }
  return ranges;
};

const partRanges = (text: string, parts: readonly string[]): Range[] => {
  const folded = foldText(text);
  return parts.filter(Boolean).flatMap((part) => {
    const ranges: Range[] = [];
    for (let at = folded.indexOf(part); at >= 0; at = folded.indexOf(part, at + part.length)) {
      ranges.push([at, at + part.length]);
    }
    return ranges;
  });
};

/** In order, none touching the next. */
const mergeRanges = (ranges: readonly Range[]): Range[] => {
  const merged: Range[] = [];
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last && from <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], to)];
    else merged.push([from, to]);
  }
  return merged;
};

/** The nearest place from `at` on, in steps of `step`, that is between words; at worst no character is torn. */
const moveToGap = (text: string, at: number, step: 1 | -1): number => {
  for (let moved = 0; moved < WORD_LENGTH_MAX; moved++) {
    const place = at + moved * step;
    if (place <= 0 || place >= text.length || /\s/.test(text.charAt(place))) return place;
  }
  const isTorn = /[\uDC00-\uDFFF]/.test(text.charAt(at));
  return isTorn ? at - 1 : at;
};

const chooseWindow = (text: string, firstHit: number): Range => {
  if (text.length <= WHOLE_LENGTH_MAX) return [0, text.length];
  const from = firstHit <= BEFORE_HIT ? 0 : moveToGap(text, firstHit - BEFORE_HIT, -1);
  const end = Math.max(0, from) + SHOWN_LENGTH;
  return [Math.max(0, from), end >= text.length ? text.length : moveToGap(text, end, 1)];
};

const cut = (text: string, ranges: readonly Range[], [from, to]: Range): SnippetPart[] => {
  const parts: SnippetPart[] = from > 0 ? [{ text: ELLIPSIS, hit: false }] : [];
  let at = from;
  const add = (end: number, hit: boolean): void => {
    if (end > at) parts.push({ text: text.slice(at, end), hit });
    at = Math.max(at, end);
  };
  for (const [start, end] of ranges) {
    if (end <= from || start >= to) continue;
    add(Math.max(from, start), false);
    add(Math.min(to, end), true);
  }
  add(to, false);
  if (to < text.length) parts.push({ text: ELLIPSIS, hit: false });
  return parts;
};

/**
 * The text, or the part of it around the first hit, in pieces. Joined, and less the ellipses, they
 * are what stands in the text.
 * @param marked the same text with its hits marked, or null
 * @param parts pieces that are hits wherever they stand; as `foldText` makes them
 */
export const makeSnippet = (
  text: string,
  marked: string | null,
  parts: readonly string[],
): SnippetPart[] => {
  const ranges = mergeRanges([
    ...(marked === null ? [] : markedRanges(text, marked)),
    ...partRanges(text, parts),
  ]);
  return cut(text, ranges, chooseWindow(text, ranges[0]?.[0] ?? 0));
};
