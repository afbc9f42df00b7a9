import fc, { type Arbitrary } from 'fast-check';
import type { NamedOperation, Parameter } from './apiDocument';
import { hostileText } from './hostileValues';
import { hostileSegment, validValue } from './inputValues';
import { mix, WEIGHTS, type Manner } from './manner';
import { payloadOf } from './payloads';
import type { Payload } from './uploads';

export const SENDERS = ['admin', 'read', 'nobody', 'stranger'] as const;

export interface FuzzRequest {
  operation: NamedOperation | null;
  method: string;
  /** With its query, as it goes over the wire. */
  path: string;
  sender: (typeof SENDERS)[number];
  headers: Record<string, string>;
  body: Payload['body'] | null;
}

const encode = (value: unknown): string => encodeURIComponent(String(value).toWellFormed());

/** Of this list, of another one, cut, lengthened, made up. */
const cursorOf = (cursors: readonly string[]): Arbitrary<string> =>
  fc.oneof(
    fc.constantFrom(...cursors),
    fc
      .tuple(fc.constantFrom(...cursors), fc.nat({ max: 80 }), fc.base64String({ maxLength: 8 }))
      .map(([cursor, at, added]) => cursor.slice(0, at) + encode(added)),
    fc.base64String({ maxLength: 400 }).map(encode),
  );

const segmentOf = (
  { name, schema }: Parameter,
  manner: Manner,
  cursors: readonly string[],
): Arbitrary<string> =>
  mix(
    manner,
    name === 'cursor' ? cursorOf(cursors) : validValue(name, schema).map(encode),
    hostileSegment,
  );

/** Without a name of its own, a place of a path leads to another operation. */
const isNameless = (segment: string): boolean => /^(?:\.|%2e){0,2}$/i.test(segment);

const pathOf = (
  { path, operation: { parameters = [] } }: NamedOperation,
  manner: Manner,
): Arbitrary<string> => {
  const places = parameters.filter((parameter) => parameter.in === 'path');
  return fc
    .tuple(
      ...places.map((parameter) =>
        segmentOf(parameter, manner, ['']).filter((segment) => !isNameless(segment)),
      ),
    )
    .map((values) =>
      places.reduce(
        (text, { name }, at) => text.replace(`{${name}}`, () => values[at] ?? ''),
        path,
      ),
    );
};

const pairsOf = (parameter: Parameter, manner: Manner, cursors: readonly string[]) => {
  const { items } = parameter.schema;
  const one = segmentOf(items ? { ...parameter, schema: items } : parameter, manner, cursors);
  const timesMax = manner === 'valid' && !items ? 1 : 3;
  const values = fc.oneof(
    { weight: 30, arbitrary: fc.array(one, { minLength: 1, maxLength: timesMax }) },
    { weight: WEIGHTS[manner], arbitrary: one.map((value) => Array<string>(101).fill(value)) },
  );
  return values.map((all) => all.map((value) => `${parameter.name}=${value}`));
};

const strayPair: Arbitrary<string[]> = fc
  .tuple(hostileSegment, hostileSegment)
  .map(([name, value]) => [`${name}=${value}`]);

const queryOf = (
  { operation: { parameters = [] } }: NamedOperation,
  manner: Manner,
  cursors: readonly string[],
): Arbitrary<string> => {
  const pairs = parameters
    .filter((parameter) => parameter.in === 'query')
    // A cursor goes with one list and one order only: most requests are read further without.
    .map((parameter) =>
      fc.oneof(
        { weight: parameter.name === 'cursor' ? 6 : 2, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: pairsOf(parameter, manner, cursors) },
      ),
    );
  const stray = manner === 'hostile' ? fc.option(strayPair, { nil: [] }) : fc.constant([]);
  return fc.tuple(...pairs, stray).map((found) => {
    const all = found.flat();
    return all.length === 0 ? '' : `?${all.join('&')}`;
  });
};

