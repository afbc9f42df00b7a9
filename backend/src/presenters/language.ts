import type { Language } from '@stenograf/contracts/reasons';
import type { Request } from 'express';

/** Russian where the reader prefers it, else English. */
export const languageOf = (request: Request): Language =>
  request.acceptsLanguages('en', 'ru') === 'ru' ? 'ru' : 'en';
