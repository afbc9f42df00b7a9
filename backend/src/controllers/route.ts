import type { Language } from '@stenograf/contracts/reasons';
import type { Scope } from '@stenograf/contracts/scopes';
import type { Response } from 'express';
import type Joi from 'joi';

/** A file as it was sent: its bytes, or the text of one that came in JSON. */
export type Upload = { bytes: Uint8Array } | { text: string };

/** Makes the `next` of a page: only the same list, with the same filters, takes it as `cursor`. */
export type SealCursor = (place: unknown) => string;

/** A request after its checks: what a controller gets instead of Express's own. */
export interface ApiRequest<Params, Query, Body, Headers> {
  params: Params;
  query: Query;
  body: Body;
  /** Those that the route declares, by their names in lower case. */
  headers: Headers;
  language: Language;
  /** HEAD reaches the controllers of GET. */
  isHead: boolean;
  seal: SealCursor;
}

export type Controller<Params = object, Query = object, Body = undefined, Headers = object> = (
  request: ApiRequest<Params, Query, Body, Headers>,
  response: Response,
) => void | Promise<void>;

interface RouteSpec<Params, Query, Body, Headers> {
  method: 'get' | 'post' | 'patch' | 'delete';
  path: string;
  /**
   * `open` answers anyone; under /api/v1 that is POST /session alone. `loopback` answers programs of
   * this machine, and from elsewhere whoever has a key or a session.
   */
  scope: Scope | 'open' | 'loopback';
  params?: Joi.ObjectSchema<Params>;
  /** Absent: no parameter is known, any is refused. */
  query?: Joi.ObjectSchema<Query>;
  body?: Joi.ObjectSchema<Body>;
  /** Absent: the 2 MB that the longest list of links fits in several times. */
  bodyBytesMax?: number;
  /** The body is a file: the controller gets an `Upload`. */
  takesUpload?: boolean;
  /** Headers that the route reads; all others are none of its business. */
  headers?: Joi.ObjectSchema<Headers>;
  controller: Controller<Params, Query, Body, Headers>;
}

/** A row of the table of routes, whatever its controller takes. */
export type Route = RouteSpec<unknown, unknown, unknown, unknown>;

/** Checks that the schemas yield what the controller takes, then forgets the types. */
export const defineRoute = <Params = object, Query = object, Body = undefined, Headers = object>(
  spec: RouteSpec<Params, Query, Body, Headers>,
): Route => spec as unknown as Route;
