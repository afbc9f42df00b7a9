import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { ExportQuery } from '../schemas/exportSchemas';
import type { ExportFilter } from '../repositories/exportQueries';
import type { ExportKind, ExportService } from '../services/exportService';
import { addLogFields } from '../utils/logContext';
import { parseScopeDate } from '../utils/scopeDate';
import type { Controller } from './route';

const toFilter = ({ task, community, since, until }: ExportQuery): ExportFilter => {
  const now = new Date();
  return {
    taskId: task ?? null,
    communityIds: community ?? null,
    since: since === undefined ? null : parseScopeDate(since, 'since', now),
    until: until === undefined ? null : parseScopeDate(until, 'until', now),
  };
};

/** Made here alone: nothing that a caller sent appears in the header. */
const fileName = (kind: ExportKind, taskId: number | null): string => {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const task = taskId === null ? '' : `-task-${taskId}`;
  return `stenograf-${kind}${task}-${stamp}.ndjson`;
};

const isReaderGone = (error: unknown, response: Response): boolean =>
  response.destroyed &&
  error instanceof Error &&
  (error as { code?: unknown }).code === 'ERR_STREAM_PREMATURE_CLOSE';

export interface ExportController {
  ndjson(kind: ExportKind): Controller<object, ExportQuery>;
}

export const createExportController = ({
  exportService,
}: {
  exportService: ExportService;
}): ExportController => ({
  ndjson:
    (kind: ExportKind): Controller<object, ExportQuery> =>
    async ({ query, isHead }, response) => {
      const filter = toFilter(query);
      if (filter.taskId !== null) addLogFields({ taskId: filter.taskId });
      const headers = {
        'Content-Type': 'application/x-ndjson; charset=utf-8',
        'Content-Disposition': `attachment; filename="${fileName(kind, filter.taskId)}"`,
      };
      if (isHead) {
        response.set(headers).end();
        return;
      }
      const lines = await exportService.openNdjson(kind, filter);
      if (response.destroyed) {
        // The reader left while the export was being opened; nothing would tell the stream.
        lines.destroy();
        return;
      }
      response.set(headers);
      try {
        await pipeline(lines, response);
      } catch (error) {
        // A reader that leaves is no failure; the request's own line in the log says `aborted`.
        if (!isReaderGone(error, response)) throw error;
      }
    },
});
