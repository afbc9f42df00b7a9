import type { Response } from 'express';
import { ReaderLeftError } from '../errors';

/** Aborted when the reader leaves before the answer: nobody waits for what is still being asked. */
export const untilLeft = (response: Response): AbortSignal => {
  const left = new AbortController();
  response.once('close', () => left.abort(new ReaderLeftError()));
  return left.signal;
};
