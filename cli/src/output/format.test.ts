import { expect, test } from 'bun:test';
import {
  countOf,
  cutTo,
  formatDuration,
  formatLength,
  formatNumber,
  formatSeconds,
  padEndTo,
  padStartTo,
  printable,
} from './format';

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1 000'],
  [1_234_567, '1 234 567'],
])('%p is written as %p', (value, expected) => {
  expect(formatNumber(value)).toBe(expected);
});

test('words follow the number in both languages', () => {
  expect(countOf(1, 'post', 'en')).toBe('1 post');
  expect(countOf(2, 'post', 'en')).toBe('2 posts');
  expect(countOf(21, 'post', 'ru')).toBe('21 запись');
  expect(countOf(3, 'comment', 'ru')).toBe('3 комментария');
  expect(countOf(11, 'comment', 'ru')).toBe('11 комментариев');
});

test.each([
  [400, '0:00'],
  [7_000, '0:07'],
  [754_000, '12:34'],
  [3_723_000, '1:02:03'],
  [-5, '0:00'],
])('%p ms last %p', (milliseconds, expected) => {
  expect(formatDuration(milliseconds)).toBe(expected);
});

test.each([
  [17_440, '17.4 s'],
  [754_000, '754 s (12:34)'],
])('%p ms are told as %p', (milliseconds, expected) => {
  expect(formatSeconds(milliseconds)).toBe(expected);
});

test('padding counts terminal columns, not characters', () => {
  for (const text of ['Кофе', '漢字', '👨‍👩‍👧', 'é', '\u001b[31mred\u001b[39m']) {
    expect(Bun.stringWidth(padEndTo(text, 10))).toBe(10);
    expect(Bun.stringWidth(padStartTo(text, 10))).toBe(10);
  }
});

test('a cut text fits and never ends within a character or a colour', () => {
  expect(cutTo('Новости города', 8)).toBe('Новости…');
  expect(Bun.stringWidth(cutTo('漢字漢字漢字', 6))).toBeLessThanOrEqual(6);
  expect(cutTo('\u001b[31mlong red text\u001b[39m', 5)).toEndWith('\u001b[39m');
  expect(cutTo('whatever', 0)).toBe('');
});

test('names of strangers cannot steer the terminal', () => {
  expect(printable('a\u001b[2Jb\nc\u202Ed\u0000')).toBe('a [2Jb c d');
});

test.each([
  [0, '1 second', '1 секунда'],
  [42, '42 seconds', '42 секунды'],
  [700, '12 minutes', '12 минут'],
  [9_000, '2.5 hours', '2,5 часа'],
  [432_000, '5 days', '5 дней'],
])('%p seconds are %p or %p', (seconds, english, russian) => {
  expect([formatLength(seconds, 'en'), formatLength(seconds, 'ru')]).toEqual([english, russian]);
});
