import type { ProblemDetails } from '@stenograf/contracts/api';
import type { ErrorCode } from '@stenograf/contracts/errorCodes';
import type { WaitingFor } from '@stenograf/contracts/statuses';
import { CliError, EXIT } from '../output/cliError';
import { printable } from '../output/format';
import type { Sentences } from '../output/sentences/en';

/** The service understood, and refused. */
export class ReplyError extends CliError {
  readonly code: ErrorCode;

  constructor(exitCode: number, message: string, code: ErrorCode) {
    super(exitCode, message);
    this.code = code;
  }
}

/** The service could not be asked, or could not answer just now: worth another try. */
export class UnreachableError extends CliError {}

const isProblem = (value: unknown): value is ProblemDetails =>
  typeof value === 'object' && value !== null && 'code' in value && 'detail' in value;

const EXIT_BY_STATUS: Record<number, number> = {
  400: EXIT.usage,
  401: EXIT.noPermission,
  403: EXIT.noPermission,
  413: EXIT.usage,
  422: EXIT.usage,
};

/** As a task that waits for the same. */
const EXIT_BY_WAIT: Record<WaitingFor, number> = {
  quota: EXIT.quota,
  token: EXIT.noPermission,
  captcha: EXIT.noPermission,
};

const exitCodeOf = (status: number, { waiting_for }: ProblemDetails): number =>
  waiting_for ? EXIT_BY_WAIT[waiting_for] : (EXIT_BY_STATUS[status] ?? EXIT.failed);

/** A single field error is part of `detail` already. */
const describe = ({ detail, errors = [] }: ProblemDetails): string =>
  [
    detail,
    ...(errors.length > 1 ? errors.map(({ pointer, detail }) => `  ${pointer}: ${detail}`) : []),
  ]
    .map((line) => line.replace(/\p{Cc}+/gu, ' '))
    // The reader gave an option, not a field of a body.
    .map((line) => line.replace(/\/posts\/(since|until)\b/, '--$1'))
    .join('\n');

/** An error reply → a sentence with the exit code that fits it. Reads the body. */
export const createReplyError = async (
  response: Response,
  url: string,
  sentences: Sentences,
): Promise<CliError> => {
  const body: unknown = await response.json().catch(() => null);
  const { status } = response;
  if (!isProblem(body)) {
    return status >= 502
      ? new UnreachableError(EXIT.failed, sentences.notStenograf(url, status))
      : new CliError(EXIT.failed, sentences.notStenograf(url, status));
  }
  if (status === 401) {
    return new CliError(EXIT.noPermission, sentences.keyRefused(url, printable(body.detail)));
  }
  if (status === 503) return new UnreachableError(EXIT.failed, describe(body));
  return new ReplyError(exitCodeOf(status, body), describe(body), body.code);
};

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return `${code} ${error.name} ${error.message}`;
};

/** A failed fetch → a sentence. Bun and Node name the same failures differently. */
export const createConnectionError = (
  error: unknown,
  url: string,
  sentences: Sentences,
): UnreachableError => {
  const code = codeOf(error);
  const why = /refused/i.test(code)
    ? sentences.refused
    : /ENOTFOUND|EAI_AGAIN|FailedToOpenSocket|DNS/i.test(code)
      ? sentences.nameUnknown
      : /timeout|timed out/i.test(code)
        ? sentences.timedOut
        : error instanceof Error
          ? error.message.replace(/\.$/, '')
          : String(error);
  return new UnreachableError(EXIT.failed, sentences.unreachable(url, why), { cause: error });
};
