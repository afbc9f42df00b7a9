import type { Route } from '../controllers/route';
import contractSchemas from './contractSchemas.json';
import { PARAMETER_TEXTS, TAGS } from './descriptions';
import { FILE, toJsonSchema, type JsonSchema } from './joiSchema';
import { operationIdOf, tagOf, textOf } from './operationNames';
import { repliesOf } from './replies';

type Json = Record<string, unknown>;

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
        description: PARAMETER_TEXTS[name] ?? description,
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

const bodyOf = ({ body, takesUpload }: Route): Json => {
  if (takesUpload) {
    const form = { type: 'object', properties: { file: FILE }, required: ['file'] };
    const content = {
      'application/json': { schema: TEXT_BODY },
      'text/plain': { schema: { type: 'string' } },
      'text/csv': { schema: { type: 'string' } },
      'application/octet-stream': { schema: FILE },
      'multipart/form-data': { schema: form },
    };
    return { requestBody: { required: true, content } };
  }
  if (!body) return {};
  const schema = toJsonSchema(body);
  return { requestBody: { required: true, content: { 'application/json': { schema } } } };
};

/** A browser sends the cookie by itself, the header only a page of ours: nothing changes without. */
const securityOf = ({ scope, method }: Route): Json[] => {
  if (scope === 'open') return [];
  const needed = [scope === 'loopback' ? 'read' : scope];
  const session = method === 'get' ? { session: needed } : { session: needed, csrf: [] };
  return [...(scope === 'loopback' ? [{}] : []), { key: needed }, session];
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
          description: 'Of whoever signed in; over https it is `__Host-stenograf_session`.',
        },
        csrf: {
          type: 'apiKey',
          in: 'header',
          name: 'X-CSRF-Token',
          description: 'The `csrf_token` of the session, with the cookie.',
        },
      },
    },
  };
};
