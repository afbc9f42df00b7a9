import { COMMUNITIES_MAX } from '@stenograf/contracts/api';
import { presentImport } from '../presenters/importPresenter';
import type { IdempotencyHeaders } from '../schemas/parameters';
import type { IdempotencyService } from '../services/idempotencyService';
import { decodeText } from '../services/importing/decodeText';
import type { ImportService } from '../services/importing/importService';
import { toReferenceLines } from '../services/importing/referenceLines';
import { idempotentRequest, sendReply } from './idempotent';
import type { Controller, Upload } from './route';
import { untilLeft } from './untilLeft';

export type ImportController = Controller<object, object, Upload, IdempotencyHeaders>;

/** Answers every line of a list: what it names and whether it can be collected. */
export const createImportController =
  ({
    importService,
    idempotencyService,
  }: {
    importService: ImportService;
    idempotencyService: IdempotencyService;
  }): ImportController =>
  async ({ body, headers, language }, response) => {
    const { text, encoding } =
      'text' in body ? { text: body.text, encoding: null } : decodeText(body.bytes);
    const lines = toReferenceLines(text, COMMUNITIES_MAX);
    const request = idempotentRequest('POST /communities/import', lines, headers, response);
    const outcome = await idempotencyService.onceOverTime(request, async () => {
      const imported = await importService.importLines(lines, untilLeft(response));
      return { status: 200, location: null, body: presentImport(imported, encoding, language) };
    });
    sendReply(outcome, response);
  };
