const SECRET = '[secret]';
const CAUSES_MAX = 5;
const FRAMES_MAX = 30;
const MESSAGE_LENGTH_MAX = 2_000;

/**
 * What a secret looks like. Bounded quantifiers keep each pattern linear on hostile input; quotes
 * end every match, so that a line of JSON stays JSON.
 */
const PATTERNS: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/vk\d\.a\.[\w-]+/g, SECRET],
  [/\bstg_[0-9A-Za-z]+/g, SECRET],
  // VK's older keys: 56 to 85 hexadecimal digits.
  [/\b[0-9a-f]{56,}\b/gi, SECRET],
  [/(access_token\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?)[^\s&"'\\,;}]+/gi, `$1${SECRET}`],
  [/(\bbearer\s{1,4})[^\s"'\\,;]+/gi, `$1${SECRET}`],
  [/((?:authorization|cookie)\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?)[^"'\\\r\n]+/gi, `$1${SECRET}`],
  [/\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s"'\\/@]*:[^\s"'\\]*@/gi, `$1${SECRET}@`],
];

/** Replaces everything in `text` that looks like a credential. */
export const redact = (text: string): string =>
  PATTERNS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);

/** One line of printable text: what a person sees is what was logged, and nothing forges a line. */
export const toSingleLine = (text: string): string =>
  text
    .toWellFormed()
    .slice(0, MESSAGE_LENGTH_MAX)
    // Controls, line separators and the marks that reorder text on a terminal.
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu, ' ');

export interface PlainError {
  name: string;
  message: string;
  code?: string | number;
  stack?: string;
  cause?: PlainError;
}

// The first lines of a stack repeat the message, line breaks included: only frames are kept.
const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, FRAMES_MAX)
    .map((line) => `    ${toSingleLine(line).trim()}`)
    .join('\n');

const codeOf = (error: Error & { code?: unknown }): string | number | undefined => {
  if (typeof error.code === 'number') return error.code;
  return typeof error.code === 'string' ? redact(toSingleLine(error.code)) : undefined;
};

const causeOf = (error: Error): unknown =>
  // An AggregateError, as of a refused connection to two addresses, says nothing by itself.
  error.cause ?? (error instanceof AggregateError ? error.errors[0] : undefined);

/**
 * What may be told about an error: never its other fields, which hold SQL, parameters, addresses
 * and requests.
 */
export const reduceError = (error: unknown, depth = 0): PlainError => {
  if (!(error instanceof Error)) {
    const text = typeof error === 'string' ? error : `A ${typeof error} was thrown.`;
    return { name: 'NonError', message: redact(toSingleLine(text)) };
  }
  const code = codeOf(error);
  const cause = causeOf(error);
  return {
    name: toSingleLine(error.name),
    message: redact(toSingleLine(error.message)),
    ...(code === undefined ? {} : { code }),
    ...(error.stack ? { stack: redact(framesOf(error.stack)) } : {}),
    ...(cause !== undefined && depth < CAUSES_MAX ? { cause: reduceError(cause, depth + 1) } : {}),
  };
};
