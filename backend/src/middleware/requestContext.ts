import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import { withLogFields } from '../utils/logContext';
import type { Logger } from '../utils/logger';

declare global {
  // oxlint-disable-next-line typescript/no-namespace -- the way Express offers to type its locals
  namespace Express {
    interface Locals {
      requestId: string;
      /** Pattern of the matched route: a path itself may hold what a person typed. */
      route?: string;
    }
  }
}

const SANE_ID = /^[\w-]{8,64}$/;

/** Asked for every few seconds by whatever watches over the service. */
const WATCHED = /^\/(?:health\/|metrics$)/;

const chooseId = (presented: string | undefined): string =>
  presented !== undefined && SANE_ID.test(presented) ? presented : randomUUID();

const logEnd = (logger: Logger, request: Request, response: Response, startedAt: number): void => {
  const { requestId, route = 'unmatched' } = response.locals;
  const level = WATCHED.test(route) ? 'debug' : 'info';
  logger[level]('Request', {
    requestId,
    method: request.method,
    route,
    status: response.statusCode,
    durationMs: Math.round(performance.now() - startedAt),
    ...(response.writableFinished ? {} : { aborted: true }),
  });
};

/**
 * Gives the request its id, which every log line made on its way carries, and logs its end:
 * neither query nor body, nor the path as it was typed.
 */
export const createRequestContext =
  ({ logger }: { logger: Logger }): RequestHandler =>
  (request, response, next) => {
    const startedAt = performance.now();
    const requestId = chooseId(request.get('X-Request-Id'));
    response.locals.requestId = requestId;
    response.set('X-Request-Id', requestId);
    response.once('close', () => logEnd(logger, request, response, startedAt));
    withLogFields({ requestId }, next);
  };
