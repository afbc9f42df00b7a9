import type { ProblemDetails } from '@stenograf/contracts/api';
import type { ErrorCode } from '@stenograf/contracts/errorCodes';
import type { AppError } from '../errors';
import { redact } from '../utils/redact';

const PROBLEMS: Record<ErrorCode, { status: number; title: string }> = {
  validation_failed: { status: 400, title: 'The request cannot be used' },
  unauthorized: { status: 401, title: 'A valid key or session is needed' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'Not possible now' },
  idempotency_mismatch: { status: 422, title: 'The key belongs to another request' },
  payload_too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  query_too_slow: { status: 503, title: 'The query takes too long' },
  database_unavailable: { status: 503, title: 'The database is unavailable' },
  queue_unavailable: { status: 503, title: 'The queue is unavailable' },
  internal: { status: 500, title: 'Internal error' },
};

export const statusOf = (code: ErrorCode): number => PROBLEMS[code].status;

/**
 * RFC 9457. `path` is that of the request, without its query, which may be private. A credential
 * that was put in the wrong place, be it the name of a field, is not repeated.
 */
export const presentProblem = (
  { code, message, fields }: AppError,
  { path, requestId }: { path: string; requestId: string },
): ProblemDetails => ({
  type: `urn:stenograf:problem:${code}`,
  title: PROBLEMS[code].title,
  status: PROBLEMS[code].status,
  detail: redact(message),
  instance: redact(path),
  code,
  ...(fields.length > 0
    ? { errors: fields.map(({ pointer, detail }) => ({ pointer: redact(pointer), detail })) }
    : {}),
  request_id: requestId,
});
