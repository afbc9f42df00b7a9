import { pipeline } from 'node:stream/promises';
import type { ExportFormat, ExportKind } from '@stenograf/contracts/exportRecords';
import type { Response } from 'express';
import type { ExportQuery } from '../schemas/exportSchemas';
import type { ExportService } from '../services/exportService';
import { holderIn } from '../services/identity';
import { addLogFields } from '../utils/logContext';
import type { Controller } from './route';

const CONTENT_TYPES: Record<ExportFormat, string> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
};

/** Made here alone: nothing that a caller sent appears in the header. */
const fileName = (kind: ExportKind, format: ExportFormat, taskId: number | undefined): string => {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const task = taskId === undefined ? '' : `-task-${taskId}`;
  return `stenograf-${kind}${task}-${stamp}.${format}`;
};

const isReaderGone = (error: unknown, response: Response): boolean =>
  response.destroyed &&
  error instanceof Error &&
  (error as { code?: unknown }).code === 'ERR_STREAM_PREMATURE_CLOSE';

export interface ExportController {
  write(kind: ExportKind, format: ExportFormat): Controller<object, ExportQuery>;
}

export const createExportController = ({
  exportService,
}: {
  exportService: ExportService;
}): ExportController => ({
  write:
    (kind, format) =>
    async ({ query: { profile = 'excel', sort = null, ...query }, isHead }, response) => {
      if (query.task !== undefined) addLogFields({ taskId: query.task });
      const headers = {
        'Content-Type': CONTENT_TYPES[format],
        'Content-Disposition': `attachment; filename="${fileName(kind, format, query.task)}"`,
      };
      if (isHead) {
        response.set(headers).end();
        return;
      }
      const holder = holderIn(response.locals);
      const file = await exportService.open({ kind, format, profile, query, sort, holder });
      if (response.destroyed) {
        // The reader left while the export was being opened; nothing would tell the stream.
        file.destroy();
        return;
      }
      response.set(headers);
      try {
        await pipeline(file, response);
      } catch (error) {
        // A reader that leaves is no failure; the request's own line in the log says `aborted`.
        if (!isReaderGone(error, response)) throw error;
      }
    },
});
