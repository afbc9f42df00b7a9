import type { ErrorRequestHandler } from 'express';
import { AppError, ReaderLeftError } from '../errors';
import { languageOf } from '../presenters/language';
import { presentProblem, statusOf } from '../presenters/problemPresenter';
import { isDatabaseUnavailable } from '../repositories/databaseUnavailable';
import type { Logger } from '../utils/logger';
import { createTooLargeError } from './bodySize';

interface FrameworkError {
  status?: unknown;
  type?: unknown;
  limit?: unknown;
}

/** Of the errors that Express and its body reader make: theirs alone carry `expose`. */
const fromFramework = (error: FrameworkError): AppError | null => {
  const cause = { cause: error };
  switch (error.status) {
    case 413:
      return createTooLargeError(Number(error.limit), error);
    case 415:
      return new AppError('unsupported_media_type', 'This encoding is not supported.', cause);
    // Conditions and ranges of a file that cannot be met.
    case 412:
    case 416:
    case 400:
      return error.type === 'request.aborted'
        ? new AppError('validation_failed', 'The body was cut short.', cause)
        : new AppError('validation_failed', 'The request cannot be read.', cause);
    default:
      return null;
  }
};

const isExposed = (error: unknown): error is Error & FrameworkError =>
  error instanceof Error && (error as FrameworkError).status !== undefined;

const toAppError = (error: unknown): AppError => {
  if (error instanceof AppError) return error;
  if (isDatabaseUnavailable(error)) {
    return new AppError('database_unavailable', 'The database cannot be reached; try again soon.', {
      cause: error,
    });
  }
  const known = isExposed(error) ? fromFramework(error) : null;
  return (
    known ??
    new AppError('internal', 'Something failed here; the log has it under this request id.', {
      cause: error,
    })
  );
};

/** The one place where an error becomes an answer, and where a failure of ours is logged. */
export const createProblemHandler =
  ({ logger }: { logger: Logger }): ErrorRequestHandler =>
  // Express tells an error handler by its four parameters.
  (error, request, response, _next) => {
    // Nobody is there to be answered; the request's own line in the log says `aborted`.
    if (error instanceof ReaderLeftError) return;
    const failure = toAppError(error);
    if (statusOf(failure.code) >= 500) logger.error('Request failed', { error });
    if (response.headersSent) {
      // A clean end would make what was sent look complete.
      response.destroy();
      return;
    }
    if (failure.retryAfterS !== undefined) response.set('Retry-After', String(failure.retryAfterS));
    const problem = presentProblem(failure, {
      path: request.originalUrl.split('?')[0] ?? '/',
      requestId: response.locals.requestId,
      language: languageOf(request),
    });
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  };
