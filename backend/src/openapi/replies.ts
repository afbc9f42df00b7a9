import type { Route } from '../controllers/route';
import contractSchemas from './contractSchemas.json';
import { FILE, type JsonSchema } from './joiSchema';
import { API, nameOf, textOf } from './operationNames';

type Json = Record<string, unknown>;

const REPLIES = contractSchemas.replies as Record<string, JsonSchema>;

const EXPORT_TYPES: Record<string, string> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
};

/** Of an export. */
const formatOf = ({ path }: Route): string | undefined => /\/exports\/\w+\.(\w+)$/.exec(path)?.[1];

const isEventLog = (route: Route): boolean => nameOf(route) === 'GET /tasks/:id/events';

const isIdempotent = ({ headers }: Route): boolean =>
  headers !== undefined && 'idempotency-key' in (headers.describe().keys as object);

const contentOf = (route: Route): Json => {
  const reply = REPLIES[nameOf(route)];
  const format = formatOf(route);
  if (format !== undefined) return { [EXPORT_TYPES[format] ?? '']: { schema: FILE } };
  if (route.path === '/metrics') return { 'text/plain': { schema: { type: 'string' } } };
  const json = { 'application/json': { schema: reply ?? { type: 'object' } } };
  return isEventLog(route)
    ? { ...json, 'text/event-stream': { schema: { type: 'string' } } }
    : json;
};

const problem = (description: string, headers: Json = {}): Json => ({
  description,
  ...headers,
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

/** What only what takes a body can refuse. */
const bodyRefusalsOf = ({ body, takesUpload }: Route): Json =>
  body || takesUpload
    ? {
        413: problem('The body is too large.'),
        415: problem('The body is of another media type, or packed in an unknown way.'),
      }
    : {};

const conflictsOf = (route: Route): Json => {
  const { conflict } = textOf(route);
  if (!isIdempotent(route)) return conflict === undefined ? {} : { 409: problem(conflict) };
  return {
    409: problem('The request that first came with this Idempotency-Key is still at work.'),
    422: problem('The Idempotency-Key came with another request before.'),
  };
};

const RETRY_AFTER: Json = {
  headers: {
    'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 1 } },
  },
};

const refusalsOf = (route: Route): Json => ({
  400: problem('Something sent cannot be used; a parameter that is not known here is refused.'),
  ...deniedOf(route),
  ...(route.params ? { 404: problem('There is no such thing.') } : {}),
  ...conflictsOf(route),
  ...bodyRefusalsOf(route),
  ...(route.path.startsWith(API)
    ? {
        429: problem('Too many requests; of exports and streams, too many at once.', RETRY_AFTER),
        503: problem('The database is away, or the query takes too long; see `code`.'),
      }
    : {}),
  default: problem('Anything else that went wrong; see `code`.'),
});

const text = (description: string): Json => ({ description, schema: { type: 'string' } });

const headersOf = (route: Route): Json => {
  const { givesLocation, givesCookie } = textOf(route);
  return {
    ...(givesLocation ? { Location: text('The path of what was made.') } : {}),
    ...(givesCookie ? { 'Set-Cookie': text('The session; pages cannot read it.') } : {}),
    ...(isIdempotent(route)
      ? { 'Idempotency-Replayed': text('`true`: the reply is that of an earlier request.') }
      : {}),
    ...(formatOf(route) === undefined
      ? {}
      : { 'Content-Disposition': text('An attachment, with a name for the file.') }),
    ...(route.path.startsWith(API) && route.scope !== 'open'
      ? {
          'RateLimit-Policy': text('How many requests go in how many seconds: `q`, `w`.'),
          RateLimit: text('How many are left, and seconds until they are counted anew: `r`, `t`.'),
        }
      : {}),
  };
};

const successOf = (route: Route, status: number): Json => {
  const headers = headersOf(route);
  return {
    description: status === 204 ? 'Done; nothing to say.' : 'As asked for.',
    ...(Object.keys(headers).length > 0 ? { headers } : {}),
    ...(status === 204 ? {} : { content: contentOf(route) }),
  };
};

/** Every reply of an operation, by its status. */
export const repliesOf = (route: Route): Json => {
  const { status = 200 } = textOf(route);
  const success = successOf(route, status);
  return {
    [status]: success,
    ...refusalsOf(route),
    ...(isEventLog(route)
      ? { 204: { description: 'Of a stream: the task has ended, and all of it was sent before.' } }
      : {}),
    ...(nameOf(route) === 'GET /health/ready' ? { 503: { ...success } } : {}),
  };
};
