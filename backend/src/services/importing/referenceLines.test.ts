import { expect, test } from 'bun:test';
import { toReferenceLines } from './referenceLines';

const LINES_MAX = 3;

test('every line that names something keeps its number', () => {
  const text = 'club1\r\n\r\n# a comment\rvk.com/apiclub # the club\n  -3  \n';
  expect(toReferenceLines(text, LINES_MAX)).toEqual([
    { line: 1, ref: 'club1' },
    { line: 4, ref: 'vk.com/apiclub' },
    { line: 5, ref: '-3' },
  ]);
});

test.each([
  ['Клуб любителей API;https://vk.com/apiclub;12', 'https://vk.com/apiclub'],
  ['1\tclub5\tНазвание', '1'],
  ['Название,"https://vk.com/club7",да', '"https://vk.com/club7"'],
  ['https://vk.com/wall-1?own=1#a', 'https://vk.com/wall-1?own=1#a'],
  ['просто слова, без ссылки', 'просто слова, без ссылки'],
])('of the columns of %s the reference is taken', (line, ref) => {
  expect(toReferenceLines(line, LINES_MAX)).toEqual([{ line: 1, ref }]);
});

test('what cannot be stored is cleaned away', () => {
  expect(toReferenceLines('club\u00001', LINES_MAX)).toEqual([{ line: 1, ref: 'club1' }]);
});

test.each([
  ['', 'There is no line in it that names anything.'],
  [' \n# club1\n', 'There is no line in it that names anything.'],
  ['1\n2\n\n3\n4', 'It has 4 lines; 3 go at once.'],
])('%j is refused by the count of its lines', (text, sentence) => {
  expect(() => toReferenceLines(text, LINES_MAX)).toThrow(sentence);
});
