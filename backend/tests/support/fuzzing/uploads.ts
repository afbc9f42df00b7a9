import fc, { type Arbitrary } from 'fast-check';
import { hostileText } from './hostileValues';

/** A body with the headers that say what it is. */
export interface Payload {
  body: Uint8Array<ArrayBuffer> | string;
  headers: Record<string, string>;
}

const REFERENCES = [
  ['club1', 'https://vk.com/apiclub', 'vk.ru/public3', '@durov', '[club1|Клуб]', 'id1', '-5'],
  ['https://vk.com/wall-1_2', 'https://m.vk.com/club1?w=wall-1_1', '# comment', '', '\t;;,"'],
  ['"', 'club99999999999999999999', 'club0', 'http://', 'vk.com', 'vk.com/', '//vk.com/%zz'],
  ['"a;b";"c', 'name;https://vk.com/club2;5', '1,2,3', 'x'.repeat(501)],
  ['https://vk.com@evil.example/club1'],
].flat();

const line = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...REFERENCES) }, hostileText);
const list = fc
  .tuple(fc.array(line, { maxLength: 30 }), fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\u2028'))
  .map(([lines, end]) => lines.join(end));

const utf16 = (text: string, isBig: boolean): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isBig ? bytes.swap16() : bytes;
};

const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

/** A list in some encoding, whole or with its last byte missing. */
const encoded = fc
  .tuple(list, fc.constantFrom('utf8', 'bom', 'le', 'be', 'latin1'), fc.boolean())
  .map(([text, encoding, isCut]) => {
    const bytes =
      encoding === 'le' || encoding === 'be'
        ? utf16(text, encoding === 'be')
        : Buffer.from(
            encoding === 'bom' ? `\ufeff${text}` : text,
            encoding === 'latin1' ? 'latin1' : 'utf8',
          );
    return own(isCut ? bytes.subarray(0, -1) : bytes);
  });

const anyBytes = fc.oneof(
  { weight: 6, arbitrary: encoded },
  { weight: 3, arbitrary: fc.uint8Array({ maxLength: 400 }).map(own) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      own(Buffer.from('club1\n'.repeat(10_001))),
      own(Buffer.alloc(100_000)),
      own(Buffer.alloc(65_537, 0xff)),
      own(Buffer.from(';'.repeat(100_000))),
      own(Buffer.from(`"${'a\n'.repeat(5_000)}`)),
      own(Buffer.from('\r'.repeat(200_000))),
    ),
  },
);

const plain: Arbitrary<Payload> = fc
  .tuple(
    anyBytes,
    fc.constantFrom(
      'text/plain',
      'text/csv; charset=windows-1251',
      'text/plain; charset=no-such',
      'application/octet-stream',
    ),
  )
  .map(([body, type]) => ({ body, headers: { 'content-type': type } }));

const BOUNDARY = 'x-fuzz';
const part = (name: string, content: Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; ${name}\r\n\r\n`),
    content,
    Buffer.from('\r\n'),
  ]);
const PART_NAMES = [
  ['name="file"; filename="list.txt"', 'name="file"', 'name="__proto__"', 'name=""'],
  ['filename=""', 'name="file"; filename="../../etc/passwd\0"', "name*=utf-8''%zz"],
  ['name="a\r\nX: y"'],
].flat();

const form: Arbitrary<Payload> = fc
  .tuple(
    anyBytes,
    fc.constantFrom(...PART_NAMES),
    fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(1, 1, 1, 0, 2) },
      { weight: 1, arbitrary: fc.constant(20_000) },
    ),
    fc.constantFrom(`--${BOUNDARY}--\r\n`, `--${BOUNDARY}--\r\n`, '', '--x--'),
    fc.constantFrom(`; boundary=${BOUNDARY}`, `; boundary="${BOUNDARY}"`, '', '; boundary='),
  )
  .map(([bytes, name, count, end, boundary]) => {
    const one = part(name, count > 2 ? Buffer.from('x') : bytes);
    const body = own(Buffer.concat([...Array<Buffer>(count).fill(one), Buffer.from(end)]));
    return { body, headers: { 'content-type': `multipart/form-data${boundary}` } };
  });

/** What may be sent to where a file is taken. */
export const upload: Arbitrary<Payload> = fc.oneof(
  { weight: 3, arbitrary: plain },
  { weight: 2, arbitrary: form },
  {
    weight: 1,
    arbitrary: list.map((text) => ({
      body: JSON.stringify({ text }),
      headers: { 'content-type': 'application/json' },
    })),
  },
);
