import { invalidField } from '../errors';

export const PASSWORD_LENGTH_MIN = 12;
/** Far beyond any sentence; nobody makes us hash megabytes. */
export const PASSWORD_LENGTH_MAX = 256;
const DIFFERENT_MIN = 5;
/** A shorter name stands in many a good password by chance. */
const NAME_LENGTH_MIN = 4;

/** Words that, alone, repeated or with digits and signs around them, are guessed first. */
const COMMON_WORDS = [
  'password',
  'passwort',
  'parol',
  'qwerty',
  'qwertyuiop',
  'asdfghjkl',
  'qazwsx',
  'qazwsxedc',
  'qwertyuiopasdfghjkl',
  'abcdefghijkl',
  'abcdefghijklmnopqrstuvwxyz',
  'admin',
  'administrator',
  'root',
  'welcome',
  'letmein',
  'changeme',
  'changemeplease',
  'iloveyou',
  'correcthorsebatterystaple',
  'default',
  'secret',
  'stenograf',
  'vkontakte',
  'пароль',
  'йцукен',
  'йцукенгшщзхъ',
  'фывапролдж',
  'админ',
  'администратор',
  'привет',
  'стенограф',
  'вконтакте',
];

/** Runs of keys and digits that look random to a rule of characters. */
const COMMON_RUNS = [
  '01234567890123456789',
  '98765432109876543210',
  '1qaz2wsx3edc4rfv5tgb',
  'zaq12wsxcde34rfv',
  '1q2w3e4r5t6y7u8i9o0p',
  'q1w2e3r4t5y6u7i8o9p0',
  'qazwsxedcrfvtgbyhnujm',
  '1234qwerasdfzxcv',
  'qwer1234asdf5678',
];

const isRepeated = (text: string, word: string): boolean =>
  text.length > 0 && text.replaceAll(word, '') === '';

/** @returns why the password would be guessed early, or null. */
const weaknessOf = (password: string, name: string): string | null => {
  const text = password.normalize('NFKC').toLowerCase();
  if (new Set(text).size < DIFFERENT_MIN) return 'Has too few different characters.';
  const letters = text.replace(/[^\p{L}]/gu, '');
  const words = [...COMMON_WORDS, name.replace(/[^\p{L}]/gu, '')].filter((word) => word !== '');
  const isCommon =
    words.some((word) => isRepeated(letters, word)) ||
    COMMON_RUNS.some((run) => run.includes(text)) ||
    (name.length >= NAME_LENGTH_MIN && text.includes(name));
  return isCommon ? 'Is among the passwords that are guessed first.' : null;
};

/** @returns what is wrong with the password of this user, or null. */
export const problemOfPassword = (password: string, name: string): string | null => {
  const { length } = Array.from(password.normalize('NFKC'));
  if (length < PASSWORD_LENGTH_MIN) return `Must be ${PASSWORD_LENGTH_MIN} characters or more.`;
  if (length > PASSWORD_LENGTH_MAX) return `Must be ${PASSWORD_LENGTH_MAX} characters or fewer.`;
  return weaknessOf(password, name);
};

/** @throws AppError `validation_failed`, which does not repeat the password. */
export const assertGoodPassword = (password: string, name: string): void => {
  const detail = problemOfPassword(password, name);
  if (detail === null) return;
  throw invalidField('/password', detail);
};
