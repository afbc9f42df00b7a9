import type { ProblemDetails } from './api';
import type { OperationName, Operations } from './operations';

/** A reply that is not a success. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status. */
  readonly status: number;
  /** What the service says went wrong; null when the answer was not one of Stenograf. */
  readonly problem: ProblemDetails | null;

  constructor(status: number, problem: ProblemDetails | null) {
    super(problem?.detail ?? `The answer is not one of Stenograf (HTTP ${status}).`);
    this.status = status;
    this.problem = problem;
  }
}

type Part<Name extends OperationName, Key extends string> =
  Operations[Name] extends Record<Key, infer Value> ? { [K in Key]: Value } : unknown;

/** What an operation takes; a query may always be left out. */
export type OperationInput<Name extends OperationName> = Part<Name, 'params'> &
  Part<Name, 'body'> &
  Partial<Part<Name, 'query'>>;

export type OperationReply<Name extends OperationName> = Operations[Name]['reply'];

export interface CallOptions {
  signal?: AbortSignal;
  /** The same request sent again with the same key is carried out once. */
  idempotencyKey?: string;
}

/** What can be left out as a whole need not be given. */
type Arguments<Name extends OperationName> =
  object extends OperationInput<Name>
    ? [input?: OperationInput<Name>, options?: CallOptions]
    : [input: OperationInput<Name>, options?: CallOptions];

export interface ClientOptions {
  /** Of the service, without a path: `http://127.0.0.1:3000`. */
  url: string;
  /** Sent with every request: `Authorization`, `Accept-Language`, `X-CSRF-Token`. */
  headers?: Record<string, string>;
  /** Instead of the global `fetch`. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

export interface Client {
  /**
   * One operation by its name, as in `call('GET /tasks/:id', { params: { id: 5 } })`.
   * @throws ApiError for an answer that is not a success; what `fetch` throws.
   */
  call<Name extends OperationName>(
    name: Name,
    ...args: Arguments<Name>
  ): Promise<OperationReply<Name>>;
  /**
   * Every item of a list, page after page, each page asked for when it is needed.
   * @throws as `call`.
   */
  pages<Name extends ListName>(
    name: Name,
    ...args: Arguments<Name>
  ): AsyncGenerator<ItemOf<Name>, void>;
}

/** Operations that answer a page of a list. */
export type ListName = {
  [Name in OperationName]: OperationReply<Name> extends { items: unknown[]; next: string | null }
    ? Name
    : never;
}[OperationName];

type ItemOf<Name extends ListName> =
  OperationReply<Name> extends { items: (infer Item)[] } ? Item : never;

type Values = Record<string, unknown>;

const toText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

/** `?a=1&b=x&b=y`: a list is given several times, what is undefined not at all. */
export const toQuery = (query: Values): string => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const values: unknown[] = Array.isArray(value) ? value : [value];
    for (const one of values) if (one !== undefined) search.append(name, toText(one));
  }
  return search.size > 0 ? `?${search.toString()}` : '';
};

interface AnyInput {
  params?: Values;
  query?: Values;
  body?: unknown;
}

const addressOf = (name: string, { params = {}, query = {} }: AnyInput) => {
  const [method = '', path = ''] = name.split(' ');
  const filled = path.replace(/:(\w+)/g, (_, key: string) =>
    encodeURIComponent(toText(params[key])),
  );
  const base = path.startsWith('/health/') ? '' : '/api/v1';
  return { method, path: `${base}${filled}${toQuery(query)}` };
};

const isProblem = (value: unknown): value is ProblemDetails =>
  typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;

const readJson = async (response: Response): Promise<unknown> => {
  if (response.status === 204) return null;
  return response.json().catch(() => undefined);
};

/** The HTTP API as typed calls, for whatever has `fetch`: browsers, Bun, Node. */
export const createClient = ({
  url,
  headers = {},
  fetch = globalThis.fetch,
}: ClientOptions): Client => {
  const send = async (
    name: string,
    input: AnyInput,
    { signal, idempotencyKey }: CallOptions,
  ): Promise<unknown> => {
    const { method, path } = addressOf(name, input);
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...headers,
        ...(input.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
      },
      ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
      ...(signal ? { signal } : {}),
    });
    const reply = await readJson(response);
    if (response.ok && reply !== undefined) return reply;
    throw new ApiError(response.status, isProblem(reply) ? reply : null);
  };

  // Which operation answers what, only its name tells: `Operations` pairs them.
  const call = (name: string, input: AnyInput = {}, options: CallOptions = {}) =>
    send(name, input, options) as Promise<never>;

  async function* pages(name: string, input: AnyInput = {}, options?: CallOptions) {
    let cursor: string | null | undefined;
    do {
      const query = { ...input.query, ...(cursor === undefined ? {} : { cursor }) };
      const page: { items: never[]; next: string | null } = await call(
        name,
        { ...input, query },
        options,
      );
      yield* page.items;
      cursor = page.next;
    } while (cursor !== null);
  }

  return { call, pages };
};
