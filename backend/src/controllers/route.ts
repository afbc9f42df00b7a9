import type { Language } from '@stenograf/contracts/reasons';
import type { Scope } from '@stenograf/contracts/scopes';
import type { Response } from 'express';
import type Joi from 'joi';

/** A request after its checks: what a controller gets instead of Express's own. */
export interface ApiRequest<Params, Query, Body> {
  params: Params;
  query: Query;
  body: Body;
  language: Language;
  /** HEAD reaches the controllers of GET. */
  isHead: boolean;
}

export type Controller<Params = object, Query = object, Body = undefined> = (
  request: ApiRequest<Params, Query, Body>,
  response: Response,
) => void | Promise<void>;

interface RouteSpec<Params, Query, Body> {
  method: 'get' | 'post' | 'delete';
  path: string;
  /** `open` answers anyone; possible only outside /api/v1. */
  scope: Scope | 'open';
  params?: Joi.ObjectSchema<Params>;
  /** Absent: no parameter is known, any is refused. */
  query?: Joi.ObjectSchema<Query>;
  body?: Joi.ObjectSchema<Body>;
  controller: Controller<Params, Query, Body>;
}

/** A row of the table of routes, whatever its controller takes. */
export type Route = RouteSpec<unknown, unknown, unknown>;

/** Checks that the schemas yield what the controller takes, then forgets the types. */
export const defineRoute = <Params = object, Query = object, Body = undefined>(
  spec: RouteSpec<Params, Query, Body>,
): Route => spec as unknown as Route;
