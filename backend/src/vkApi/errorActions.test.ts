import { describe, expect, test } from 'bun:test';
import { reasonSentence } from '@stenograf/contracts/reasons';
import { decideOnError, KNOWN_CODES, refusesExecute } from './errorActions';

const reply = (code: number, text = '', subcode: number | null = null) => ({ code, subcode, text });

/** Every code of VK, each with what must follow; codes told apart by text are below. */
const EXPECTED: Record<string, number[]> = {
  'retry vk_unavailable': [1, 10, 32, 36, 43],
  'slow vk_unavailable': [6],
  'park quota': [9, 29, 601, 1105],
  'rotate no_token': [3, 20, 21, 1051],
  'captcha captcha': [14, 3300],
  'disable app_disabled': [2, 38, 101],
  'disable token_confirmation': [17, 24, 41, 3301, 3302, 3303, 3304, 3305],
  'disable token_ip': [42, 1118],
  'disable token_invalid': [5, 25, 27, 28, 37, 1114, 1116, 1117, 3609, 3610, 3611],
  'single rejected_by_vk': [12, 13],
  'mark access_denied': [7, 15, 200, 201, 204, 213, 214, 219, 220, 221, 222, 223, 224, 225, 260],
  'mark community_closed': [30, 203],
  'mark community_deleted': [18],
  'mark community_banned': [19],
  'mark not_found': [39, 40, 104, 113, 125, 1260],
  'mark post_gone': [210],
  'mark comments_closed': [211, 212],
  'fail rejected_by_vk': [4, 8, 11, 16, 23, 33, 34, 35, 100, 103, 150, 300, 500, 600, 603, 9999],
};

const cases = Object.entries(EXPECTED).flatMap(([outcome, codes]) =>
  codes.map((code) => [code, outcome] as const),
);

test.each(cases)('code %d: %s', (code, outcome) => {
  const { action, kind } = decideOnError('wall.get', reply(code));
  expect(`${action} ${kind}`).toBe(outcome);
});

test('the table and its cases know the same codes', () => {
  expect(cases.map(([code]) => code).toSorted((a, b) => a - b)).toEqual(
    KNOWN_CODES.toSorted((a, b) => a - b),
  );
});

test('every code has a sentence in Russian and English that names the code', () => {
  for (const code of KNOWN_CODES) {
    const { kind } = decideOnError('wall.get', reply(code));
    expect(reasonSentence(kind, 'ru', code)).toMatch(new RegExp(`^[А-Я].*\\b${code}\\)$`));
    expect(reasonSentence(kind, 'en', code)).toMatch(new RegExp(`^[A-Z].*\\b${code}\\)$`));
  }
});

test.each([
  [5, 'User authorization failed: no access_token passed.', 'fail rejected_by_vk'],
  [5, 'User authorization failed: invalid access_token (4).', 'disable token_invalid'],
  [5, 'User authorization failed: access_token has expired.', 'disable token_invalid'],
  [
    5,
    'User authorization failed: access_token was given to another ip address.',
    'disable token_ip',
  ],
  [8, 'Invalid request: v (version) is required', 'fail rejected_by_vk'],
  [8, 'Invalid request: method is unavailable without access token', 'fail rejected_by_vk'],
  [8, 'Application is blocked', 'disable app_disabled'],
  [
    10,
    'Internal server error: could not check access_token now, check later.',
    'retry vk_unavailable',
  ],
  [
    13,
    'Runtime error occurred during code invocation: response size is too big',
    'split vk_unavailable',
  ],
  [13, 'Runtime error: Method slice requires an array', 'single rejected_by_vk'],
  [15, 'Access denied: wall is disabled', 'mark wall_disabled'],
  [15, 'Access denied: group is blocked', 'mark community_banned'],
  [15, 'Access denied: this wall available only for community members', 'mark community_closed'],
  [15, 'Access denied: post was not found check post_id param', 'mark post_gone'],
  [15, 'Access denied: post or comment deleted', 'mark post_gone'],
  [15, 'Access denied: token required', 'rotate no_token'],
  [15, 'Access denied: no access to call this method', 'rotate no_token'],
  [15, 'Access denied: user deactivated', 'mark community_deleted'],
  [27, 'Group authorization failed: method is unavailable with group auth.', 'rotate no_token'],
  [
    28,
    'Application authorization failed: method is unavailable with service token.',
    'rotate no_token',
  ],
])('code %d with «%s»: %s', (code, text, outcome) => {
  const { action, kind } = decideOnError('wall.get', reply(code, text));
  expect(`${action} ${kind}`).toBe(outcome);
});

test('the subcodes of 15 about method and application mean another token', () => {
  expect(decideOnError('wall.get', reply(15, 'Access denied', 1133)).action).toBe('rotate');
  expect(decideOnError('wall.get', reply(15, 'Access denied', 1134)).action).toBe('rotate');
});

describe('scope', () => {
  test('is the post where the method is about one', () => {
    expect(decideOnError('wall.getComments', reply(15)).scope).toBe('post');
    expect(decideOnError('wall.get', reply(15)).scope).toBe('community');
    expect(decideOnError('wall.getComments', reply(15, 'wall is disabled')).scope).toBe(
      'community',
    );
  });
});

test('asked who somebody is, 100 means that there is nobody', () => {
  for (const method of ['groups.getById', 'utils.resolveScreenName']) {
    expect(decideOnError(method, reply(100))).toMatchObject({ action: 'mark', kind: 'not_found' });
  }
});

test('another account is asked before closed doors are believed', () => {
  const asksOthers = KNOWN_CODES.filter((code) => decideOnError('wall.get', reply(code)).askOthers);
  expect(asksOthers).toEqual([7, 15, 30, 200, 201, 203, 204]);
  expect(decideOnError('wall.get', reply(15, 'wall is disabled')).askOthers).toBeUndefined();
});

test('a code nobody knows is tried once more and then shown as it is', () => {
  expect(decideOnError('wall.get', reply(987_654))).toEqual({
    action: 'retry',
    kind: 'vk_error',
    scope: 'request',
    attemptsMax: 2,
  });
});

test('tokens that may not pack are told by the answer to execute itself', () => {
  const refusing = KNOWN_CODES.filter((code) => refusesExecute(reply(code)));
  expect(refusing).toEqual([3, 20, 21, 23, 27, 28, 1051]);
  expect(refusesExecute(reply(15, 'Access denied: no access to call this method'))).toBe(true);
  expect(refusesExecute(reply(15, 'Access denied: wall is disabled'))).toBe(false);
});
