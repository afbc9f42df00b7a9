import { expect, test } from 'bun:test';
import { parseReferenceLines } from './references';

test('one reference a line; blank lines and comments are skipped', () => {
  const text = '\uFEFFapiclub\r\n\n  # a comment\n -1 \t\nclub2 # the second\n#club3\n';
  expect(parseReferenceLines(text)).toEqual(['apiclub', '-1', 'club2']);
});

test('a # within a link is part of it', () => {
  expect(parseReferenceLines('https://vk.com/apiclub#top')).toEqual(['https://vk.com/apiclub#top']);
});

test('nothing but comments is an empty list', () => {
  expect(parseReferenceLines('# one\n\n   \n')).toEqual([]);
});
