import type { Request } from 'express';
import { AppError } from '../errors';

const sizeOf = (bytes: number): string =>
  bytes < 1024 * 1024 ? `${Math.floor(bytes / 1024)} KB` : `${Math.floor(bytes / 1024 / 1024)} MB`;

export const createTooLargeError = (bytesMax: number, cause?: unknown): AppError =>
  new AppError('payload_too_large', `The body is larger than ${sizeOf(bytesMax)}.`, { cause });

/**
 * Tells as soon as a body is known to be too large: by its length, or once so much has come. The
 * reader of Express would take it to its end before it says so, and one that has no end for ever.
 */
export const watchBodySize = (
  request: Request,
  bytesMax: number,
  refuse: (error: AppError) => void,
): void => {
  if (Number(request.get('Content-Length') ?? 0) > bytesMax) {
    refuse(createTooLargeError(bytesMax));
    return;
  }
  let received = 0;
  request.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received > bytesMax) refuse(createTooLargeError(bytesMax));
  });
};
