import fc, { type Arbitrary } from 'fast-check';

/** Numbers at the edges of the types that a number passes through on its way. */
export const HOSTILE_NUMBERS: readonly string[] = [
  ['0', '-0', '-1', '1.5', '1e2', '1e400', '-1e400', '1e-400', '0x10', '0b1', '1_000', '+5'],
  ['2147483647', '2147483648', '-2147483649', '4294967296', '9007199254740991'],
  ['9007199254740992', '9007199254740993', '-9007199254740992', '9223372036854775807'],
  ['9223372036854775808', '-9223372036854775808', '9'.repeat(400), 'NaN', 'Infinity'],
  ['-Infinity', '٣', '１', ' 1', '1 ', '01', '1,2', '1;2', 'null'],
].flat();

const PROTOTYPE_KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

const HOSTILE_TEXTS: readonly string[] = [
  ['', ' ', '\t', '\0', 'a\0b', '\u0001\u001f\u007f', '\r\nX-Injected: 1', '\u2028\u2029'],
  ['\ufeff', '\ufffe', '\uffff', '\ud800', 'a\udc00b', '\u202eright to left\u202c', '\u200d'],
  ['ё', 'é', 'ﷺ', '😀👨‍👩‍👧‍👦🏳️‍🌈', 'İ', 'ß', 'ǅ', 'Z̸̡̢̛͔̮͗͋̕', '𝕋𝕖𝕩𝕥', 'שלום', 'مرحبا بالعالم'],
  ['日本語', 'ไทย', "'", "''", '"', '`', '\\', "' OR 1=1 --", "'; DROP TABLE tasks; --", '$1'],
  ['$$', '%s%n', '?', '${7*7}', '{{7*7}}', '<script>alert(1)</script>', '=cmd()'],
  ['../../etc/passwd', '..\\..\\', 'file:///etc/passwd', 'http://169.254.169.254/'],
  ['//evil.example', 'javascript:alert(1)', 'true', 'false', 'undefined', '[]', '{}'],
  ['[object Object]', '{"$gt":""}', '-', '--', '*', 'a'.repeat(8_192), 'ж'.repeat(501)],
  ["'".repeat(10_000), '%'.repeat(300), '('.repeat(900), '99999-12-31', '0000-00-00'],
  ['2026-02-30', '-271821-04-20', '9999999999d', '0d', 'infinity', '2026-01-31T10:00+99:99'],
  ['1e9d', 'now', 'epoch', '2026-W05', '00:00', '292277026596-12-04', ...PROTOTYPE_KEYS],
].flat();

/** Short of what any limit refuses, of any characters there are. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ maxLength: 300 }),
);

export const hostileText: Arbitrary<string> = fc.oneof(
  fc.constantFrom(...HOSTILE_TEXTS),
  fc.constantFrom(...HOSTILE_NUMBERS),
  anyText,
);

const BROKEN_JSON = ['', '{', '[', '"', '{}{}', '{"a":1,}', "{'a':1}", '[1,]', 'nul', '\ufeff{}'];

/** Any JSON at all, with keys that mean something to JavaScript, as text. */
export const hostileJson: Arbitrary<string> = fc.oneof(
  fc.json({ maxDepth: 5 }),
  fc.constantFrom(...HOSTILE_NUMBERS),
  hostileText.map((text) => JSON.stringify(text)),
  fc.constantFrom(
    ...BROKEN_JSON,
    ...PROTOTYPE_KEYS.map((key) => `{"${key}":{"admin":true}}`),
    ...['[', '{"a":'].map((open) => open.repeat(32)),
    '['.repeat(50_000),
    `${'['.repeat(33)}${']'.repeat(33)}`,
    `{"a":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}}`,
    '{"name":"a","name":"b"}',
    '"\\ud800"',
    '"\\u0000"',
  ),
);

const OPERATORS = [
  ['&', '|', '!', '<->', '<2>', ':*', ':A', ':', '*', '(', ')', '"', '«', '»', '„', '“', '#'],
  ['-', '−', '--', 'OR', 'ИЛИ', 'AND', "'", '\\', '\\\\', "\\'", '::tsquery', '\0', '%', '_'],
  ['author:', 'author:1', 'author:-9007199254740993', 'community:', 'since:', 'since:30d'],
  ['until:0001-01-01', 'since:99999-12-31', 'has:', 'has:__proto__', 'is:reply', '-is:', 'is:x'],
].flat();
const WORDS = [
  ['погода', 'мамонт', 'и', 'не', 'the', 'кот', 'Ёлка', 'бело-синий', 'vk.com/wall-1_5', '😀'],
  ['שלום', 'مرحبا', '日本語', 'a\u0301', '\u202e', '#тег', '*года*', '1e400', 'x'.repeat(500)],
].flat();

const REPEATED = ['"', "'", '(', '!', '*', '-', '\\', 'OR ', '-a ', 'а* ', '*а* ', '<-> '];

/** What people and those who mean harm write into a field to search by. */
export const hostileSearch: Arbitrary<string> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .array(fc.constantFrom(...OPERATORS, ...WORDS, ' ', ' '), { maxLength: 60 })
      .chain((parts) => fc.constantFrom(' ', '').map((between) => parts.join(between))),
  },
  { weight: 2, arbitrary: hostileText },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...REPEATED.map((piece) => piece.repeat(Math.floor(1_000 / piece.length))),
      '"'.repeat(10_000),
    ),
  },
);
