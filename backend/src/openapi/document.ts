import type { OperationName } from '@stenograf/contracts/operations';
import type { Route } from '../controllers/route';
import contractSchemas from './contractSchemas.json';
import { OPERATION_TEXTS, TAGS, type OperationText } from './descriptions';
import { toJsonSchema, type JsonSchema } from './joiSchema';

type Json = Record<string, unknown>;

const API = '/api/v1';
const REPLIES = contractSchemas.replies as Record<string, JsonSchema>;

const EXPORT_TYPES: Record<string, string> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
};

const nameOf = ({ method, path }: Route): string =>
  `${method.toUpperCase()} ${path.replace(API, '')}`;

const tagOf = ({ path }: Route): string => path.replace(API, '').split(/[/.]/)[1] ?? '';

/** `GET /tasks/:id/targets` → `getTasksTargets`, with `ById` where the path ends in an id. */
const operationIdOf = ({ method, path }: Route): string => {
  const words = path
    .replace(API, '')
    .split(/[/.\-_]/)
    .filter((word) => word !== '')
    .map((word) => (word.startsWith(':') ? `By${word.slice(1)}` : word));
  return [method, ...words]
    .map((word, index) => (index === 0 ? word : word[0]?.toUpperCase() + word.slice(1)))
    .join('');
};

/** Of the operations that are no part of the contract, since they do not speak JSON of ours. */
const PLAIN_TEXTS: Record<string, OperationText> = {
  '/openapi.json': { summary: 'This document' },
  '/metrics': {
    summary: 'How it works, for Prometheus',
    description: 'Needs no key from the machine of the service, if no proxy stands between.',
  },
};

const textOf = (route: Route): OperationText => {
  const name = nameOf(route);
  const known = OPERATION_TEXTS[name as OperationName] as OperationText | undefined;
  if (known) return known;
  const plain = PLAIN_TEXTS[route.path];
  if (plain) return plain;
  const [, kind = '', format = ''] = /\/exports\/(\w+)\.(\w+)$/.exec(route.path) ?? [];
  return { summary: `${kind[0]?.toUpperCase()}${kind.slice(1)} as ${format.toUpperCase()}` };
};

const parametersOf = ({ params, query, headers }: Route): Json[] => {
  const places = [
    { place: 'path', schema: params },
    { place: 'query', schema: query },
    { place: 'header', schema: headers },
  ];
  return places.flatMap(({ place, schema }) => {
    if (!schema) return [];
    const { properties = {}, required = [] } = toJsonSchema(schema) as {
      properties?: Record<string, JsonSchema>;
      required?: string[];
    };
    return Object.entries(properties)
      .filter(([name]) => name !== 'accept')
      .map(([name, { description, examples, ...own }]) => ({
        name,
        in: place,
        required: place === 'path' || required.includes(name),
        ...(description === undefined ? {} : { description }),
        ...(Array.isArray(examples) ? { example: examples[0] as unknown } : {}),
        schema: own,
      }));
  });
};

const TEXT_BODY: JsonSchema = {
  type: 'object',
  properties: { text: { type: 'string', examples: ['https://vk.com/apiclub\nclub1'] } },
  required: ['text'],
  additionalProperties: false,
};
const FILE: JsonSchema = { type: 'string', format: 'binary' };

const bodyOf = ({ body, takesUpload }: Route): Json => {
  if (takesUpload) {
    const form = { type: 'object', properties: { file: FILE }, required: ['file'] };
    const content = {
      'application/json': { schema: TEXT_BODY },
      'text/plain': { schema: { type: 'string' } },
      'application/octet-stream': { schema: FILE },
      'multipart/form-data': { schema: form },
    };
    return { requestBody: { required: true, content } };
  }
  if (!body) return {};
  const schema = toJsonSchema(body);
  return { requestBody: { required: true, content: { 'application/json': { schema } } } };
};

const contentOf = (route: Route): Json => {
  const reply = REPLIES[nameOf(route)];
  const format = /\/exports\/\w+\.(\w+)$/.exec(route.path)?.[1];
  if (format) return { [EXPORT_TYPES[format] ?? '']: { schema: FILE } };
  if (route.path === '/metrics') return { 'text/plain': { schema: { type: 'string' } } };
  const json = { 'application/json': { schema: reply ?? { type: 'object' } } };
  return nameOf(route) === 'GET /tasks/:id/events'
    ? { ...json, 'text/event-stream': { schema: { type: 'string' } } }
    : json;
};

const problem = (description: string): Json => ({
  description,
  content: {
    'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDetails' } },
  },
});

const deniedOf = ({ scope }: Route): Json => {
  if (scope === 'open') return {};
  const unknown = { 401: problem('No valid key or session came along.') };
  if (scope === 'loopback') return unknown;
  return { ...unknown, 403: problem(`The key or the role does not reach: ${scope} is needed.`) };
};

const refusalsOf = (route: Route): Json => {
  return {
    400: problem('Something sent cannot be used; a parameter that is not known here is refused.'),
    ...deniedOf(route),
    ...(route.params ? { 404: problem('There is no such thing.') } : {}),
    default: problem('Anything else that went wrong; see `code`.'),
  };
};

const repliesOf = (route: Route): Json => {
  const { status = 200 } = textOf(route);
  const success =
    status === 204
      ? { description: 'Done; nothing to say.' }
      : { description: 'As asked for.', content: contentOf(route) };
  const ready = nameOf(route) === 'GET /health/ready' ? { 503: { ...success } } : {};
  return { [status]: success, ...ready, ...refusalsOf(route) };
};

const CREDENTIALS: Json[] = [{ key: [] }, { session: [] }];

const securityOf = ({ scope }: Route): Json[] => {
  if (scope === 'open') return [];
  return scope === 'loopback' ? [{}, ...CREDENTIALS] : CREDENTIALS;
};

const operationOf = (route: Route): Json => {
  const { summary, description } = textOf(route);
  const parameters = parametersOf(route);
  return {
    operationId: operationIdOf(route),
    tags: [tagOf(route)],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...bodyOf(route),
    responses: repliesOf(route),
    security: securityOf(route),
  };
};

const INTRODUCTION = `Collects posts and comments of VK communities and makes them searchable.

Names are snake_case, VK's own where VK has one; times are ISO 8601 in UTC. Every list is read with
\`limit\` and \`cursor\`. Every refusal is an \`application/problem+json\` with a stable \`code\`.`;

/** The whole API as OpenAPI 3.1, made from the table of routes and the schemas that check it. */
export const createDocument = (routes: readonly Route[], version: string): Json => {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operationOf(route) };
  }
  const used = new Set(routes.map(tagOf));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Stenograf',
      version,
      description: INTRODUCTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/', description: 'This service' }],
    tags: [...used].map((name) => ({ name, description: TAGS[name] ?? name })),
    paths,
    components: {
      schemas: contractSchemas.schemas,
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key: `stg_…`.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'stenograf_session',
          description: 'Of whoever signed in; what changes something needs `X-CSRF-Token` too.',
        },
      },
    },
  };
};
