import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { parseFlat } from './flat';

describe('flat code', () => {
  test('each call keeps its place, its method and its arguments as text', () => {
    const code =
      ' return [ API.wall.get({"owner_id":-1,"extended":true,"need_likes":false}) ,' +
      'API.users.get({"user_ids":[1,2],"x":null}), API.utils.getServerTime() ] ; ';
    expect(
      parseFlat(code).map(({ method, params }) => [method, Object.fromEntries(params)]),
    ).toEqual([
      ['wall.get', { owner_id: '-1', extended: '1', need_likes: '0' }],
      ['users.get', { user_ids: '1,2', x: '' }],
      ['utils.getServerTime', {}],
    ]);
  });

  test('no calls are no calls', () => {
    expect(parseFlat('return [];')).toEqual([]);
  });

  test('any text is a good argument, brackets, quotes and backslashes included', () => {
    const unit = fc.constantFrom('"', '\\', '{', '}', ']', ')', ',', 'я', '\0', '😀', '\n');
    fc.assert(
      fc.property(fc.array(fc.string({ unit }), { maxLength: 5 }), (texts) => {
        const calls = texts.map((text) => `API.a.b(${JSON.stringify({ text })})`);
        const parsed = parseFlat(`return [${calls.join(',')}];`);
        expect(parsed.map(({ params }) => params.get('text'))).toEqual(texts);
      }),
    );
  });

  const wrong: Record<string, string> = {
    nothing: '',
    'no semicolon': 'return [API.a.b({})]',
    'a variable': 'var a = 1; return a;',
    'no list': 'return API.a.b({});',
    'something that is no call': 'return [1];',
    'no comma': 'return [API.a.b({}) API.a.b({})];',
    'an open list': 'return [API.a.b({});',
    'arguments that are not JSON': 'return [API.a.b({owner_id:1})];',
    'arguments that do not end': 'return [API.a.b({"a":"}")];',
    'an argument that is no object': 'return [API.a.b(1)];',
    'something after the end': 'return []; return [];',
  };
  for (const [name, code] of Object.entries(wrong)) {
    test(`${name} does not compile: 12`, () => {
      expect(() => parseFlat(code)).toThrow(/^Unable to compile code: .* expected, '.?' found/);
    });
  }
});
