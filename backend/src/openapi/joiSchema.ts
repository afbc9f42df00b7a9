import type Joi from 'joi';
import joiToJson from 'joi-to-json';

/** A JSON Schema of the 2020-12 dialect, as OpenAPI 3.1 takes it. */
export type JsonSchema = Record<string, unknown>;

/** Bytes. */
export const FILE: JsonSchema = { type: 'string', format: 'binary' };

type Described = Joi.Description & {
  metas?: { schema?: JsonSchema }[];
  keys?: Record<string, Described>;
  items?: Described[];
};

const isObject = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The converter takes the flags of a regular expression for a part of it. */
const withoutFlags = ({ pattern, ...rest }: JsonSchema): JsonSchema =>
  typeof pattern === 'string' ? { ...rest, pattern: pattern.replace(/\/[a-z]*$/, '') } : rest;

const ANNOTATIONS = ['default', 'examples'];
const annotationsOf = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => ANNOTATIONS.includes(key)));

/**
 * What a check of ours reads out of a text no converter can tell: such a schema carries it as
 * `meta({ schema })`, and its sentence as the description.
 */
const refine = (schema: JsonSchema, described: Described): JsonSchema => {
  const meta = described.metas?.find(({ schema: own }) => own)?.schema;
  const refined = meta ? { ...annotationsOf(schema), ...meta } : withoutFlags(schema);
  const description = described.flags?.['description' as keyof object] as unknown;
  if (typeof description === 'string') refined['description'] = description;
  const { properties, items } = refined;
  if (isObject(properties)) {
    refined['properties'] = Object.fromEntries(
      Object.entries(properties).map(([key, child]) => {
        const own = described.keys?.[key];
        return [key, own && isObject(child) ? refine(child, own) : child];
      }),
    );
  }
  const [item] = described.items ?? [];
  if (item && isObject(items)) refined['items'] = refine(items, item);
  return refined;
};

/** The schema of a request's part, as a caller must send it. */
export const toJsonSchema = (schema: Joi.ObjectSchema<unknown>): JsonSchema =>
  refine(joiToJson(schema, 'open-api-3.1') as JsonSchema, schema.describe());
