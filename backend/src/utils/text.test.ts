import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { cleanDeep, cleanText, mayNeedCleaning } from './text';

test('U+0000 is removed and a lone surrogate becomes U+FFFD', () => {
  expect(cleanText('a\0b\ud800c\udc00')).toBe('ab\ufffdc\ufffd');
});

test('whole characters beyond the first plane stay', () => {
  expect(cleanText('😀 ё \u2028')).toBe('😀 ё \u2028');
});

test('values and keys are cleaned at every depth', () => {
  const dirty = { 'a\0': [{ b: '\ud83d' }, 1, null, true], c: { 'd\udfff': 'e\0' } };
  expect(cleanDeep(dirty)).toEqual({
    a: [{ b: '\ufffd' }, 1, null, true],
    c: { 'd\ufffd': 'e' },
  } as never);
});

test('what is clean is returned as it is', () => {
  const clean = { a: ['x', { b: 'y' }] };
  expect(cleanDeep(clean)).toBe(clean);
});

test('a key __proto__ stays data', () => {
  const parsed: unknown = JSON.parse('{"__proto__":{"x":"\\u0000y"}}');
  expect(JSON.stringify(cleanDeep(parsed))).toBe('{"__proto__":{"x":"y"}}');
});

test('no JSON value keeps text that PostgreSQL refuses, and none is found dirty unannounced', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const json = JSON.stringify(value);
      const parsed: unknown = JSON.parse(json);
      const cleaned = JSON.stringify(cleanDeep(parsed));
      expect(cleaned).not.toMatch(/\\u0000|\\ud[89a-f]/i);
      if (!mayNeedCleaning(json)) expect(cleaned).toBe(json);
    }),
  );
});
