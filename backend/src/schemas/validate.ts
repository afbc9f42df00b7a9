import Joi from 'joi';
import type { FieldProblem } from '@stenograf/contracts/api';
import { invalidInput } from '../errors';

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

/** RFC 6901. */
const toPointer = (path: readonly (string | number)[]): string =>
  path.map((segment) => `/${escapeSegment(String(segment))}`).join('');

/**
 * `value` as the schema understands it. Nothing is converted silently: a schema reads the text of
 * a parameter itself, and a body has JSON's own types.
 * @throws AppError `validation_failed`, one field error for each thing that is wrong.
 */
export const validate = <T>(
  schema: Joi.ObjectSchema<T>,
  part: FieldProblem['in'],
  value: unknown,
): T => {
  const { value: valid, error } = schema.validate(value, {
    abortEarly: false,
    convert: false,
    messages: MESSAGES,
    errors: { wrap: { label: false, array: false } },
  });
  if (!error) return valid;
  const [first, ...others] = error.details
    .slice(0, ERRORS_MAX)
    .map(({ path, message }) => ({ in: part, pointer: toPointer(path), detail: message }));
  throw first ? invalidInput([first, ...others]) : error;
};
