import type { ErrorCode } from '@stenograf/contracts/errorCodes';
import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { WaitingFor } from '@stenograf/contracts/statuses';

export interface FieldError {
  /** JSON pointer into the body, or the name of a query or path parameter. */
  pointer: string;
  detail: string;
}

/** Why VK cannot be asked now. */
export interface VkWait {
  waitingFor: WaitingFor;
  /** When a token is tried again by itself; null if a person must act first. */
  until: Date | null;
  kind: ReasonKind;
  /** VK's, null where none came. */
  code: number | null;
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
  /** Of a failure to ask VK; it is told in the language of the reader. */
  readonly wait: VkWait | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    {
      cause,
      fields = [],
      retryAfterS,
      wait,
    }: { cause?: unknown; fields?: FieldError[]; retryAfterS?: number; wait?: VkWait } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.fields = fields;
    this.retryAfterS = retryAfterS;
    this.wait = wait;
  }
}

/** Whoever asked has gone away, so that the rest of the work was left: no failure of anybody's. */
export class ReaderLeftError extends Error {
  override readonly name = 'ReaderLeftError';

  constructor() {
    super('The reader has left.');
  }
}
