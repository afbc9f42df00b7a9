import express, { type Request, type RequestHandler, type Response } from 'express';
import { AppError, unusableBody } from '../errors';
import { watchBodySize } from './bodySize';

/** The longest list of links that a task takes fits several times. */
const BODY_BYTES_MAX = 2 * 1024 * 1024;
const DEPTH_MAX = 32;

const readersByLimit = new Map<number, RequestHandler>();
/** One reader for each limit that a route has. */
const readerOf = (limit: number): RequestHandler => {
  const known = readersByLimit.get(limit);
  if (known) return known;
  const reader = express.raw({ type: 'application/json', limit });
  readersByLimit.set(limit, reader);
  return reader;
};
const utf8 = new TextDecoder('utf-8', { fatal: true });

const receive = (request: Request, response: Response, bytesMax: number): Promise<void> =>
  new Promise((resolve, reject) => {
    watchBodySize(request, bytesMax, reject);
    readerOf(bytesMax)(request, response, (error?: unknown) => {
      if (error === undefined) resolve();
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- handed on as it came
      else reject(error);
    });
  });

/** Deep nesting exhausts the stack of whatever walks the value later. */
const assertShallow = (json: string): void => {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index += 1) {
    const char = json[index];
    if (inString) {
      if (char === '\\') index += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '[' || char === '{') depth += 1;
    else if (char === ']' || char === '}') depth -= 1;
    if (depth > DEPTH_MAX)
      throw unusableBody(`The body is nested deeper than ${DEPTH_MAX} levels.`);
  }
};

const decode = (bytes: Buffer): string => {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw unusableBody('The body is not valid UTF-8.', cause);
  }
};

// Joi would drop this key without a word.
const refusePrototype = (key: string, value: unknown): unknown => {
  if (key === '__proto__') throw unusableBody('The body holds a key that is not allowed.');
  return value;
};

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json, refusePrototype);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw unusableBody('The body is not valid JSON.', cause);
  }
};

const assertJsonType = (request: Request): void => {
  const isEmpty = request.get('Content-Length') === '0';
  const charset = /;\s*charset="?([\w-]+)/i.exec(request.get('Content-Type') ?? '')?.[1] ?? 'utf-8';
  const isJson = request.is('application/json') !== false && /^utf-?8$/i.test(charset);
  if (isEmpty || isJson) return;
  throw new AppError('unsupported_media_type', 'Send the body as application/json in UTF-8.');
};

/**
 * The parsed body; undefined when there is none.
 * @throws AppError for another media type, bytes that are not UTF-8, JSON that is broken or too
 *   deep; errors of `express.raw` for a body that is too large or cut short.
 */
export const readJsonBody = async (
  request: Request,
  response: Response,
  bytesMax: number = BODY_BYTES_MAX,
): Promise<unknown> => {
  assertJsonType(request);
  await receive(request, response, bytesMax);
  const bytes: unknown = request.body;
  if (!Buffer.isBuffer(bytes) || bytes.length === 0) return undefined;
  const json = decode(bytes);
  assertShallow(json);
  return parse(json);
};
