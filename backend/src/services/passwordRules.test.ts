import { describe, expect, test } from 'bun:test';
import { problemOfPassword } from './passwordRules';

const COMMON = 'Is among the passwords that are guessed first.';

describe('a password is refused', () => {
  test.each([
    ['at 12 characters for nothing', 'gr8 horse ta', null],
    ['when it is short', 'gr8 horse t', 'Must be 12 characters or more.'],
    [
      'when its letters are few but its bytes many',
      'ёжик-в-лесу',
      'Must be 12 characters or more.',
    ],
    ['when it is endless', 'gr8 horse'.repeat(30), 'Must be 256 characters or fewer.'],
    ['for one character', 'aaaaaaaaaaaaaaaa', 'Has too few different characters.'],
    ['for a few characters', '121212121212', 'Has too few different characters.'],
    ['for a row of digits', '123456789012', COMMON],
    ['for a row of keys', '1qaz2wsx3edc', COMMON],
    ['for a common word with digits', 'Password2026!', COMMON],
    ['for a common word twice', 'qwertyQWERTY', COMMON],
    ['for a common Russian word', 'Пароль123456', COMMON],
    ['for the name of the program', 'stenograf-2026', COMMON],
    ['for the name of the user', 'anna.karenina1877', COMMON],
    ['in a disguise of Unicode', 'ｐａｓｓｗｏｒｄ２０２６', COMMON],
  ])('%s', (_, password, problem) => {
    expect(problemOfPassword(password, 'karenina')).toBe(problem);
  });

  test('not because a short name stands in it by chance', () => {
    expect(problemOfPassword('gr8 horse tango', 'an')).toBeNull();
  });
});
