import Joi from 'joi';
import { AppError, type FieldError } from '../errors';

/** Where a value came from: a body is pointed into, a parameter is named. */
export type InputPart = 'body' | 'query' | 'params' | 'headers';

const ERRORS_MAX = 20;
const KEY_LENGTH_MAX = 100;

/** Joi's codes as sentences; they never repeat the value, which may be a secret pasted by mistake. */
const SENTENCES = {
  'any.only': 'Must be one of {#valids}.',
  'any.required': 'Is required.',
  'array.base': 'Must be a list.',
  'boolean.base': 'Must be true or false.',
  'number.base': 'Must be a number.',
  'number.integer': 'Must be a whole number.',
  'number.max': 'Must be {#limit} or less.',
  'number.min': 'Must be {#limit} or more.',
  'number.infinity': 'Must be a finite number.',
  'number.unsafe': 'Is too large a number.',
  'object.base': 'Must be an object.',
  'object.unknown': 'Is not known here.',
  'string.base': 'Must be a text, given once.',
  'string.empty': 'Must not be empty.',
  'string.max': 'Must be {#limit} characters or fewer.',
};

/** Read once: Joi would take each of them apart again at every validation. */
const MESSAGES = Object.fromEntries(
  Object.entries(SENTENCES).map(([code, sentence]) => [code, Joi.expression(sentence)]),
);

const escapeSegment = (segment: string): string =>
  segment.slice(0, KEY_LENGTH_MAX).replaceAll('~', '~0').replaceAll('/', '~1');

const toPointer = (part: InputPart, path: readonly (string | number)[]): string => {
  const segments = path.map((segment) => String(segment));
  if (part === 'body') return segments.map((segment) => `/${escapeSegment(segment)}`).join('');
  return segments.join('.').slice(0, KEY_LENGTH_MAX);
};

const summarise = (fields: FieldError[]): string => {
  const [first] = fields;
  if (!first) return 'The request cannot be used.';
  const name = first.pointer === '' ? 'The body' : first.pointer;
  const sentence = `${name}: ${first.detail}`;
  return fields.length === 1 ? sentence : `${sentence} (and ${fields.length - 1} more)`;
};

/**
 * `value` as the schema understands it. Nothing is converted silently: a schema reads the text of
 * a parameter itself, and a body has JSON's own types.
 * @throws AppError `validation_failed`, one field error for each thing that is wrong.
 */
export const validate = <T>(schema: Joi.ObjectSchema<T>, part: InputPart, value: unknown): T => {
  const { value: valid, error } = schema.validate(value, {
    abortEarly: false,
    convert: false,
    messages: MESSAGES,
    errors: { wrap: { label: false, array: false } },
  });
  if (!error) return valid;
  const fields = error.details
    .slice(0, ERRORS_MAX)
    .map(({ path, message }) => ({ pointer: toPointer(part, path), detail: message }));
  throw new AppError('validation_failed', summarise(fields), { fields });
};
