import type { Language } from '@stenograf/contracts/reasons';

/** Control characters and marks that turn the direction of text: never let VK's names steer a terminal. */
const UNPRINTABLE = /[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;

/** One line that is safe to print: names and texts come from strangers. */
export const printable = (text: string): string => text.replace(UNPRINTABLE, ' ').trim();

/** `1 234 567`: grouped by plain spaces in every language, so that it can be searched and pasted. */
export const formatNumber = (value: number): string =>
  String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ' ');

const WORDS = {
  en: {
    community: { one: 'community', other: 'communities' },
    post: { one: 'post', other: 'posts' },
    comment: { one: 'comment', other: 'comments' },
    call: { one: 'call', other: 'calls' },
    request: { one: 'request', other: 'requests' },
    line: { one: 'line', other: 'lines' },
  },
  ru: {
    community: { one: 'сообщество', few: 'сообщества', many: 'сообществ' },
    post: { one: 'запись', few: 'записи', many: 'записей' },
    comment: { one: 'комментарий', few: 'комментария', many: 'комментариев' },
    call: { one: 'вызов', few: 'вызова', many: 'вызовов' },
    request: { one: 'запрос', few: 'запроса', many: 'запросов' },
    line: { one: 'строка', few: 'строки', many: 'строк' },
  },
} as const;

export type CountedWord = keyof (typeof WORDS)['en'];

/** The word alone, in the form that the number asks for. */
export const wordFor = (count: number, word: CountedWord, language: Language): string => {
  const forms: Partial<Record<Intl.LDMLPluralRule, string>> = WORDS[language][word];
  const form = new Intl.PluralRules(language).select(count);
  return forms[form] ?? forms.many ?? forms.other ?? word;
};

/** `1 234 posts`, `1 запись`. */
export const countOf = (count: number, word: CountedWord, language: Language): string =>
  `${formatNumber(count)} ${wordFor(count, word, language)}`;

/** `0:07`, `12:34`, `1:02:03`. */
export const formatDuration = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${parts.join(':')}` : parts.join(':').replace(/^0/, '');
};

/** `17.4 s`, `754 s (12:34)`: seconds first, since they are what runs are compared by. */
export const formatSeconds = (milliseconds: number): string => {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  return `${formatNumber(seconds)} s (${formatDuration(milliseconds)})`;
};

const LENGTHS = [
  ['second', 1, 90],
  ['minute', 60, 90 * 60],
  ['hour', 3_600, 48 * 3_600],
  ['day', 86_400, Infinity],
] as const;

/** A length of time in one unit: `40 seconds`, `12 минут`, `2.5 hours`. */
export const formatLength = (seconds: number, language: Language): string => {
  const [unit, size] = LENGTHS.find(([, , below]) => seconds < below) ?? LENGTHS[3];
  const number = new Intl.NumberFormat(language, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumFractionDigits: size >= 3_600 ? 1 : 0,
  });
  return number.format(Math.max(unit === 'second' ? 1 : 0, seconds / size));
};

/** Pads by what a terminal shows: Cyrillic is one column a letter, CJK and emoji are two. */
export const padEndTo = (text: string, columns: number): string =>
  text + ' '.repeat(Math.max(0, columns - Bun.stringWidth(text)));

export const padStartTo = (text: string, columns: number): string =>
  ' '.repeat(Math.max(0, columns - Bun.stringWidth(text))) + text;

/** Cuts to a width in terminal columns, colour codes kept whole. */
export const cutTo = (text: string, columns: number): string => {
  const cut = Bun.sliceAnsi(text, 0, Math.max(0, columns), '…');
  // Before a character of two columns the ellipsis comes out one column too far.
  return Bun.stringWidth(cut) <= columns ? cut : Bun.sliceAnsi(text, 0, columns - 1, '…');
};
