import { pipeline } from 'node:stream/promises';
import type { ExportFormat, ExportKind } from '@stenograf/contracts/exportRecords';
import type { Response } from 'express';
import { EVERY_RECORD, type RecordFilter } from '../repositories/recordFilters';
import type { ExportQuery } from '../schemas/exportSchemas';
import type { ExportService } from '../services/exportService';
import { addLogFields } from '../utils/logContext';
import { parseScopeDate } from '../utils/scopeDate';
import type { Controller } from './route';

const CONTENT_TYPES: Record<ExportFormat, string> = {
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
};

const toFilter = ({ task, community, since, until }: ExportQuery): RecordFilter => {
  const now = new Date();
  return {
    ...EVERY_RECORD,
    taskId: task ?? null,
    communityIds: community ?? null,
    since: since === undefined ? null : parseScopeDate(since, 'since', now),
    until: until === undefined ? null : parseScopeDate(until, 'until', now),
  };
};

/** Made here alone: nothing that a caller sent appears in the header. */
const fileName = (kind: ExportKind, format: ExportFormat, taskId: number | null): string => {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const task = taskId === null ? '' : `-task-${taskId}`;
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
    async ({ query: { profile = 'excel', ...query }, isHead }, response) => {
      const filter = toFilter(query);
      if (filter.taskId !== null) addLogFields({ taskId: filter.taskId });
      const headers = {
        'Content-Type': CONTENT_TYPES[format],
        'Content-Disposition': `attachment; filename="${fileName(kind, format, filter.taskId)}"`,
      };
      if (isHead) {
        response.set(headers).end();
        return;
      }
      const asked = Object.entries(query).map(([name, value]) => [name, String(value)] as const);
      const file = await exportService.open({ kind, format, profile, filter, asked });
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
