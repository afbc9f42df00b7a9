import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { foldText, parseQuery } from './parseQuery';

/** The terms of each clause as `kind:text`, alternatives joined, exclusions with a minus. */
const clausesOf = (text: string): string[] =>
  parseQuery(text).clauses.map(
    ({ isExcluded, anyOf }) =>
      (isExcluded ? '-' : '') + anyOf.map((term) => `${term.kind}:${term.text}`).join(' | '),
  );

const notesOf = (text: string): [string, string | null][] =>
  parseQuery(text).notes.map(({ code, part }) => [code, part]);

describe('a query', () => {
  test.each<[string, string[]]>([
    ['кошка  СОБАКА', ['words:кошка', 'words:собака']],
    ['Ёлка', ['words:елка']],
    ['"красная площадь"', ['words:красная площадь']],
    ['«красная площадь» „вид сбоку“', ['words:красная площадь', 'words:вид сбоку']],
    ['"не закрыта', ['words:не закрыта']],
    ['кот -пёс −рыба', ['words:кот', '-words:пес', '-words:рыба']],
    ['–пёс ‑рыба 2020–2021', ['-words:пес', '-words:рыба', 'words:2020–2021']],
    ['е\u0308лка чаи\u0306', ['words:елка', 'words:чай']],
    ['-"белый кот"', ['-words:белый кот']],
    ['кот OR пёс еда', ['words:кот | words:пес', 'words:еда']],
    ['кот ИЛИ пёс | рыба', ['words:кот | words:пес | words:рыба']],
    ['кот AND пёс', ['words:кот', 'words:пес']],
    ['кот или пёс', ['words:кот', 'words:или', 'words:пес']],
    ['программ*', ['prefix:программ']],
    [
      '#Ёлка #санкт_петербург@club #нов*',
      ['hashtag:елка', 'hashtag:санкт_петербург', 'hashtagPrefix:нов'],
    ],
    ['бело-синий COVID-19', ['words:бело синий', 'words:covid-19']],
    ['vk.com/wall-1_5', ['words:vk.com/wall-1_5']],
    ['http://x.ru foo:bar', ['words:http://x.ru', 'words:foo:bar']],
    ['has:photo кот', ['words:кот']],
  ])('%s', (text, clauses) => {
    expect(clausesOf(text)).toEqual(clauses);
    expect(notesOf(text)).toEqual([]);
  });

  test('looks for signs that are no words, and for *pieces*, as they stand', () => {
    expect(parseQuery('😀 *Ошк* *ка').parts).toEqual(['😀', 'ошк', 'ка']);
  });

  test('holds filters, which alternatives of one kind and exclusions may be', () => {
    const query = parseQuery(
      'author:5 author:-1 author:"Анна Ветрова" community:club7 -community:noch.teatra has:Photo is:reply -is:deleted -author:id6 ' +
        'since:2026-01-31 until:"30d"',
    );
    expect(query).toMatchObject({
      clauses: [],
      filters: {
        authorIds: [5, -1],
        authorNames: [{ name: 'Анна Ветрова', part: 'author:"Анна Ветрова"' }],
        communityIds: [7],
        has: ['photo'],
        is: ['reply'],
      },
      excluded: {
        authorIds: [6],
        communityNames: [{ name: 'noch.teatra', part: '-community:noch.teatra' }],
        has: [],
        is: ['deleted'],
      },
      since: '2026-01-31',
      until: '30d',
      notes: [],
    });
  });
});

describe('what cannot be understood is noted, and the rest is taken', () => {
  test.each<[string, [string, string | null][], string[]]>([
    ['author:? кот', [['filter_unreadable', 'author:?']], ['words:кот']],
    [
      'has:кот -since:1d',
      [
        ['filter_unreadable', 'has:кот'],
        ['filter_unreadable', '-since:1d'],
      ],
      [],
    ],
    ['OR кот', [['operator_ignored', 'OR']], ['words:кот']],
    ['кот OR', [['operator_ignored', 'OR']], ['words:кот']],
    ['кот OR | пёс', [['operator_ignored', '|']], ['words:кот | words:пес']],
    ['кот OR -пёс', [['operator_ignored', 'OR']], ['words:кот', '-words:пес']],
    ['кот OR has:photo', [['operator_ignored', 'OR']], ['words:кот']],
    [
      '() ! **',
      [
        ['operator_ignored', '()'],
        ['operator_ignored', '!'],
        ['operator_ignored', '**'],
      ],
      [],
    ],
    ['""', [['operator_ignored', '""']], []],
    [
      'Москва — столица …',
      [
        ['operator_ignored', '—'],
        ['operator_ignored', '…'],
      ],
      ['words:москва', 'words:столица'],
    ],
  ])('%s', (text, notes, clauses) => {
    expect(notesOf(text)).toEqual(notes);
    expect(clausesOf(text)).toEqual(clauses);
  });

  test('a query of more than 32 parts is read up to there', () => {
    const query = parseQuery(Array.from({ length: 40 }, (_, index) => `слово${index}`).join(' '));
    expect(query.clauses).toHaveLength(32);
    expect(query.notes).toEqual([{ code: 'query_cut', part: 'слово32' }]);
  });
});

test('any text is a query', () => {
  const pieces = fc.constantFrom(
    '"',
    '«',
    '»',
    '-',
    '−',
    '*',
    '#',
    'OR',
    '|',
    ':',
    'has:',
    'is:x',
    ' ',
  );
  const texts = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' }), fc.constant('ёж')));
  fc.assert(
    fc.property(texts, (parts) => {
      const { clauses, parts: pieces } = parseQuery(parts.join(''));
      for (const { anyOf } of clauses) expect(anyOf.length).toBeGreaterThan(0);
      expect(pieces).not.toContain('');
    }),
  );
});

test('folding keeps every character in its place', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(foldText(text)).toHaveLength(text.length);
    }),
  );
});
