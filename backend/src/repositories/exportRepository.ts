import type { CsvProfile, ExportRecord } from '@stenograf/contracts/exportRecords';
import type { Client } from 'pg';
import { AppError } from '../errors';
import { isLostConnection } from './databaseUnavailable';
import { copyCsv } from './exportCopy';
import { buildCsvQuery } from './exportCsv';
import {
  buildAnyQuery,
  buildAuthorsQuery,
  buildCommentsOfPostsQuery,
  buildCommentsQuery,
  buildCommunitiesQuery,
  buildPostsQuery,
  type ExportQuery,
  type RecordChoice,
} from './exportQueries';
import { toAuthorRecord, toCommentRecord, toCommunityRecord, toPostRecord } from './exportRows';
import type { RecordFilter, RecordKind } from './recordFilters';

export type RecordBatches = AsyncGenerator<ExportRecord[], void>;

/** The database at one moment, on a connection of its own. Lists are read one after another. */
export interface ExportSnapshot {
  hasTask(taskId: number): Promise<boolean>;
  /** Whether there is any such record. */
  hasAny(kind: RecordKind, filter: RecordFilter): Promise<boolean>;
  readPosts(choice: RecordChoice): RecordBatches;
  readComments(choice: RecordChoice): RecordBatches;
  /** The filter chooses posts; what follows them is all that was said under them, and by whom. */
  readCommentsOfPosts(filter: RecordFilter): RecordBatches;
  readAuthorsOfPosts(filter: RecordFilter): RecordBatches;
  readCommunitiesOfPosts(filter: RecordFilter): RecordBatches;
  /** The same records as CSV with a header, lines ended by CRLF; returns their number. */
  readCsv(
    kind: RecordKind,
    choice: RecordChoice,
    profile: CsvProfile,
  ): AsyncGenerator<Buffer, number>;
  /** Called once if the database ends the connection, even while nothing is being read. */
  onLost(listener: (error: Error) => void): void;
  /** Ends the connection at once, also in the middle of a query, which the server then stops. */
  close(): void;
}

export interface ExportRepository {
  /** @throws AppError `database_unavailable` */
  openSnapshot(): Promise<ExportSnapshot>;
}

/** Texts reach 16 KB: a batch must stay small beside the memory of a process. */
const BATCH_ROWS = 250;

/**
 * A long export must not be ended by a default of the server, but a reader that stops reading
 * holds a snapshot and is: after 10 minutes without a FETCH. The interval is how soon the server
 * stops a query that nobody waits for any more; on some platforms it can only be 0. All rows are
 * read, so that plans which bring the first ones soon are no gain.
 */
const SETTINGS = `DO $$ BEGIN
  PERFORM set_config('client_connection_check_interval', '2s', false);
EXCEPTION WHEN OTHERS THEN NULL; END $$;
SET statement_timeout = 0;
SET cursor_tuple_fraction = 1;
SET idle_in_transaction_session_timeout = '10min'`;
const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

const unavailable = (error: unknown): unknown =>
  isLostConnection(error)
    ? new AppError('database_unavailable', 'The database cannot be reached; try again soon.', {
        cause: error,
      })
    : error;

async function* readBatches(
  client: Client,
  { text, values }: ExportQuery,
  // Which rows there are, only the query knows: each mapper is paired with its query below.
  toRecord: (row: never) => ExportRecord,
): RecordBatches {
  await client.query(`DECLARE export NO SCROLL CURSOR FOR ${text}`, values);
  let fetched = BATCH_ROWS;
  while (fetched === BATCH_ROWS) {
    const { rows } = await client.query<never>(`FETCH ${BATCH_ROWS} FROM export`);
    fetched = rows.length;
    if (fetched > 0) yield rows.map(toRecord);
  }
  await client.query('CLOSE export');
}

const createSnapshot = (client: Client): ExportSnapshot => {
  let lost: Error | null = null;
  const listeners: ((error: Error) => void)[] = [];
  client.on('error', (error) => {
    lost = error;
    for (const listener of listeners.splice(0)) listener(error);
  });
  const hasRow = async ({ text, values }: ExportQuery): Promise<boolean> => {
    const { rowCount } = await client.query(text, values).catch((error: unknown) => {
      throw unavailable(error);
    });
    return rowCount === 1;
  };
  return {
    hasTask: (taskId) => hasRow({ text: 'SELECT 1 FROM tasks WHERE id = $1', values: [taskId] }),
    hasAny: (kind, filter) => hasRow(buildAnyQuery(kind, filter)),
    readPosts: (choice) => readBatches(client, buildPostsQuery(choice), toPostRecord),
    readComments: (choice) => readBatches(client, buildCommentsQuery(choice), toCommentRecord),
    readCommentsOfPosts: (filter) =>
      readBatches(client, buildCommentsOfPostsQuery(filter), toCommentRecord),
    readAuthorsOfPosts: (filter) => readBatches(client, buildAuthorsQuery(filter), toAuthorRecord),
    readCommunitiesOfPosts: (filter) =>
      readBatches(client, buildCommunitiesQuery(filter), toCommunityRecord),
    readCsv: (kind, choice, profile) =>
      copyCsv(client, buildCsvQuery(kind, choice, profile), profile === 'excel' ? ';' : ','),
    onLost(listener) {
      if (lost) listener(lost);
      else listeners.push(listener);
    },
    close() {
      // It ends either way: at worst the server finds the socket closed.
      client.end().catch(() => undefined);
    },
  };
};

/** `connect` opens a connection that is ours alone until the snapshot is closed. */
export const createExportRepository = ({
  connect,
}: {
  connect: () => Promise<Client>;
}): ExportRepository => ({
  async openSnapshot() {
    const client = await connect().catch((error: unknown) => {
      throw unavailable(error);
    });
    const snapshot = createSnapshot(client);
    try {
      await client.query(SETTINGS);
      await client.query(BEGIN);
      return snapshot;
    } catch (error) {
      snapshot.close();
      throw unavailable(error);
    }
  },
});
