/** `code` of an application/problem+json reply: stable, for programs. */
export const ERROR_CODES = [
  'validation_failed',
  'unauthorized',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'conflict',
  'idempotency_mismatch',
  'payload_too_large',
  'unsupported_media_type',
  'too_many_requests',
  'query_too_slow',
  'database_unavailable',
  'queue_unavailable',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];
