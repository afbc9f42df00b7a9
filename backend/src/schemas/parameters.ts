import Joi from 'joi';
import { parseScopeDate, type ScopeEdge } from '../utils/scopeDate';

/**
 * Text that `parse` reads; where it returns null the answer is `sentence`.
 * @param schema what of it JSON Schema can say, for the document of the API
 */
export const readText = (
  parse: (text: string) => string | number | null,
  sentence: string,
  schema: Record<string, unknown> = { type: 'string' },
): Joi.StringSchema =>
  Joi.string()
    .description(sentence)
    .meta({ schema })
    .custom((text: string, helpers) => parse(text) ?? helpers.error('text.unreadable'))
    .messages({
      'text.unreadable': sentence,
      'string.base': sentence,
      'string.empty': sentence,
    });

const parseId = (text: string): number | null =>
  /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;

const ID_SCHEMA = { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER };
export const idParameter = readText(
  parseId,
  'Must be an id: a whole number above 0.',
  ID_SCHEMA,
).example(1);

export const idParams = Joi.object<{ id: number }>({ id: idParameter.required() });

export const noParameters = Joi.object<Record<string, never>>({});

const LIMIT_MAX = 500;
const LIMIT_DEFAULT = 50;

const parseLimit = (text: string): number | null => {
  const limit = parseId(text);
  return limit !== null && limit <= LIMIT_MAX ? limit : null;
};

export interface ListQuery {
  limit: number;
  /** Key of the last item of the page before, as it was sealed into the cursor. */
  cursor?: number;
}

/** What every list takes. The cursor is read once the whole query is known, to which it belongs. */
export const pageParameters = {
  limit: readText(parseLimit, `Must be a whole number from 1 to ${LIMIT_MAX}.`, {
    type: 'integer',
    minimum: 1,
    maximum: LIMIT_MAX,
  }).default(LIMIT_DEFAULT),
  cursor: Joi.string().description('The `next` of the page before.'),
};

export const listQuery = Joi.object<ListQuery>(pageParameters);

const DATE_SENTENCE =
  'Must be a date (2026-01-31), a time (2026-01-31T10:00Z) or an age (30d, 12h).';

const dateOf = (value: unknown, edge: ScopeEdge, now: Date): Date | null =>
  typeof value === 'string' ? parseScopeDate(value, edge, now) : null;

/**
 * The two bounds of a scope as they were written: `since` is checked against its sibling `until`.
 * An age is counted from the moment of checking, the same for both.
 */
export const scopeDates = {
  since: readText((text) => text, DATE_SENTENCE)
    .custom((text: string, helpers) => {
      const now = new Date();
      const since = dateOf(text, 'since', now);
      if (!since) return helpers.error('text.unreadable');
      const { until: untilText } = (helpers.state.ancestors as { until?: unknown }[])[0] ?? {};
      const until = dateOf(untilText, 'until', now);
      return until && since > until ? helpers.error('scope.order') : text;
    })
    .messages({ 'scope.order': 'Must not be after `until`.' }),
  until: readText((text) => (dateOf(text, 'until', new Date()) ? text : null), DATE_SENTENCE),
};

export interface IdempotencyHeaders {
  /** Chosen by the caller; the same request sent again with it is carried out once. */
  'idempotency-key'?: string;
}

export const idempotencyHeaders = Joi.object<IdempotencyHeaders>({
  'idempotency-key': Joi.string()
    .pattern(/^[\x21-\x7e]{1,255}$/)
    .messages({ 'string.pattern.base': 'Must be 1 to 255 visible ASCII characters.' }),
});

export interface EventHeaders {
  accept?: string;
  /** Number of the last event that the reader has; 0 before the first. */
  'last-event-id'?: number;
}

const parseEventId = (text: string): number | null => (text === '0' ? 0 : parseId(text));

/** Whether a page or a stream of events is wanted, and from where on. */
export const eventHeaders = Joi.object<EventHeaders>({
  accept: Joi.string(),
  'last-event-id': readText(parseEventId, 'Must be the id of an event: a whole number.'),
});
