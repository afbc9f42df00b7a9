import type { Request, RequestHandler, Response } from 'express';
import type { Route, SealCursor } from '../controllers/route';
import { languageOf } from '../presenters/language';
import { noParameters } from '../schemas/parameters';
import { validate } from '../schemas/validate';
import type { CursorService } from '../services/cursorService';
import { assertScope } from './authenticate';
import { isFromLoopback } from './loopback';
import { readJsonBody } from './jsonBody';
import { readUpload } from './upload';

const namesIn = (schema: Route['headers']): string[] =>
  Object.keys((schema?.describe().keys as object | undefined) ?? {});

/** Of all headers, those that the route declares. */
const pickHeaders = (names: readonly string[], request: Request): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = request.get(name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );

const readBody = async (route: Route, request: Request, response: Response): Promise<unknown> => {
  if (route.takesUpload) return readUpload(request, response);
  if (!route.body) return undefined;
  return validate(route.body, 'body', await readJsonBody(request, response, route.bodyBytesMax));
};

interface ListParameters extends Record<string, unknown> {
  limit?: number;
  cursor?: string;
}

/**
 * Reads the cursor that came and makes those that go out. A cursor belongs to its path and to all
 * parameters but the length of a page.
 */
const openCursors = async (
  route: Route,
  { params, query }: { params: unknown; query: unknown },
  cursorService: CursorService,
): Promise<{ query: unknown; seal: SealCursor }> => {
  const { limit, cursor, ...asked } = query as ListParameters;
  const entries = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  const cursors = await cursorService.forList(JSON.stringify([route.path, params, entries]));
  const place = cursor === undefined ? {} : { cursor: cursors.open(cursor) };
  return { query: { ...asked, limit, ...place }, seal: cursors.seal };
};

const noCursors: SealCursor = () => {
  throw new Error('This route declares no cursor.');
};

const assertAllowed = ({ scope }: Route, request: Request, { locals }: Response): void => {
  if (scope === 'open' || (scope === 'loopback' && isFromLoopback(request))) return;
  assertScope(locals.identity, scope === 'loopback' ? 'read' : scope);
};

/** Scope, then parameters, then body, then the controller: a refused request is not even read. */
export const createRouteHandler = (
  route: Route,
  { cursorService }: { cursorService: CursorService },
): RequestHandler => {
  const isList = namesIn(route.query).includes('cursor');
  const headerNames = namesIn(route.headers);
  return async (request, response) => {
    response.locals.route = route.path;
    // No answer has a version to compare with, but Express takes `*` for one that is known.
    delete request.headers['if-none-match'];
    assertAllowed(route, request, response);
    const params = validate(route.params ?? noParameters, 'path', request.params);
    const checked = validate(route.query ?? noParameters, 'query', request.query);
    const shown = pickHeaders(headerNames, request);
    const headers = validate(route.headers ?? noParameters, 'header', shown);
    const { query, seal } = isList
      ? await openCursors(route, { params, query: checked }, cursorService)
      : { query: checked, seal: noCursors };
    const body = await readBody(route, request, response);
    const isHead = request.method === 'HEAD';
    await route.controller(
      { params, query, body, headers, language: languageOf(request), isHead, seal },
      response,
    );
  };
};
