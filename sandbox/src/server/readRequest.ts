import type { IncomingMessage } from 'node:http';
import type { RawParams } from '../vk/callParams';

/** A request to one method, as VK reads it: where a parameter comes from makes no difference. */
export interface MethodRequest {
  method: string;
  params: RawParams;
  /** Moment of arrival, by the clock of the sandbox. */
  arrivedAtMs: number;
  /** Where it came from. */
  address: string;
}

const BODY_BYTES_MAX = 4 * 1024 * 1024;

/** The whole body, or null when it is longer than anything that VK would take. */
export const readBody = async (request: IncomingMessage): Promise<Buffer | null> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const readForm = async (body: Buffer, contentType: string): Promise<Iterable<[string, string]>> => {
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return new URLSearchParams(body.toString());
  }
  if (!contentType.startsWith('multipart/form-data')) return [];
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  return [...form].map(([name, value]) => [name, typeof value === 'string' ? value : '']);
};

/**
 * Parameters of the address and of an urlencoded or multipart body; the body wins. Other bodies, JSON
 * among them, are not read.
 */
export const readParams = async (
  request: IncomingMessage,
  url: URL,
  body: Buffer,
): Promise<Map<string, string>> => {
  const params = new Map<string, string>(url.searchParams);
  const form = await readForm(body, request.headers['content-type'] ?? '');
  for (const [name, value] of form) params.set(name, value);
  const [, bearer] = /^Bearer\s+(\S+)/i.exec(request.headers.authorization ?? '') ?? [];
  if (bearer !== undefined && !params.has('access_token')) params.set('access_token', bearer);
  return params;
};
