import type { Readable } from 'node:stream';
import type { CsvProfile, ExportFormat, ExportKind } from '@stenograf/contracts/exportRecords';
import packageJson from '../../package.json';
import { AppError } from '../errors';
import type { ExportRepository, ExportSnapshot } from '../repositories/exportRepository';
import type { RecordFilter } from '../repositories/recordFilters';
import type { Logger } from '../utils/logger';
import { toChunkStream } from './exporting/chunkStream';
import { listRecords, type FileChunks, type RecordList } from './exporting/exportSource';
import { writeCsv } from './exporting/writeCsv';
import { writeNdjson } from './exporting/writeNdjson';
import { writeParquet } from './exporting/writeParquet';
import { writeXlsx } from './exporting/xlsx/writeXlsx';
import type { SheetLimits } from './exporting/xlsx/sheets';

export interface ExportRequest {
  kind: ExportKind;
  /** One that `EXPORT_FORMATS` has for the kind. */
  format: ExportFormat;
  /** For CSV. */
  profile?: CsvProfile;
  filter: RecordFilter;
  /** The filter in the words of the person who asked, by name. */
  asked?: readonly (readonly [string, string])[];
}

export interface ExportService {
  /**
   * A file that is made as fast as it is read: memory stays the same however much there is.
   * Destroying the stream stops the query; a stream that fails has not ended.
   * @throws AppError `not_found` for a task that does not exist, `too_many_requests`,
   *   `database_unavailable`.
   */
  open(request: ExportRequest): Promise<Readable>;
}

export interface ExportServiceDependencies {
  exportRepository: ExportRepository;
  logger: Logger;
  /** Exports written at once by this process; each holds a database connection. */
  openMax?: number;
  /** A reader that takes nothing for so long is given up: it holds a snapshot of the database. */
  idleMsMax?: number;
  sheetLimits?: SheetLimits;
}

const WRITTEN_BY = `Stenograf ${packageJson.version}`;

const firstOf = (lists: RecordList[]): RecordList => {
  const [list] = lists;
  if (!list) throw new Error('An export holds at least one kind of record.');
  return list;
};

const writeFile = (
  snapshot: ExportSnapshot,
  { kind, format, profile = 'excel', filter, asked = [] }: ExportRequest,
  sheetLimits: SheetLimits | undefined,
): FileChunks => {
  const writtenAt = new Date().toISOString();
  const lists = listRecords(kind, snapshot, filter);
  switch (format) {
    case 'ndjson':
      return writeNdjson(lists);
    case 'csv':
      if (kind === 'all') throw new Error('Several kinds of records are no CSV.');
      return writeCsv(snapshot.readCsv(kind, filter, profile), profile);
    case 'parquet':
      return writeParquet(firstOf(lists), {
        createdBy: WRITTEN_BY,
        notes: { written_at: writtenAt, filter: JSON.stringify(Object.fromEntries(asked)) },
      });
    case 'xlsx':
      return writeXlsx(lists, {
        about: [
          ['written by', WRITTEN_BY],
          ['written at', writtenAt],
          ['times', 'UTC'],
          ['export', kind],
          ...(asked.length === 0 ? [['filter', 'none'] as const] : []),
          ...asked.map(([name, value]) => [`filter ${name}`, value] as const),
        ],
        ...(sheetLimits && { limits: sheetLimits }),
      });
  }
};

export const createExportService = ({
  exportRepository,
  logger,
  openMax = 8,
  idleMsMax = 600_000,
  sheetLimits,
}: ExportServiceDependencies): ExportService => {
  let open = 0;

  const openSnapshot = async ({ taskId }: RecordFilter): Promise<ExportSnapshot> => {
    const snapshot = await exportRepository.openSnapshot();
    try {
      if (taskId === null || (await snapshot.hasTask(taskId))) return snapshot;
    } catch (error) {
      snapshot.close();
      throw error;
    }
    snapshot.close();
    throw new AppError('not_found', `There is no task ${taskId}.`);
  };

  return {
    async open(request) {
      if (open >= openMax) {
        throw new AppError('too_many_requests', `${openMax} exports are being written already.`);
      }
      open += 1;
      const snapshot = await openSnapshot(request.filter).catch((error: unknown) => {
        open -= 1;
        throw error;
      });
      const { kind, format } = request;
      const startedAt = performance.now();
      const stream = toChunkStream(writeFile(snapshot, request, sheetLimits), {
        idleMsMax,
        onEnd: (rows) => {
          const durationMs = Math.round(performance.now() - startedAt);
          logger.info('Export written', { kind, format, rows, durationMs });
        },
        close: () => {
          open -= 1;
          snapshot.close();
        },
      });
      snapshot.onLost((error) => stream.destroy(error));
      return stream;
    },
  };
};
