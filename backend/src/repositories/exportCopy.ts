import type { Client, Connection, Submittable } from 'pg';
import type { ExportQuery } from './exportQueries';

/** Bytes handed over at once. */
const CHUNK_BYTES = 64 * 1024;
/** Bytes held at most, beside the row that is coming in, before the server is made to wait. */
const HELD_BYTES_MAX = 4 * CHUNK_BYTES;
const CRLF = Buffer.from('\r\n');

/** What the driver calls on a query while COPY … TO STDOUT runs; `Query` of `pg` has the same. */
interface CopyOutQuery extends Submittable {
  handleCopyData(message: { chunk: Buffer }): void;
  handleCommandComplete(message: { text: string }): void;
  handleReadyForQuery(): void;
  handleError(error: Error): void;
}

const toLiteral = (value: unknown): string => {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return `{${value.map(Number).join(',')}}`;
  return String(value);
};

/** COPY takes no parameters: the values stand in the statement, as literals that the driver quotes. */
const inlineValues = (client: Client, { text, values }: ExportQuery): string =>
  text.replaceAll(/\$(\d+)(?=::)/g, (_, place: string) =>
    client.escapeLiteral(toLiteral(values[Number(place) - 1])),
  );

/** Rows that came in and were not handed over yet. */
const createHeldRows = () => {
  let full: Buffer[] = [];
  let open = Buffer.allocUnsafe(CHUNK_BYTES);
  let used = 0;
  let bytes = 0;
  const close = (): void => {
    if (used > 0) full.push(open.subarray(0, used));
    open = Buffer.allocUnsafe(CHUNK_BYTES);
    used = 0;
  };
  return {
    get bytes() {
      return bytes;
    },
    /** The driver uses its buffer again, so that the row is copied. It ends in LF, here in CRLF. */
    add(row: Buffer): void {
      const length = row.length + 1;
      bytes += length;
      if (length > CHUNK_BYTES - used) close();
      if (length > CHUNK_BYTES) {
        full.push(Buffer.concat([row.subarray(0, -1), CRLF]));
        return;
      }
      row.copy(open, used);
      used += length;
      CRLF.copy(open, used - 2);
    },
    take(): Buffer[] {
      close();
      const taken = full;
      full = [];
      bytes = 0;
      return taken;
    },
  };
};

/**
 * The rows of a query as CSV that PostgreSQL itself writes, lines ended by CRLF. The server waits
 * while nobody takes. The protocol gives each row as a message of its own, which is what makes
 * replacing its line end safe: within quotes a line end stays as it is.
 * @returns the number of rows
 */
export async function* copyCsv(
  client: Client,
  query: ExportQuery,
  delimiter: ',' | ';',
): AsyncGenerator<Buffer, number> {
  const held = createHeldRows();
  const state = { isDone: false, rows: 0, failure: null as Error | null };
  let connection: Connection | null = null;
  let wake = Promise.withResolvers<void>();
  const hear = (): void => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  const copyOut: CopyOutQuery = {
    submit(opened) {
      connection = opened;
      const options = `FORMAT csv, HEADER, DELIMITER '${delimiter}'`;
      opened.query(`COPY (${inlineValues(client, query)}) TO STDOUT WITH (${options})`);
    },
    handleCopyData({ chunk }) {
      held.add(chunk);
      if (held.bytes >= HELD_BYTES_MAX) connection?.stream.pause();
      if (held.bytes >= CHUNK_BYTES) hear();
    },
    handleCommandComplete({ text }) {
      state.rows = Number(/^COPY (\d+)/.exec(text)?.[1] ?? 0);
    },
    handleReadyForQuery() {
      state.isDone = true;
      hear();
    },
    handleError(error) {
      state.failure = error;
      hear();
    },
  };
  client.query(copyOut);
  while (!state.isDone && state.failure === null) {
    if (held.bytes < CHUNK_BYTES) await wake.promise;
    if (state.failure !== null) throw state.failure;
    yield* held.take();
    (connection as Connection | null)?.stream.resume();
  }
  if (state.failure !== null) throw state.failure;
  yield* held.take();
  return state.rows;
}
