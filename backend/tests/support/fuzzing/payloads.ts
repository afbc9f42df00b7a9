import { gzipSync } from 'node:zlib';
import fc, { type Arbitrary } from 'fast-check';
import type { NamedOperation, Schema } from './apiDocument';
import { hostileJson } from './hostileValues';
import { nearlyValid, validValue } from './inputValues';
import { mix, type Manner } from './manner';
import { upload, type Payload } from './uploads';

const JSON_TYPE = { 'content-type': 'application/json' };

const asJson = (value: unknown): Payload => ({ body: JSON.stringify(value), headers: JSON_TYPE });

const utf8 = new TextEncoder();

/** Bytes that are no JSON, or come in another guise than they say. */
const hostilePayload: Arbitrary<Payload> = fc.oneof(
  { weight: 8, arbitrary: hostileJson.map((body) => ({ body, headers: JSON_TYPE })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(hostileJson, fc.constantFrom('gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'x'))
      .map(([body, encoding]) => ({
        body,
        headers: { ...JSON_TYPE, 'content-encoding': encoding },
      })),
  },
  {
    weight: 2,
    arbitrary: hostileJson.map((text) => ({
      body: Uint8Array.from(gzipSync(text)),
      headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
    })),
  },
  {
    weight: 2,
    arbitrary: fc
      .uint8Array({ maxLength: 200 })
      .map((bytes) => ({ body: Uint8Array.from(bytes), headers: JSON_TYPE })),
  },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(
        'application/json; charset=utf-16',
        'application/json; charset="',
        'text/html',
        'application/x-www-form-urlencoded',
        '/',
        'application/json;'.repeat(200),
      )
      .map((type) => ({ body: '{}', headers: { 'content-type': type } })),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      {
        body: Uint8Array.from(gzipSync(Buffer.alloc(32 * 1024 * 1024))),
        headers: { ...JSON_TYPE, 'content-encoding': 'gzip' },
      },
      {
        body: utf8.encode(`{"communities":["${'x'.repeat(3 * 1024 * 1024)}"]}`),
        headers: JSON_TYPE,
      },
      { body: utf8.encode(`[${'0,'.repeat(900_000)}0]`), headers: JSON_TYPE },
    ),
  },
);

/** What is sent to an operation as its body; null for none. */
export const payloadOf = (
  { operation: { requestBody } }: NamedOperation,
  manner: Manner,
): Arbitrary<Payload | null> => {
  if (!requestBody) {
    return manner === 'hostile' ? fc.option(hostilePayload) : fc.constant(null);
  }
  if ('multipart/form-data' in requestBody.content) return mix(manner, upload, hostilePayload);
  const schema: Schema = requestBody.content['application/json']?.schema ?? {};
  const bad = fc.oneof(
    { weight: 3, arbitrary: nearlyValid(schema).map(asJson) },
    { weight: 1, arbitrary: hostilePayload },
  );
  return mix(manner, validValue('', schema).map(asJson), bad);
};
