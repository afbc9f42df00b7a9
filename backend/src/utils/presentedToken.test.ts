import { expect, test } from 'bun:test';
import { parsePresentedToken } from './presentedToken';

const TOKEN = 'vk1.a.FAKE_token-0123456789';

test.each([
  TOKEN,
  `  ${TOKEN}\n`,
  `https://oauth.vk.ru/blank.html#access_token=${TOKEN}&expires_in=86400&user_id=1`,
  `https://oauth.vk.com/blank.html#state=1&access_token=${TOKEN}`,
  `access_token=${TOKEN}&expires_in=0`,
  `https://example.org/callback?access_token=${TOKEN}#done`,
])('a token is taken out of what was pasted: %s', (pasted) => {
  expect(parsePresentedToken(pasted)).toBe(TOKEN);
});

test.each([
  '',
  '   ',
  'short',
  'two words-of-a-token',
  `user:${TOKEN}`,
  `${TOKEN},${TOKEN}`,
  'токен-на-кириллице',
  'https://oauth.vk.ru/blank.html#error=access_denied',
  'https://vk.com/apiclub',
  'https://oauth.vk.ru/blank.html#access_token=&expires_in=86400',
  'x'.repeat(2_001),
])('what cannot be a token is none: %s', (pasted) => {
  expect(parsePresentedToken(pasted)).toBeNull();
});
