import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { AppError } from '../../errors';
import { decodeText } from './decodeText';

const LIST = 'https://vk.com/club1\r\n# Ёлки и «палки»\r\nсообщество; vk.ru/apiclub\r\n';

const utf16 = (text: string, endian: 'le' | 'be', mark: boolean): Uint8Array => {
  const bytes = Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
  return endian === 'le' ? bytes : bytes.swap16();
};

/** Windows-1251 of Russian text, by hand: Bun encodes to UTF-8 alone. */
const windows1251 = (text: string): Uint8Array => {
  const decoder = new TextDecoder('windows-1251');
  const bytes = new Map(
    Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte)), byte]),
  );
  return Uint8Array.from(text, (char) => bytes.get(char) ?? 63);
};

test.each([
  ['utf-8', Buffer.from(LIST)],
  ['utf-8', Buffer.from(`\uFEFF${LIST}`)],
  ['utf-16le', utf16(LIST, 'le', true)],
  ['utf-16be', utf16(LIST, 'be', true)],
  ['utf-16le', utf16(LIST, 'le', false)],
  ['utf-16be', utf16(LIST, 'be', false)],
  ['windows-1251', windows1251(LIST)],
] as const)('a list in %s is told by its bytes and read', (encoding, bytes) => {
  expect(decodeText(bytes)).toEqual({ text: LIST, encoding });
});

test('nothing at all is an empty text', () => {
  expect(decodeText(new Uint8Array())).toEqual({ text: '', encoding: 'utf-8' });
});

test('a short list of names in Russian is told to be UTF-16 by its line ends', () => {
  const text = 'клуб\nсообщество\n';
  expect(decodeText(utf16(text, 'le', false))).toEqual({ text, encoding: 'utf-16le' });
  expect(decodeText(utf16(text, 'be', false))).toEqual({ text, encoding: 'utf-16be' });
});

test.each([
  ['a picture', Buffer.from('\x89PNG\r\n\x1A\n\0\0\0\rIHDR\0\0', 'latin1')],
  ['a workbook', Buffer.from('PK\x03\x04\x14\0\b\b\b\0\xD7\x99\x77\x5D\xC3\xF2', 'latin1')],
  ['a list that holds a zero byte', Buffer.from('club1\0\nclub2\n')],
  ['UTF-16 of zeros', Buffer.alloc(64)],
])('%s is refused as no text', (_name, bytes) => {
  expect(() => decodeText(bytes)).toThrow('Must be a text');
});

test('any bytes are some text, or refused', () => {
  const read = (bytes: Uint8Array): string => {
    try {
      return decodeText(bytes).text;
    } catch (error) {
      if (error instanceof AppError) return error.code;
      throw error;
    }
  };
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(typeof read(bytes)).toBe('string');
    }),
  );
});
