import type { ErrorCode } from '@stenograf/contracts/errorCodes';

export interface FieldError {
  /** JSON pointer into the body, or the name of a query or path parameter. */
  pointer: string;
  detail: string;
}

/**
 * A failure that a caller can act on. `message` is safe to show: it never holds a secret, SQL or a
 * host. Everything that is not an AppError is a fault of ours and is answered with a fixed text.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly fields: FieldError[];
  /** Seconds after which trying again makes sense, if that is known. */
  readonly retryAfterS: number | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    {
      cause,
      fields = [],
      retryAfterS,
    }: { cause?: unknown; fields?: FieldError[]; retryAfterS?: number } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.fields = fields;
    this.retryAfterS = retryAfterS;
  }
}