/** What `fetch` lets through: the rest is for raw sockets. */
const headerText = hostileText.map((text) =>
  text
    .replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '?')
    .slice(0, 4_000)
    .trim(),
);
const COMMON_HEADERS = [
  ['accept', 'accept-language', 'x-request-id', 'origin', 'referer', 'cookie', 'x-csrf-token'],
  ['x-forwarded-for', 'x-forwarded-proto', 'x-http-method-override', 'if-none-match', 'range'],
  ['if-match', 'if-modified-since', 'sec-fetch-site', 'last-event-id', 'idempotency-key'],
].flat();

const headersOf = (
  { path, operation: { parameters = [] } }: NamedOperation,
  manner: Manner,
): Arbitrary<Record<string, string>> => {
  const declared = parameters
    .filter((parameter) => parameter.in === 'header')
    .map(({ name, schema }) =>
      fc
        .option(mix(manner, validValue(name, schema).map(encode), headerText))
        .map((value) => [name, value] as const),
    );
  const accept = path.endsWith('/events') ? ['text/event-stream', null] : [null];
  const known = fc
    .tuple(
      ...declared,
      fc.constantFrom(...accept).map((value) => ['accept', value] as const),
    )
    .map((pairs): Record<string, string> =>
      Object.fromEntries(pairs.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
    );
  if (manner === 'valid') return known;
  const strays = fc.dictionary(fc.constantFrom(...COMMON_HEADERS), headerText, { maxKeys: 3 });
  return fc.tuple(known, strays).map(([one, other]) => ({ ...other, ...one }));
};

const senderOf = (manner: Manner): Arbitrary<FuzzRequest['sender']> =>
  manner === 'valid'
    ? fc.constant('admin')
    : fc.oneof({ weight: 8, arbitrary: fc.constant('admin') }, fc.constantFrom(...SENDERS));

const requestTo = (operation: NamedOperation, cursors: readonly string[]) =>
  fc.constantFrom<Manner>('valid', 'odd', 'odd', 'odd', 'hostile').chain((manner) =>
    fc
      .tuple(
        pathOf(operation, manner),
        queryOf(operation, manner, cursors),
        payloadOf(operation, manner),
        headersOf(operation, manner),
        senderOf(manner),
      )
      .map(([path, query, payload, headers, sender]): FuzzRequest => {
        const isBodyless = operation.method === 'GET';
        return {
          operation,
          method: operation.method,
          path: path + query,
          sender,
          headers: isBodyless ? headers : { ...headers, ...payload?.headers },
          body: isBodyless ? null : (payload?.body ?? null),
        };
      }),
  );

const elsewhere = (paths: readonly string[]): Arbitrary<FuzzRequest> =>
  fc
    .tuple(
      fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE', 'POST', 'PROPFIND'),
      fc.oneof(
        fc.constantFrom(...paths),
        fc
          .tuple(fc.constantFrom('/', '/api/v1/', '/docs/', '/health/'), hostileSegment)
          .map((parts) => parts.join('')),
      ),
      fc.dictionary(fc.constantFrom(...COMMON_HEADERS), headerText, { maxKeys: 3 }),
      fc.constantFrom(...SENDERS),
    )
    .map(([method, path, headers, sender]) => {
      const operation = null;
      return { operation, method, path, sender, headers, body: null };
    });

/** These take more kinds of input than the others. */
const LOVED = /^\/api\/v1\/(?:posts|comments|communities\/import|authors|tasks)$/;

/**
 * Requests to every operation of the document, well formed to hostile, and to what is beside it.
 * @param cursors of pages of lists, at least one
 */
export const fuzzRequests = (
  operations: readonly NamedOperation[],
  cursors: readonly string[],
): Arbitrary<FuzzRequest> =>
  fc.oneof(
    ...operations.map((operation) => ({
      weight: LOVED.test(operation.path) ? 6 : 2,
      arbitrary: requestTo(operation, cursors),
    })),
    { weight: 8, arbitrary: elsewhere(operations.map(({ path }) => path)) },
  );
