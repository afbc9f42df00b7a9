import { unusableBody } from '../../errors';

export const TEXT_ENCODINGS = ['utf-8', 'utf-16le', 'utf-16be', 'windows-1251'] as const;
export type TextEncoding = (typeof TEXT_ENCODINGS)[number];

export interface DecodedText {
  text: string;
  encoding: TextEncoding;
}

const MARKS: readonly { bytes: readonly number[]; encoding: TextEncoding }[] = [
  { bytes: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { bytes: [0xff, 0xfe], encoding: 'utf-16le' },
  { bytes: [0xfe, 0xff], encoding: 'utf-16be' },
];

/** So much of a file tells its encoding. */
const SAMPLE_BYTES = 64 * 1024;

const isUtf8 = (bytes: Uint8Array): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
};

/** High bytes of Latin and Cyrillic letters, digits, signs and line ends. */
const HIGH_BYTES: ReadonlySet<number> = new Set([0x00, 0x04]);

/** How many of the units of two bytes are such letters if their high byte stands at `offset`. */
const countLetters = (sample: Uint8Array, offset: 0 | 1): number =>
  sample.filter((byte, index) => index % 2 === offset && HIGH_BYTES.has(byte)).length;

/**
 * Without a mark UTF-16 shows by its high bytes, which stand all at even or all at odd places:
 * those of the digits, slashes and line ends of a list are zero.
 */
const detectUtf16 = (bytes: Uint8Array): TextEncoding | null => {
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  if (!sample.includes(0)) return null;
  const most = sample.length / 4;
  if (countLetters(sample, 1) > most) return 'utf-16le';
  return countLetters(sample, 0) > most ? 'utf-16be' : null;
};

const detect = (bytes: Uint8Array): TextEncoding => {
  const mark = MARKS.find(({ bytes: sign }) => sign.every((byte, index) => bytes[index] === byte));
  return mark?.encoding ?? detectUtf16(bytes) ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1251');
};

/** No text has these; the end of file of DOS, 0x1A, some still do. */
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const BINARY = /[\u0000-\u0008\u000E-\u0019\u001B-\u001F]/;

const assertText = (text: string): void => {
  if (!BINARY.test(text)) return;
  const detail = 'Must be a text: save a workbook or a document as text or CSV first.';
  throw unusableBody(detail);
};

/**
 * Bytes of a list as people save it, as text: by its mark, else by what the bytes can be. What is
 * not UTF-8 is taken for Windows-1251, which every Russian Excel and Notepad of old writes.
 * @throws AppError `validation_failed` for what is no text in any of them: a picture, an archive, a
 *   workbook.
 */
export const decodeText = (bytes: Uint8Array): DecodedText => {
  const encoding = detect(bytes);
  // The decoder leaves a mark out; a list that breaks off in a character shows so in its last line.
  const text = new TextDecoder(encoding).decode(bytes);
  assertText(text);
  return { text, encoding };
};
