import { cleanDeep, mayNeedCleaning } from '../utils/text';
import type { Secret } from '../utils/secret';
import type { VkErrorReply } from './errorActions';
import { TransportError } from './errors';

export interface TransportConfig {
  url: string;
  version: string;
  requestTimeoutMs: number;
  responseBytesMax: number;
  /** Told of every response, before its body is read. */
  onHeaders?: (headers: Headers) => void;
}

/** What VK answered: a success, with the errors of inner calls beside it if it was `execute`. */
export type VkAnswer =
  { ok: true; response: unknown; executeErrors: InnerError[] } | { ok: false; error: VkErrorReply };

export interface InnerError extends VkErrorReply {
  method: string;
}

/** Sends one request, once. @throws TransportError and nothing else. */
export type Transport = (
  method: string,
  params: Record<string, string | number>,
  token: Secret,
  signal: AbortSignal,
) => Promise<VkAnswer>;

const ERROR_TEXT_LENGTH_MAX = 300;

export const createTransport = (config: TransportConfig): Transport => {
  const base = config.url.replace(/\/+$/, '');
  return async (method, params, token, signal) => {
    const deadline = AbortSignal.timeout(config.requestTimeoutMs);
    try {
      const response = await fetch(`${base}/${method}`, {
        method: 'POST',
        body: formBody({ ...params, lang: 'ru', v: config.version, access_token: token.reveal() }),
        headers: { accept: 'application/json', 'accept-encoding': 'gzip' },
        // A redirect would carry the token to whoever is named there.
        redirect: 'manual',
        signal: AbortSignal.any([signal, deadline]),
      });
      config.onHeaders?.(response.headers);
      return await readAnswer(response, token, config.responseBytesMax);
    } catch (error) {
      throw asTransportError(error, deadline.aborted, config.requestTimeoutMs);
    }
  };
};

const formBody = (params: Record<string, string | number>): URLSearchParams =>
  new URLSearchParams(
    Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]),
  );

const readAnswer = async (
  response: Response,
  token: Secret,
  bytesMax: number,
): Promise<VkAnswer> => {
  const status = response.status;
  if (!isJson(response)) {
    await response.body?.cancel();
    if (status !== 200) throw httpFault(status);
    throw new TransportError('VK answered with something other than JSON', {
      fault: 'not_json',
      status,
    });
  }
  const answer = parseAnswer(await readText(response, bytesMax), token);
  // An error of VK explains more than the status that it came with.
  if (status !== 200 && answer?.ok !== false) throw httpFault(status);
  if (answer === null) {
    throw new TransportError('VK answered with JSON that is no reply of its API', {
      fault: 'not_json',
      status,
    });
  }
  return answer;
};

const isJson = (response: Response): boolean =>
  /^(?:application|text)\/(?:[\w.+-]+\+)?json\b/i.test(response.headers.get('content-type') ?? '');

const httpFault = (status: number): TransportError =>
  new TransportError(`VK answered with HTTP status ${status}`, { fault: 'http', status });

/** Counts bytes as they come out of decompression, so that a small reply cannot unpack to a flood. */
const readText = async (response: Response, bytesMax: number): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    // Leaving the loop cancels the body.
    if (bytes > bytesMax) {
      throw new TransportError(`VK answered with more than ${bytesMax} bytes`, {
        fault: 'too_large',
        status: response.status,
      });
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks, bytes));
};

/** null for what is not JSON or no reply of VK; the parser's own words may quote the body. */
const parseAnswer = (text: string, token: Secret): VkAnswer | null => {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
    if (mayNeedCleaning(text)) parsed = cleanDeep(parsed);
  } catch {
    return null;
  }
  if (!isRecord(parsed)) return null;
  if (parsed['error'] !== undefined) {
    const error = readError(parsed['error'], token);
    return error && { ok: false, error };
  }
  if (parsed['response'] === undefined) return null;
  return {
    ok: true,
    response: parsed['response'],
    executeErrors: readInnerErrors(parsed['execute_errors'], token),
  };
};

const readError = (value: unknown, token: Secret): VkErrorReply | null => {
  if (!isRecord(value)) return null;
  const { error_code: code, error_subcode: subcode, error_msg: message } = value;
  if (typeof code !== 'number') return null;
  return {
    code,
    subcode: typeof subcode === 'number' ? subcode : null,
    text:
      typeof message === 'string'
        ? token.redactFrom(message).slice(0, ERROR_TEXT_LENGTH_MAX).toWellFormed()
        : '',
  };
};

const readInnerErrors = (value: unknown, token: Secret): InnerError[] => {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    const error = readError(item, token);
    const method: unknown = isRecord(item) ? item['method'] : null;
    return error && typeof method === 'string' ? [{ ...error, method }] : [];
  });
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asTransportError = (error: unknown, timedOut: boolean, timeoutMs: number): TransportError => {
  if (error instanceof TransportError) return error;
  if (timedOut) {
    return new TransportError(
      `VK did not answer within ${timeoutMs} ms`,
      { fault: 'timeout' },
      { cause: error },
    );
  }
  return new TransportError('VK could not be reached', { fault: 'network' }, { cause: error });
};
