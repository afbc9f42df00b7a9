import fc, { type Arbitrary } from 'fast-check';
import type { Schema } from './apiDocument';
import { HOSTILE_NUMBERS, hostileSearch, hostileText } from './hostileValues';

const ids = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 1_000_500 }));
const signedIds = fc.oneof(
  ids,
  fc.integer({ min: 1, max: 20 }).map((id) => -id),
);
const dates = fc.oneof(
  fc
    .date({ min: new Date('2023-06-01'), max: new Date('2027-01-01'), noInvalidDate: true })
    .chain((date) => fc.constantFrom(10, 16, 24).map((end) => date.toISOString().slice(0, end))),
  fc.integer({ min: 1, max: 900 }).map((days) => `${days}d`),
);

/** What only people know of a field by its name, where the document has it as a mere text. */
const BY_NAME: Record<string, Arbitrary<unknown>> = {
  id: ids,
  owner_id: signedIds,
  since: dates,
  until: dates,
  expires_at: fc.constantFrom('2099-12-31', '2030-01-01T00:00Z'),
  community: fc.constantFrom('1', '-2', 'club3'),
  author: fc.constantFrom('1', 'id7', '-2', 'club3'),
  q: hostileSearch,
  zone: fc.constantFrom('UTC', 'Europe/Moscow', 'Asia/Kolkata', 'Etc/GMT+12', 'posix/Japan'),
  min_likes: fc.nat({ max: 20 }),
  'idempotency-key': fc.string({ unit: fc.constantFrom('a', '1', '!', '~'), minLength: 1 }),
};

const LINES = ['club1', 'https://vk.com/apiclub', '-2', 'id1', 'nobody_at_all', 'event3'];
const lines = fc.constantFrom(...LINES);

const textOf = ({ examples = [], maxLength = 1_000 }: Schema): Arbitrary<unknown> => {
  const short = fc.string({ unit: 'grapheme', minLength: 1, maxLength: Math.min(maxLength, 40) });
  return examples.length > 0 ? fc.oneof(fc.constantFrom(...examples), short) : short;
};

const objectOf = ({ properties = {}, required = [] }: Schema): Arbitrary<unknown> => {
  const fields = Object.entries(properties).map(
    ([name, schema]) => [name, validValue(name, schema)] as const,
  );
  return fc.record(Object.fromEntries(fields), { requiredKeys: required });
};

/** Of a body or a parameter: what the document allows. */
export const validValue = (name: string, schema: Schema): Arbitrary<unknown> => {
  const known = BY_NAME[name];
  if (known) return known;
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.oneOf) return fc.oneof(...schema.oneOf.map((one) => validValue(name, one)));
  switch (schema.type ?? 'string') {
    case 'object':
      return objectOf(schema);
    case 'array': {
      const { items } = schema;
      const item = name === 'communities' || !items ? lines : validValue('', items);
      return fc.array(item, { minLength: 1, maxLength: 4 });
    }
    case 'integer': {
      const { minimum = 0, maximum = 1_000 } = schema;
      return fc.integer({ min: minimum, max: Math.min(maximum, minimum + 500) });
    }
    case 'boolean':
      return fc.boolean();
    default:
      return textOf(schema);
  }
};

const ODD_SEGMENTS = [
  ['%00', '%zz', '%', '%ff', '%c0%ae', '%ed%a0%80', '+', '%2e%2e', '%2f', '%252e', '%25'],
  ['1%00', '%0d%0aX-Injected:%201', '%u0041', '[]', '1&limit=1', ';', '1;a=b', '%e2%80%ae'],
].flat();

/** As it stands between `/` or behind `=`: well encoded, or not at all. */
export const hostileSegment: Arbitrary<string> = fc.oneof(
  hostileText.map((text) => encodeURIComponent(text.toWellFormed())),
  fc.constantFrom(...HOSTILE_NUMBERS.map(encodeURIComponent)),
  fc.constantFrom(...ODD_SEGMENTS),
);

const replaceIn = (value: unknown, path: number, by: unknown): unknown => {
  if (Array.isArray(value) && value.length > 0) {
    return value.with(path % value.length, by);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return by;
  const entries = Object.entries(value);
  const at = path % (entries.length + 1);
  const entry = entries[at];
  if (!entry) return { ...value, unknown_field: by };
  return { ...value, [entry[0]]: path % 2 === 0 ? by : replaceIn(entry[1], path >> 1, by) };
};

const oddValue: Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, 0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e308, true, [], {}, [[]]),
  fc.constant(Array.from({ length: 10_001 }, (_, index) => `club${index}`)),
);

/** A body with one thing in it that is not as it should be. */
export const nearlyValid = (schema: Schema): Arbitrary<unknown> =>
  fc
    .tuple(validValue('', schema), fc.nat({ max: 64 }), oddValue)
    .map(([value, path, odd]) => replaceIn(value, path, odd));
