import { Readable } from 'node:stream';
import { AppError } from '../errors';
import type { ExportFilter } from '../repositories/exportQueries';
import type {
  ExportRepository,
  ExportSnapshot,
  RecordBatches,
} from '../repositories/exportRepository';
import type { Logger } from '../utils/logger';

export const EXPORT_KINDS = ['posts', 'comments', 'all'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

export interface ExportService {
  /**
   * Records as NDJSON, read as fast as the stream is: memory stays the same however many there
   * are. Destroying the stream stops the query; a stream that fails has not ended.
   * @throws AppError `not_found` for a task that does not exist, `too_many_requests`,
   *   `database_unavailable`.
   */
  openNdjson(kind: ExportKind, filter: ExportFilter): Promise<Readable>;
}

type Lists = (snapshot: ExportSnapshot, filter: ExportFilter) => RecordBatches[];

// Generators: nothing is read before its turn.
const LISTS: Record<ExportKind, Lists> = {
  posts: (snapshot, filter) => [snapshot.readPosts(filter)],
  comments: (snapshot, filter) => [snapshot.readComments(filter)],
  all: (snapshot, filter) => [
    snapshot.readPosts(filter),
    snapshot.readComments(filter),
    snapshot.readAuthors(filter),
    snapshot.readCommunities(filter),
  ],
};

async function* toLines(
  lists: RecordBatches[],
  onEnd: (rows: number) => void,
): AsyncGenerator<string, void> {
  let rows = 0;
  for (const list of lists) {
    for await (const batch of list) {
      rows += batch.length;
      yield batch.map((record) => `${JSON.stringify(record)}\n`).join('');
    }
  }
  onEnd(rows);
}

/**
 * Unlike `Readable.from`, which waits for the generator, destroying this one closes what the
 * generator waits for.
 */
const toStream = (chunks: AsyncGenerator<string, void>, close: () => void): Readable =>
  new Readable({
    read() {
      chunks.next().then(
        ({ done, value }) => this.push(done === true ? null : value),
        (error: Error) => this.destroy(error),
      );
    },
    destroy(error, done) {
      close();
      done(error);
    },
  });

export interface ExportServiceDependencies {
  exportRepository: ExportRepository;
  logger: Logger;
  /** Exports written at once by this process; each holds a database connection. */
  openMax?: number;
}

export const createExportService = ({
  exportRepository,
  logger,
  openMax = 8,
}: ExportServiceDependencies): ExportService => {
  let open = 0;

  const openSnapshot = async ({ taskId }: ExportFilter): Promise<ExportSnapshot> => {
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
    async openNdjson(kind, filter) {
      if (open >= openMax) {
        throw new AppError('too_many_requests', `${openMax} exports are being written already.`);
      }
      open += 1;
      const snapshot = await openSnapshot(filter).catch((error: unknown) => {
        open -= 1;
        throw error;
      });
      const startedAt = performance.now();
      const lines = toLines(LISTS[kind](snapshot, filter), (rows) => {
        const durationMs = Math.round(performance.now() - startedAt);
        logger.info('Export written', { kind, rows, durationMs });
      });
      const stream = toStream(lines, () => {
        open -= 1;
        snapshot.close();
      });
      snapshot.onLost((error) => stream.destroy(error));
      return stream;
    },
  };
};
