import { expect, test } from 'bun:test';
import { inspect } from 'node:util';
import { Secret } from './secret';

const VALUE = 'vk1.a.very-secret-token-7f3c';
const secret = new Secret(VALUE);

test('no way of printing shows the value', () => {
  const shown = [
    String(secret),
    JSON.stringify({ secret }),
    inspect({ secret }),
    Bun.inspect(secret),
  ];
  for (const text of shown) expect(text).not.toContain('very-secret');
  expect(secret.reveal()).toBe(VALUE);
});

test('the last four characters are shown only of a long value', () => {
  expect(secret.last4).toBe('7f3c');
  expect(new Secret('short').last4).toBe('????');
});

test('the value is taken out of text that came from outside', () => {
  expect(secret.redactFrom(`token ${VALUE} and ${VALUE}`)).toBe('token [secret] and [secret]');
  expect(new Secret('').redactFrom('text')).toBe('text');
});

test('the fingerprint names the value and does not hold it', () => {
  expect(secret.fingerprint).toMatch(/^[\da-f]{16}$/);
  expect(new Secret(VALUE).fingerprint).toBe(secret.fingerprint);
  expect(new Secret('other').fingerprint).not.toBe(secret.fingerprint);
});
