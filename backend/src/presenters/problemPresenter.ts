import type { ProblemDetails } from '@stenograf/contracts/api';
import type { ErrorCode } from '@stenograf/contracts/errorCodes';
import { reasonSentence, type Language } from '@stenograf/contracts/reasons';
import type { AppError, VkWait } from '../errors';
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

const CANNOT_ASK: Record<Language, string> = {
  en: 'VK cannot be asked now.',
  ru: 'Сейчас спросить ВКонтакте нельзя.',
};

const tellWait = ({ kind, code }: VkWait, language: Language): string =>
  `${CANNOT_ASK[language]} ${reasonSentence(kind, language, code)}`;

const presentWait = ({ waitingFor, until, kind }: VkWait) => ({
  waiting_for: waitingFor,
  waiting_until: until?.toISOString() ?? null,
  kind,
});

/**
 * RFC 9457. `path` is that of the request, without its query, which may be private. A credential
 * that was put in the wrong place, be it the name of a field, is not repeated.
 */
export const presentProblem = (
  { code, message, fields, wait }: AppError,
  { path, requestId, language }: { path: string; requestId: string; language: Language },
): ProblemDetails => ({
  type: `urn:stenograf:problem:${code}`,
  title: PROBLEMS[code].title,
  status: PROBLEMS[code].status,
  detail: redact(wait ? tellWait(wait, language) : message),
  instance: redact(path),
  code,
  ...(wait ? presentWait(wait) : {}),
  ...(fields.length > 0
    ? { errors: fields.map((field) => ({ ...field, pointer: redact(field.pointer) })) }
    : {}),
  request_id: requestId,
});
