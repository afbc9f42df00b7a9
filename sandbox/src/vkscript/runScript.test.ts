import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { floatInt } from '../render/floatInt';
import { leastBytes } from './leastBytes';
import { runScript } from './runScript';
import type { RecordValue, Value } from './values';

type Call = [string, RecordValue];

const run = (
  code: string,
  args: RecordValue = {},
  answer: Value = { count: 2, items: [1, 2] },
  bytesMax = Infinity,
) => {
  const calls: Call[] = [];
  const value = runScript(code, {
    args,
    callApi: (method, params) => {
      calls.push([method, params]);
      return answer;
    },
    apiCallsMax: 25,
    operationsMax: 1_000,
    bytesMax,
  });
  return { value, calls };
};

const valueOf = (code: string, args?: RecordValue): Value => run(code, args).value;

const refusal = (code: string): string => {
  try {
    return JSON.stringify(valueOf(code));
  } catch (error) {
    return (error as Error).message;
  }
};

describe('values and operators', () => {
  const cases: Record<string, Value> = {
    '1 + 2 * 3 - 4 / 2': 5,
    '-(7 % 4)': -3,
    '1.5 + .5': 2,
    '"a" + 1 + null + true': 'a11',
    '[1] + [2, 3]': [1, 2, 3],
    '[1] + null': [1],
    '{a: 1, "b": 2} + {b: 3}': { a: 1, b: 3 },
    '1 < 2 && 2 >= 2': true,
    '"10" > 9': true,
    '"10" > "9"': false,
    '"5" == 5': true,
    'null == 0': false,
    'null == null': true,
    '!"" || !1': true,
    '[] ? 1 : [0] ? 2 : 3': 2,
    '"\\u044f\\n\\"" + \'\\\'\'': 'я\n"\'',
    'parseInt("12abc") + parseInt(null) + parseInt("x")': 12,
    'parseDouble("1.5e1x")': 15,
    '[1, 2, 3].length + "абв".length': 6,
    '[[1, 2], [3]][0][1]': 2,
    '{a: {b: 1}}.a["b"]': 1,
    'false.items.length': null,
    '[1][5]': null,
    '[{a: 1}, {b: 2}, 3]@.a': [1, null, null],
    'null@.a': [],
  };
  for (const [expression, value] of Object.entries(cases)) {
    test(`${expression} is ${JSON.stringify(value)}`, () => {
      expect(valueOf(`return ${expression};`)).toEqual(value);
    });
  }

  test('every JSON text is the expression of its value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (json) => {
        const text = JSON.stringify(json);
        expect(JSON.stringify(valueOf(`return ${text};`))).toBe(text);
      }),
    );
  });
});

describe('methods', () => {
  const cases: Record<string, Value> = {
    'var a = [1, 2]; a.push(3); return a;': [1, 2, 3],
    'var a = [1, 2]; var b = a.pop(); return [a, b];': [[1], 2],
    'var a = [1, 2]; return [a.shift(), a, a.unshift(0), a];': [1, [2], 2, [0, 2]],
    'var a = [1, 2, 3, 4]; return [a.splice(1, 2, 9), a];': [
      [2, 3],
      [1, 9, 4],
    ],
    'var a = [1, 2, 3]; return [a.splice(-1), a.slice(1), a.slice(-1), a];': [
      [3],
      [2],
      [2],
      [1, 2],
    ],
    'return "абвгд".substr(1, 2) + "абвгд".substr(-1);': 'бвд',
    'return "a,b".split(",");': ['a', 'b'],
    'return [[1, 2, 3].indexOf(3), "123".indexOf(2), [].indexOf(1)];': [2, 1, -1],
    'var a = {list: [1]}; a.list.push(2); a.list[2].x.y; return a;': { list: [1, 2] },
    'return [].pop();': null,
  };
  for (const [code, value] of Object.entries(cases)) {
    test(code, () => expect(valueOf(code)).toEqual(value));
  }
});

describe('statements', () => {
  const cases: Record<string, Value> = {
    'var i = 0, s = ""; while (i < 3) { s = s + i; i = i + 1; }; return s;': '012',
    'if (0) return 1; else if (1) { return 2; } else return 3;': 2,
    'var a = {b: {c: 1}}; a.b.d = 2; delete a.b.c; return a;': { b: { d: 2 } },
    'var a = [1]; var b = a; b.push(2); return [a, b];': [[1], [1, 2]],
    'var a, b; a = b = 1; // both\n /* all */ return a + b;': 2,
    'var i = 5;': null,
    'return;': null,
    '': null,
  };
  for (const [code, value] of Object.entries(cases)) {
    test(code, () => expect(valueOf(code)).toEqual(value));
  }
});

