import { describe, expect, test } from 'bun:test';
import { createSecretBox } from './secretBox';

const SECRET = 'a secret of thirty-two characters';
const TOKEN = 'vk1.a.FAKE-token_0123456789';
const box = createSecretBox(SECRET);

describe('a sealed text', () => {
  test('is opened by the same secret and context alone', () => {
    const sealed = box.seal(TOKEN, 'row 1');
    expect(createSecretBox(SECRET).open(sealed, 'row 1')).toBe(TOKEN);
    expect(box.open(sealed, 'row 2')).toBeNull();
    expect(createSecretBox(`${SECRET}!`).open(sealed, 'row 1')).toBeNull();
  });

  test('does not open after the change of any one bit', () => {
    const sealed = box.seal(TOKEN, 'row 1');
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const changed = Buffer.from(sealed);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(box.open(changed, 'row 1')).toBeNull();
    }
  });

  test('does not open when it is cut short or prolonged', () => {
    const sealed = box.seal(TOKEN, 'row 1');
    for (let length = 0; length < sealed.length; length += 1) {
      expect(box.open(sealed.subarray(0, length), 'row 1')).toBeNull();
    }
    expect(box.open(Buffer.concat([sealed, Buffer.of(0)]), 'row 1')).toBeNull();
  });

  test('shows neither the text nor that it is the same as another', () => {
    const sealed = Array.from({ length: 100 }, () => box.seal(TOKEN, 'row 1').toString('latin1'));
    expect(new Set(sealed).size).toBe(100);
    expect(sealed.join()).not.toContain('FAKE');
  });
});

test('the name of a secret is its own and does not tell it', () => {
  expect(box.keyId).toBe(createSecretBox(SECRET).keyId);
  expect(box.keyId).not.toBe(createSecretBox(`${SECRET}!`).keyId);
  expect(box.keyId).toMatch(/^[0-9a-f]{16}$/);
});
