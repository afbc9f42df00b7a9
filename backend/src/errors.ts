import type { FieldProblem } from '@stenograf/contracts/api';
import type { ErrorCode } from '@stenograf/contracts/errorCodes';
import type { ReasonKind } from '@stenograf/contracts/reasons';
import type { WaitingFor } from '@stenograf/contracts/statuses';

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
  readonly fields: FieldProblem[];
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
    }: { cause?: unknown; fields?: FieldProblem[]; retryAfterS?: number; wait?: VkWait } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'AppError';
    this.code = code;
    this.fields = fields;
    this.retryAfterS = retryAfterS;
    this.wait = wait;
  }
}

/** How a sentence names a field: a parameter by its name, a field of a body by its pointer. */
const nameOf = ({ in: part, pointer }: FieldProblem): string => {
  if (part !== 'body') return pointer.slice(1).replaceAll('/', '.');
  return pointer === '' ? 'The body' : pointer;
};

/** @returns AppError `validation_failed` of what came in: a sentence about the first of its fields */
export const invalidInput = (
  fields: readonly [FieldProblem, ...FieldProblem[]],
  cause?: unknown,
): AppError => {
  const [first, ...others] = fields;
  const sentence = `${nameOf(first)}: ${first.detail}`;
  const message = others.length === 0 ? sentence : `${sentence} (and ${others.length} more)`;
  return new AppError('validation_failed', message, { cause, fields: [...fields] });
};

/** @returns AppError `validation_failed` about one query parameter */
export const invalidParameter = (name: string, detail: string, cause?: unknown): AppError =>
  invalidInput([{ in: 'query', pointer: `/${name}`, detail }], cause);

/** @returns AppError `validation_failed` about one field of the body */
export const invalidField = (pointer: string, detail: string): AppError =>
  invalidInput([{ in: 'body', pointer, detail }]);

/** @returns AppError `validation_failed` of a body of which no field can be named: a whole sentence */
export const unusableBody = (detail: string, cause?: unknown): AppError =>
  new AppError('validation_failed', detail, {
    cause,
    fields: [{ in: 'body', pointer: '', detail }],
  });

/** Whoever asked has gone away, so that the rest of the work was left: no failure of anybody's. */
export class ReaderLeftError extends Error {
  override readonly name = 'ReaderLeftError';

  constructor() {
    super('The reader has left.');
  }
}