describe('the API', () => {
  test('calls take an object from anywhere or nothing, and what they answer is a value', () => {
    const { value, calls } = run(
      'var p = {owner_id: -1}; p.count = Args.count;' +
        'return [API.wall.get(p).items[1], API.users.get()@.id, API.a.b({x: [1, "2"]}).count];',
      { count: '5' },
    );
    expect(calls).toEqual([
      ['wall.get', { owner_id: -1, count: '5' }],
      ['users.get', {}],
      ['a.b', { x: [1, '2'] }],
    ]);
    expect(value).toEqual([2, [null, null], 2]);
  });

  test('what was not sent is null', () => {
    expect(valueOf('return [Args.total, parseInt(Args.total)];')).toEqual([null, 0]);
  });

  test('a failed call is false, and its fields are null', () => {
    const code = 'var r = API.a.b({}); return [r, r.items, r.items.length, r ? 1 : 2];';
    expect(run(code, {}, false).value).toEqual([false, null, null, 2]);
  });

  test('an integer that leaves with a decimal point can be counted with', () => {
    const code = 'return API.a.b().id + 1;';
    expect(run(code, {}, { id: floatInt(1) }).value).toBe(2);
  });
});

describe('what does not compile: 12', () => {
  const cases: Record<string, string> = {
    'return API.users.get({"user_ids": [1]})@.last_name': "';' expected, '' found in line 1",
    'return [\n  API.users.get({a: 1}]);': "')' expected, ']' found in line 2",
    'return test;': "undefined identifier 'test' in line 1",
    '\n\nx = 1;': "undefined identifier 'x' in line 3",
    'var a = [1]; a[0] = 2;': 'non-variable in assignment in line 1',
    'return 1': "';' expected, '' found in line 1",
    'return [1 2];': "']' expected, '2' found in line 1",
    'return {1;': "':' expected, ';' found in line 1",
    'if (1 { return 1; }': "')' expected, '{' found in line 1",
    'while (1) { var a = 1;': "'}' expected, '' found in line 1",
    'return API.execute({"code":"return 1;"});': "'.' expected, '(' found in line 1",
    'let a = 1;': "undefined identifier 'let' in line 1",
    'return #;': "unexpected '#' in line 1",
    'return "abc;': "unexpected '\"' in line 1",
    'var if = 1;': "identifier expected, 'if' found in line 1",
  };
  for (const [code, problem] of Object.entries(cases)) {
    test(code, () => expect(refusal(code)).toBe(`Unable to compile code: ${problem}`));
  }

  test('nesting without end', () => {
    expect(refusal(`return ${'('.repeat(100_000)}`)).toContain('Unable to compile code');
    expect(refusal('if(1)'.repeat(100_000))).toContain('Unable to compile code');
  });
});

describe('what goes wrong on the way: 13', () => {
  const loop = (body: string): string => `var a = "xx", i = 0; while (1) { ${body} }`;
  const cases: Record<string, string> = {
    'return null.slice(1);': 'Method slice requires an array',
    'return API.a.b().none.push(1);': 'Method push requires an array',
    'return [].substr(1);': 'Method substr requires a string',
    'return [].reverse();': 'Unknown method reverse',
    'return [1].slice();': 'Bad argument count for method slice',
    'return [] == [];': 'Comparing values of different or unsupported types',
    'return "a" < 1;': 'Comparing values of different or unsupported types',
    'return "a" * 2;': 'Numeric value is expected',
    'return 1 / 0;': 'Division by zero',
    'var a = 1; a.b = 2;': 'setting field [b] on not array variable',
    'while (true) { }': 'too many operations',
    [loop('API.a.b();')]: 'too many api calls',
    [loop('a = a + a;')]: 'response size is too big',
    [`return ${Array.from({ length: 5_000 }, () => '1').join('+')};`]: 'too many operations',
  };
  for (const [code, problem] of Object.entries(cases)) {
    test(code.slice(0, 60), () => {
      expect(refusal(code)).toBe(`Runtime error occurred during code invocation: ${problem}`);
    });
  }

  test('calls and operations may be used up, and no more', () => {
    const calls = (count: number) => refusal(`return [${'API.a.b(),'.repeat(count)}];`);
    expect(calls(25)).toStartWith('[');
    expect(calls(26)).toEndWith('too many api calls');
    const operations = (count: number) =>
      refusal(`return ${'!'.repeat(150)}${'1+'.repeat(count)}1;`);
    expect(operations(850)).toBe('851');
    expect(operations(851)).toEndWith('too many operations');
  });

  test('a value that holds itself many times over is measured at once', () => {
    const value = valueOf(
      'var a = [1], i = 0; while (i < 90) { a = [a, a]; i = i + 1; } return a;',
    );
    expect(leastBytes(value)).toBeGreaterThan(2 ** 90);
  });

  test('a value that is surely too long is not handed on', () => {
    const send = (bytesMax: number) => run('var a = "12345"; return [a, a];', {}, null, bytesMax);
    expect(send(17).value).toEqual(['12345', '12345']);
    expect(() => send(16)).toThrow('response size is too big');
  });

  test('of what can be written out, it measures no more than that', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        expect(leastBytes(json as Value)).toBeLessThanOrEqual(JSON.stringify(json).length);
      }),
    );
  });
});
