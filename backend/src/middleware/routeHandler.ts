import type { Request, RequestHandler, Response } from 'express';
import type { Route } from '../controllers/route';
import { languageOf } from '../presenters/language';
import { noParameters } from '../schemas/parameters';
import { validate } from '../schemas/validate';
import { assertScope } from './authenticate';
import { readJsonBody } from './jsonBody';
import { readUpload } from './upload';

/** Of all headers, those that the route declares. */
const pickHeaders = (route: Route, request: Request): Record<string, string> => {
  const names = Object.keys((route.headers?.describe().keys as object | undefined) ?? {});
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = request.get(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
};

const readBody = async (route: Route, request: Request, response: Response): Promise<unknown> => {
  if (route.takesUpload) return readUpload(request, response);
  if (!route.body) return undefined;
  return validate(route.body, 'body', await readJsonBody(request, response, route.bodyBytesMax));
};

/** Scope, then parameters, then body, then the controller: a refused request is not even read. */
export const createRouteHandler =
  (route: Route): RequestHandler =>
  async (request, response) => {
    response.locals.route = route.path;
    if (route.scope !== 'open') assertScope(response.locals.identity, route.scope);
    const params = validate(route.params ?? noParameters, 'params', request.params);
    const query = validate(route.query ?? noParameters, 'query', request.query);
    const headers = validate(route.headers ?? noParameters, 'headers', pickHeaders(route, request));
    const body = await readBody(route, request, response);
    const isHead = request.method === 'HEAD';
    await route.controller(
      { params, query, body, headers, language: languageOf(request), isHead },
      response,
    );
  };
