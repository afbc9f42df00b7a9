import { describe, expect, test } from 'bun:test';
import { parseFaultPlan } from './faultsParse';

describe('a plan of faults as text', () => {
  const rules: Record<string, object> = {
    'after 20 requests answer 502 three times': {
      kind: 'http',
      status: 502,
      skip: 20,
      times: 3,
    },
    'answer reset': { kind: 'reset', times: 1 },
    'AFTER 1 REQUEST ANSWER HTML 4 TIMES': { kind: 'html-200', skip: 1, times: 4 },
    'on execute answer too big twice': { kind: 'too-big', method: 'execute', times: 2 },
    'after 3 wall.getComments answer error 15 "Access denied: post or comment deleted" once': {
      kind: 'vk-error',
      code: 15,
      msg: 'Access denied: post or comment deleted',
      method: 'wall.getComments',
      skip: 3,
      times: 1,
    },
    'on wall.get answer error 10 always': {
      kind: 'vk-error',
      code: 10,
      method: 'wall.get',
      times: 'always',
    },
    'answer stall 500 ms': { kind: 'stall', ms: 500, times: 1 },
    'answer slow 2s twice': { kind: 'slow', ms: 2_000, times: 2 },
    'answer truncated json': { kind: 'truncated-json', times: 1 },
    'answer truncated body': { kind: 'truncated-body', times: 1 },
    'answer empty': { kind: 'empty-body', times: 1 },
    'answer close': { kind: 'close', times: 1 },
    'answer short page -5 two times': { kind: 'short-page', items: 5, times: 2 },
    'answer short page': { kind: 'short-page', times: 1 },
    'answer wrong count +3': { kind: 'wrong-count', by: 3, times: 1 },
  };
  for (const [rule, fault] of Object.entries(rules)) {
    test(`reads: ${rule}`, () => {
      expect(parseFaultPlan(rule)).toEqual({ script: [fault as never], chances: [] });
    });
  }

  test('reads chances, the seed, comments, and several rules in a line', () => {
    const plan = parseFaultPlan(`
      seed 12 # any whole number
      2% of wall.get answer stall 500 ms; 0.5% answer reset

      # nothing here
      answer 503`);
    expect(plan).toEqual({
      seed: 12,
      script: [{ kind: 'http', status: 503, times: 1 }],
      chances: [
        { kind: 'stall', ms: 500, method: 'wall.get', share: 0.02 },
        { kind: 'reset', share: 0.005 },
      ],
    });
  });

  test('knows both forms of a captcha, and the page of a validation', () => {
    const { script = [] } = parseFaultPlan('captcha; captcha picture; validation');
    expect(script).toMatchObject([
      { code: 14, extra: { redirect_uri: expect.any(String), captcha_sid: expect.any(String) } },
      { code: 14, extra: { captcha_img: expect.any(String) } },
      { code: 17, extra: { redirect_uri: expect.any(String) } },
    ]);
    expect(script[1]).not.toHaveProperty('extra.redirect_uri');
  });

  const wrong: Record<string, string> = {
    'after many requests answer 502': 'line 1: a number expected, but "many" stands there',
    'answer 502\nanswer explode': 'line 2: a status or one of',
    'answer 502 three': 'line 1: "times?" expected, but the line ends',
    'answer 502 seldom times': 'line 1: how often expected',
    'answer stall': 'line 1: a duration expected, but the line ends',
    'answer reset once more': 'line 1: the end of the line expected, but "more" stands there',
    '101% answer reset': 'share of a fault reset cannot be 1.01',
    'answer 199': 'status of a fault http cannot be 199',
  };
  for (const [text, message] of Object.entries(wrong)) {
    test(`says what is wrong with: ${text.replace('\n', ' / ')}`, () => {
      expect(() => parseFaultPlan(text)).toThrow(message);
    });
  }
});

describe('a plan of faults as JSON', () => {
  test('is a plan, one fault or a list of faults', () => {
    const reset = { kind: 'reset' } as const;
    expect(parseFaultPlan('{"kind":"reset"}')).toEqual({ script: [reset] });
    expect(parseFaultPlan('[{"kind":"reset"},{"kind":"reset"}]')).toEqual({
      script: [reset, reset],
    });
    const plan = { seed: 3, script: [reset], chances: [{ ...reset, share: 0.1 }] };
    expect(parseFaultPlan(JSON.stringify(plan))).toEqual(plan);
  });

  const wrong: Record<string, string> = {
    '{"kind":"reset"': 'faults: SyntaxError',
    '[1]': 'a fault is an object: 1',
    '{"kind":"explode"}': 'kind is one of',
    '{"kind":"http"}': 'status of a fault http cannot be undefined',
    '{"kind":"reset","often":2}': 'a fault reset has no often',
    '{"kind":"reset","times":0}': 'times of a fault reset cannot be 0',
    '{"chances":[{"kind":"reset"}]}': 'share of a fault reset cannot be undefined',
    '{"script":{}}': 'script and chances are lists',
    '{"scrip":[]}': 'a plan has no scrip',
    '{"seed":"x"}': 'the seed of a plan is a whole number',
  };
  for (const [text, message] of Object.entries(wrong)) {
    test(`says what is wrong with: ${text}`, () => {
      expect(() => parseFaultPlan(text)).toThrow(message);
    });
  }
});
