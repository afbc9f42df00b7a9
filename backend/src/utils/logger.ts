import { createLogger as createWinston, format, transports } from 'winston';
import { currentLogFields } from './logContext';
import { LOG_FIELDS, type LogFields } from './logFields';
import { redact, reduceError, toSingleLine, type PlainError } from './redact';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

type Log = (message: string, fields?: LogFields) => void;

/** Messages are constant texts; what varies goes into fields. */
export interface Logger {
  debug: Log;
  info: Log;
  warn: Log;
  error: Log;
  /** A logger whose lines all carry `fields`. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  level: LogLevel;
  format: 'json' | 'pretty';
  /** Standard error by default. */
  destination?: NodeJS.WritableStream;
  /** Values that must never appear, whatever they look like; read anew for each line. */
  secrets?: Iterable<string>;
}

type LineValue = string | number | boolean;
interface Line {
  fields: Record<string, LineValue>;
  error: PlainError | null;
}

/** Shorter values would blot out ordinary words. */
const SECRET_LENGTH_MIN = 6;
const LINE = Symbol.for('message');

const cleanValue = (value: unknown): LineValue | undefined => {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' ? toSingleLine(value) : undefined;
};

/** Keeps what the list allows, whatever a caller behind a cast hands over. */
const cleanFields = (fields: LogFields): Line => {
  const clean: Line['fields'] = {};
  for (const name of Object.keys(LOG_FIELDS)) {
    const value = cleanValue((fields as Record<string, unknown>)[name]);
    if (value !== undefined) clean[name] = value;
  }
  return { fields: clean, error: fields.error === undefined ? null : reduceError(fields.error) };
};

const errorText = (error: PlainError): string => {
  const code = error.code === undefined ? '' : ` (${error.code})`;
  const frames = error.stack ? `\n${error.stack}` : '';
  const cause = error.cause ? `\n  caused by ${errorText(error.cause)}` : '';
  return `${error.name}: ${error.message}${code}${frames}${cause}`;
};

const withoutKnown = (line: string, secrets: Iterable<string>): string => {
  let clean = line;
  for (const secret of secrets) {
    if (secret.length >= SECRET_LENGTH_MIN) clean = clean.replaceAll(secret, '[secret]');
  }
  return clean;
};

type Render = (at: string, level: string, message: string, line: Line) => string;

const jsonLine: Render = (at, level, message, { fields, error }) =>
  JSON.stringify({ at, level, message, ...fields, ...(error ? { error } : {}) });

const prettyLine: Render = (at, level, message, { fields, error }) => {
  const values = Object.entries(fields).map(([name, value]) => ` ${name}=${value}`);
  const failure = error ? `\n  ${errorText(error)}` : '';
  return `${at} ${level.padEnd(5)} ${message}${values.join('')}${failure}`;
};

const lineFormat = (shape: LoggerOptions['format'], secrets: Iterable<string>) => {
  const render = shape === 'json' ? jsonLine : prettyLine;
  return format((info) => {
    const message = toSingleLine(String(info.message));
    const fields = cleanFields(info['fields'] as LogFields);
    const line = render(new Date().toISOString(), info.level, message, fields);
    info[LINE] = redact(withoutKnown(line, secrets));
    return info;
  })();
};

/**
 * The only logger of the project. Whatever passes through it is on the list of fields, one line
 * long, and free of anything that looks like a credential.
 */
export const createLogger = (options: LoggerOptions): Logger => {
  const winston = createWinston({
    level: options.level,
    format: lineFormat(options.format, options.secrets ?? []),
    transports: [
      new transports.Stream({ stream: options.destination ?? process.stderr, eol: '\n' }),
    ],
  });
  const bind = (bound: LogFields): Logger => {
    const write =
      (level: LogLevel): Log =>
      (message, fields) => {
        // Winston itself formats a line before it asks whether anyone wants it.
        if (!winston.isLevelEnabled(level)) return;
        winston.log({ level, message, fields: { ...currentLogFields(), ...bound, ...fields } });
      };
    return {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (fields) => bind({ ...bound, ...fields }),
    };
  };
  return bind({});
};
