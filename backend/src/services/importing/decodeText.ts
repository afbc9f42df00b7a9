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

/**
 * Without a mark UTF-16 shows by the zero bytes of its digits, slashes and line ends, which stand
 * all at even or all at odd places; no other text holds any.
 */
const detectUtf16 = (bytes: Uint8Array): TextEncoding | null => {
  const zeros = { even: 0, odd: 0 };
  for (const [index, byte] of bytes.subarray(0, SAMPLE_BYTES).entries()) {
    if (byte === 0) zeros[index % 2 === 0 ? 'even' : 'odd'] += 1;
  }
  if (zeros.even === zeros.odd) return null;
  return zeros.even > zeros.odd ? 'utf-16be' : 'utf-16le';
};

const detect = (bytes: Uint8Array): TextEncoding => {
  const mark = MARKS.find(({ bytes: sign }) => sign.every((byte, index) => bytes[index] === byte));
  return mark?.encoding ?? detectUtf16(bytes) ?? (isUtf8(bytes) ? 'utf-8' : 'windows-1251');
};

/**
 * Bytes of a list as people save it, as text: by its mark, else by what the bytes can be. What is
 * not UTF-8 is taken for Windows-1251, which every Russian Excel and Notepad of old writes.
 */
export const decodeText = (bytes: Uint8Array): DecodedText => {
  const encoding = detect(bytes);
  // The decoder leaves a mark out; a list that breaks off in a character shows so in its last line.
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
};
