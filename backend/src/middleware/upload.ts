import express, { type Request, type Response } from 'express';
import type { Upload } from '../controllers/route';
import { AppError, unusableBody, invalidField } from '../errors';
import { watchBodySize } from './bodySize';
import { readJsonBody } from './jsonBody';

/** A list of ten thousand links in UTF-16 fits. */
const UPLOAD_BYTES_MAX = 2 * 1024 * 1024;
const PLAIN_TYPES = ['text/plain', 'text/csv', 'application/octet-stream'];

const readBytes = express.raw({ type: () => true, limit: UPLOAD_BYTES_MAX });

const receive = (request: Request, response: Response): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    watchBodySize(request, UPLOAD_BYTES_MAX, reject);
    readBytes(request, response, (error?: unknown) => {
      const body: unknown = request.body;
      if (error === undefined) resolve(Buffer.isBuffer(body) ? body : Buffer.alloc(0));
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- handed on as it came
      else reject(error);
    });
  });

/** What a form of a page or `curl -F` sends; small enough to be parsed as a whole. */
const readForm = async (request: Request, bytes: Buffer): Promise<Uint8Array> => {
  const type = request.get('Content-Type') ?? '';
  const form = await new globalThis.Response(bytes, { headers: { 'Content-Type': type } })
    .formData()
    .catch((cause: unknown) => {
      throw unusableBody('The form cannot be read.', cause);
    });
  const values = [...form.values()];
  const [value] = values;
  if (value === undefined || values.length > 1) throw unusableBody('Send one file, in one field.');
  return typeof value === 'string' ? Buffer.from(value) : new Uint8Array(await value.arrayBuffer());
};

/** `{"text": "…"}`, for programs that speak JSON only. */
const readText = async (request: Request, response: Response): Promise<Upload> => {
  const body = await readJsonBody(request, response);
  const fields = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  const [[name, text] = []] = fields;
  if (fields.length === 1 && name === 'text' && typeof text === 'string') return { text };
  throw invalidField('/text', 'Must be the only field, and a text.');
};

/**
 * A file in whatever form it is sent: as the body itself, as the one file of a form, or as JSON.
 * @throws AppError for another media type or a form that cannot be read; errors of `express.raw`
 *   for a body that is too large or cut short.
 */
export const readUpload = async (request: Request, response: Response): Promise<Upload> => {
  if (request.is('application/json')) return readText(request, response);
  const isForm = request.is('multipart/form-data');
  if (!isForm && !request.is(PLAIN_TYPES)) {
    const types = [...PLAIN_TYPES, 'multipart/form-data', 'application/json'].join(', ');
    throw new AppError('unsupported_media_type', `Send the list as one of: ${types}.`);
  }
  const bytes = await receive(request, response);
  return { bytes: isForm ? await readForm(request, bytes) : bytes };
};
