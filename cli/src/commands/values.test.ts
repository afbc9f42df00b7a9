import { expect, test } from 'bun:test';
import { CliError } from '../output/cliError';
import { sentencesIn } from '../output/sentences/sentencesIn';
import { parseDate, parseDuration, parseInteger, parsePosts, parseTaskId } from './values';

const EN = sentencesIn('en');

const usage = (parse: () => unknown): string => {
  try {
    parse();
  } catch (error) {
    if (error instanceof CliError && error.exitCode === 2) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
};

test('--posts is a number from 1, or all', () => {
  expect(parsePosts('all', EN)).toBeNull();
  expect(parsePosts('100', EN)).toBe(100);
  for (const value of ['0', '-1', '1.5', 'ten', '', '1e3']) {
    expect(usage(() => parsePosts(value, EN))).toContain(`“${value}”`);
  }
});

test('a duration has a unit or is in seconds', () => {
  expect(parseDuration('--max-wait', '10m', EN)).toBe(600_000);
  expect(parseDuration('--max-wait', '30', EN)).toBe(30_000);
  expect(parseDuration('--max-wait', '0', EN)).toBe(0);
  for (const value of ['', '-1', '10 m', 'soon', '1y']) {
    expect(usage(() => parseDuration('--max-wait', value, EN))).toContain('--max-wait');
  }
});

test('an integer outside its bounds is refused with the bounds', () => {
  const bounds = { min: 1, max: 10 };
  expect(parseInteger('--priority', '10', bounds, EN)).toBe(10);
  for (const value of ['0', '11', '2.0', '0x5']) {
    expect(usage(() => parseInteger('--priority', value, bounds, EN))).toContain('from 1 to 10');
  }
});

test('what cannot be a date is refused at once, the rest is left to the service', () => {
  for (const value of ['2026-01-31', '2026-01-31T10:00+03:00', '30d', '12h']) {
    expect(parseDate('--since', value, EN)).toBe(value);
  }
  for (const value of ['yesterday', '01.02.2026', '', '-30d']) {
    expect(usage(() => parseDate('--since', value, EN))).toContain('--since');
  }
});

test('the number of a task is positive', () => {
  expect(parseTaskId('12', EN)).toBe(12);
  for (const value of ['0', '-1', 'x', '1.5'])
    expect(usage(() => parseTaskId(value, EN))).not.toBe('');
});
