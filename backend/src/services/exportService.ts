import type { Readable } from 'node:stream';
import type { CsvProfile, ExportFormat, ExportKind } from '@stenograf/contracts/exportRecords';
import packageJson from '../../package.json';
import { AppError } from '../errors';
import type { RecordChoice } from '../repositories/exportQueries';
import type { ExportRepository, ExportSnapshot } from '../repositories/exportRepository';
import { orderOf, type RecordSort } from '../repositories/recordOrders';
import type { Logger } from '../utils/logger';
import { createPlaces, type PlaceLimits } from '../utils/places';
import { toChunkStream } from './exporting/chunkStream';
import { listRecords, type FileChunks, type RecordList } from './exporting/exportSource';
import { writeCsv } from './exporting/writeCsv';
import { writeNdjson } from './exporting/writeNdjson';
import { writeParquet } from './exporting/writeParquet';
import { writeXlsx } from './exporting/xlsx/writeXlsx';
import type { SheetLimits } from './exporting/xlsx/sheets';
import type { RecordFilterQuery, RecordFilterService } from './searching/recordFilterService';

export interface ExportRequest {
  kind: ExportKind;
  /** One that `EXPORT_FORMATS` has for the kind. */
  format: ExportFormat;
  /** For CSV. */
  profile?: CsvProfile;
  /** Of an export of everything it chooses posts, and the rest follows them. */
  query: RecordFilterQuery;
  /** null: in the order of the keys. */
  sort?: RecordSort | null;
  /** Whose place it takes, as `holderOf` has it; none for what the process itself needs. */
  holder?: string;
}

export interface ExportService {
  /**
   * A file that is made as fast as it is read: memory stays the same however much there is.
   * Destroying the stream stops the query; a stream that fails has not ended.
   * @throws AppError `not_found` for a task that does not exist, `too_many_requests`,
   *   `database_unavailable`, `validation_failed` for a date that is none.
   */
  open(request: ExportRequest): Promise<Readable>;
}

export interface ExportServiceDependencies {
  exportRepository: ExportRepository;
  recordFilterService: RecordFilterService;
  logger: Logger;
  /** A reader that takes nothing for so long is given up: it holds a snapshot of the database. */
  idleMsMax?: number;
  sheetLimits?: SheetLimits;
}

/** Which records an export holds, and what is to be said of how they were chosen. */
interface Resolved {
  choice: RecordChoice;
  notes: string[];
}

const SEARCHED_PARTS = 'The words of q were found nowhere: they were looked for as pieces of text.';
/** Of one process; each holds a database connection. */
const EXPORTS: PlaceLimits = { what: 'exports', all: 8, own: 3 };
const WRITTEN_BY = `Stenograf ${packageJson.version}`;

const firstOf = (lists: RecordList[]): RecordList => {
  const [list] = lists;
  if (!list) throw new Error('An export holds at least one kind of record.');
  return list;
};

/** What was asked for, in the words of the person who asked. */
const describe = ({ query, sort }: ExportRequest): (readonly [string, string])[] =>
  Object.entries({ ...query, ...(sort && { sort }) }).map(([name, value]) => [name, String(value)]);

const writeFile = (
  snapshot: ExportSnapshot,
  request: ExportRequest,
  { choice, notes }: Resolved,
  sheetLimits: SheetLimits | undefined,
): FileChunks => {
  const { kind, format, profile = 'excel' } = request;
  const asked = describe(request);
  const writtenAt = new Date().toISOString();
  const lists = listRecords(kind, snapshot, choice);
  switch (format) {
    case 'ndjson':
      return writeNdjson(lists);
    case 'csv':
      if (kind === 'all') throw new Error('Several kinds of records are no CSV.');
      return writeCsv(snapshot.readCsv(kind, choice, profile), profile);
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
          ...notes.map((note) => ['note', note] as const),
        ],
        ...(sheetLimits && { limits: sheetLimits }),
      });
  }
};

export const createExportService = ({
  exportRepository,
  recordFilterService,
  logger,
  idleMsMax = 600_000,
  sheetLimits,
}: ExportServiceDependencies): ExportService => {
  const places = createPlaces(EXPORTS);

  /** As the lists do: words that are found nowhere are looked for as pieces of text. */
  const resolve = async (
    snapshot: ExportSnapshot,
    { kind, query, sort = null }: ExportRequest,
  ): Promise<Resolved> => {
    const { task: taskId } = query;
    if (taskId !== undefined && !(await snapshot.hasTask(taskId))) {
      throw new AppError('not_found', `There is no task ${taskId}.`);
    }
    const records = kind === 'comments' ? 'comments' : 'posts';
    const { filter, byParts } = await recordFilterService.resolve(records, query, new Date());
    const order = sort === null ? null : orderOf(sort);
    if (byParts === null || (await snapshot.hasAny(records, filter))) {
      return { choice: { filter, order }, notes: [] };
    }
    return { choice: { filter: byParts, order }, notes: [SEARCHED_PARTS] };
  };

  const openFile = async (request: ExportRequest, leave: () => void): Promise<Readable> => {
    const snapshot = await exportRepository.openSnapshot();
    const resolved = await resolve(snapshot, request).catch((error: unknown) => {
      snapshot.close();
      throw error;
    });
    const { kind, format } = request;
    const startedAt = performance.now();
    const stream = toChunkStream(writeFile(snapshot, request, resolved, sheetLimits), {
      idleMsMax,
      onEnd: (rows) => {
        const durationMs = Math.round(performance.now() - startedAt);
        logger.info('Export written', { kind, format, rows, durationMs });
      },
      close: () => {
        leave();
        snapshot.close();
      },
    });
    snapshot.onLost((error) => stream.destroy(error));
    return stream;
  };

  return {
    async open(request) {
      const leave = places.take(request.holder ?? null);
      return openFile(request, leave).catch((error: unknown) => {
        leave();
        throw error;
      });
    },
  };
};
