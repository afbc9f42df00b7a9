import type { RequestHandler } from 'express';
import type { ProcessMetrics } from '../services/metrics/processMetrics';

/** Counts requests and how long they take, by their route and never by the path as it was typed. */
export const createHttpTiming =
  ({ processMetrics }: { processMetrics: ProcessMetrics }): RequestHandler =>
  (request, response, next) => {
    const startedAt = performance.now();
    processMetrics.requestsInFlight.inc();
    response.once('close', () => {
      processMetrics.requestsInFlight.dec();
      processMetrics.requestFinished({
        method: request.method,
        route: response.locals.route,
        status: response.headersSent ? response.statusCode : null,
        durationS: (performance.now() - startedAt) / 1000,
      });
    });
    next();
  };
