import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { executeCode, innerCallCode, matchReplies } from './executeBatch';

const error = (method: string, code: number) => ({ method, code, subcode: null, text: 'x' });
const trailing = error('execute', 15);
const unclear = { type: 'unclear' } as const;

test('calls are packed in the flat form', () => {
  const calls = [
    innerCallCode('wall.get', { owner_id: -1, count: 100 }),
    innerCallCode('utils.resolveScreenName', { screen_name: 'a"});API.x({' }),
  ];
  expect(executeCode(calls)).toBe(
    'return [API.wall.get({"owner_id":-1,"count":100}),' +
      'API.utils.resolveScreenName({"screen_name":"a\\"});API.x({"})];',
  );
});

test('the k-th failed call gets the k-th error, the closing one of execute left out', () => {
  const methods = ['wall.get', 'wall.getComments', 'wall.get'];
  const errors = [error('wall.get', 15), error('wall.get', 29), trailing];
  expect(matchReplies(methods, [false, { count: 0 }, false], errors)).toEqual([
    { type: 'error', error: error('wall.get', 15) },
    { type: 'reply', reply: { count: 0 } },
    { type: 'error', error: error('wall.get', 29) },
  ]);
});

describe('nothing is guessed when', () => {
  const methods = ['wall.get', 'wall.getComments'];
  test.each([
    ['there is no answer', null, [trailing]],
    ['the answer is not a list', { 0: 1 }, []],
    ['the answer is shorter', [1], []],
    ['the answer is longer', [1, 2, 3], []],
    ['errors are missing', [false, false], [error('wall.get', 15), trailing]],
    ['errors name other methods', [false, false], methods.toReversed().map((m) => error(m, 15))],
  ])('%s', (_name, response, errors) => {
    expect(matchReplies(methods, response, errors)).toEqual([unclear, unclear]);
  });

  test('only the failed calls of a pack are in doubt', () => {
    expect(matchReplies(methods, [false, { count: 1 }], [])).toEqual([
      unclear,
      { type: 'reply', reply: { count: 1 } },
    ]);
    expect(matchReplies(methods, [null, 7], [])).toEqual([unclear, { type: 'reply', reply: 7 }]);
  });
});

test('every call of a pack gets exactly what VK answered to it', () => {
  const call = fc.record({
    method: fc.constantFrom('wall.get', 'wall.getComments', 'users.get'),
    code: fc.option(fc.integer({ min: 1, max: 30 })),
  });
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 25 }), (calls) => {
      const failed = calls.flatMap(({ method, code }) => (code ? [error(method, code)] : []));
      const response = calls.map(({ code }, index) => (code ? false : { index }));
      const outcomes = matchReplies(
        calls.map(({ method }) => method),
        response,
        failed.length > 0 ? [...failed, trailing] : [],
      );
      expect(outcomes).toEqual(
        calls.map(({ method, code }, index) =>
          code
            ? { type: 'error', error: error(method, code) }
            : { type: 'reply', reply: { index } },
        ),
      );
    }),
  );
});
