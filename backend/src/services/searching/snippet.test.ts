import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { foldText } from './parseQuery';
import { HIT_END, HIT_START, makeSnippet } from './snippet';

/** Hits in brackets. */
const show = (text: string, marked: string | null, parts: string[] = []): string =>
  makeSnippet(text, marked?.replaceAll('[', HIT_START).replaceAll(']', HIT_END) ?? null, parts)
    .map((part) => (part.hit ? `[${part.text}]` : part.text))
    .join('');

test('hits are marked in the text as it is, not as it was searched', () => {
  expect(show('«Ёлки»😀да', ' [Елки]  да')).toBe('«[Ёлки]»😀да');
  expect(show('😀😀<b>кот</b>', '   b [кот]  b ')).toBe('😀😀<b>[кот]</b>');
});

test('pieces are marked wherever they stand, whatever the letter case and ё', () => {
  expect(show('Кошка, кОШКа, мёд', null, ['ошк', 'мед'])).toBe('К[ошк]а, к[ОШК]а, [мёд]');
});

test('hits that touch are one', () => {
  expect(show('кошка', '[кош]ка', ['шка'])).toBe('[кошка]');
});

test('of a long text the part around the first hit is shown, cut between words', () => {
  const before = 'начало '.repeat(50);
  const shown = show(
    `${before}кот ${'конец '.repeat(80)}`,
    `${before}[кот] ${'конец '.repeat(80)}`,
  );
  expect(shown).toMatch(/^…(?: ?начало )+\[кот\] (?:конец ?)+…$/);
  expect(shown.length).toBeLessThan(280);
  expect(show('слово '.repeat(100), null)).toMatch(/^(?:слово ?)+…$/);
});

test('what is shown stands in the text, and hits are what was marked', () => {
  const words = fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 30 }), fc.boolean()));
  fc.assert(
    fc.property(words, (list) => {
      const clean = list.map(
        ([word, hit]) => [word.replaceAll(HIT_START, '').replaceAll(HIT_END, ''), hit] as const,
      );
      const text = clean.map(([word]) => word).join(' ');
      const marked = clean
        .map(([word, hit]) => (hit ? HIT_START + word + HIT_END : word))
        .join(' ');
      const parts = makeSnippet(text, marked, []);
      const shown = parts.map((part) => part.text).join('');
      expect(text).toContain(shown.replace(/^…/, '').replace(/…$/, ''));
      expect(shown.isWellFormed()).toBe(text.isWellFormed());
      if (text.length <= 300) expect(shown).toBe(text);
      for (const part of parts) if (part.hit) expect(foldText(text)).toContain(foldText(part.text));
    }),
  );
});
