import { zstdCompressSync } from 'node:zlib';
import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import type { KeyValue, SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { columnsOf, valuesOf, type Column } from './columns';
import type { FileChunks, RecordList } from './exportSource';

/**
 * A row group is encoded in one go: small enough to keep neither the memory nor other requests
 * waiting, large enough to compress and to be skipped by a reader.
 */
export interface RowGroupLimits {
  rowsMax: number;
  /** UTF-16 units of text and JSON. */
  lengthMax: number;
}
const LIMITS: RowGroupLimits = { rowsMax: 10_000, lengthMax: 8_000_000 };

const TYPES: Record<Column['type'], Omit<SchemaElement, 'name'>> = {
  integer: { type: 'INT64' },
  boolean: { type: 'BOOLEAN' },
  time: {
    type: 'INT64',
    converted_type: 'TIMESTAMP_MILLIS',
    logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
  },
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  json: { type: 'BYTE_ARRAY', converted_type: 'JSON', logical_type: { type: 'JSON' } },
};

const toSchema = (columns: readonly Column[]): SchemaElement[] => [
  { name: 'records', num_children: columns.length },
  ...columns.map(({ name, type, isNullable }): SchemaElement => ({
    ...TYPES[type],
    name,
    repetition_type: isNullable ? 'OPTIONAL' : 'REQUIRED',
  })),
];

const toParquet = (value: unknown, { type }: Column): unknown => {
  if (value === null) return null;
  if (type === 'integer') return BigInt(value as number);
  return type === 'time' ? new Date(value as string) : value;
};

const jsonLength = (list: readonly unknown[]): number =>
  list.length === 0 ? 0 : JSON.stringify(list).length;

/** The length of what may be long in a record: rows alone would not bound the memory of a group. */
const lengthOf = (record: ExportRecord): number => {
  if (!('attachments' in record)) return 0;
  const length = record.text.length + jsonLength(record.attachments);
  return record.kind === 'post' ? length + jsonLength(record.copy_history) : length;
};

export interface ParquetOptions {
  /** Name and version of what writes the file. */
  createdBy: string;
  /** Shown by readers beside the schema. */
  notes: Record<string, string>;
  limits?: RowGroupLimits;
}

/** Columns with types, row group after row group; without the end that comes last it is no file. */
export async function* writeParquet(
  { kind, batches }: RecordList,
  { createdBy, notes, limits = LIMITS }: ParquetOptions,
): FileChunks {
  const columns = columnsOf(kind);
  const bytes = new ByteWriter();
  const kvMetadata = Object.entries(notes).map(([key, value]): KeyValue => ({ key, value }));
  const writer = new ParquetWriter({
    writer: bytes,
    schema: toSchema(columns),
    codec: 'ZSTD',
    compressors: { ZSTD: (page) => zstdCompressSync(page) },
    createdBy,
    kvMetadata,
  });
  const take = (): Uint8Array => {
    const taken = bytes.getBytes().slice();
    bytes.index = 0;
    return taken;
  };
  const writeGroup = (records: readonly ExportRecord[]): Uint8Array => {
    const rows = records.map((record) => valuesOf(record, columns));
    const columnData = columns.map((column, at) => ({
      name: column.name,
      data: rows.map((row) => toParquet(row[at], column)),
    }));
    void writer.write({ columnData, rowGroupSize: records.length });
    return take();
  };

  let rows = 0;
  let group: ExportRecord[] = [];
  let length = 0;
  for await (const batch of batches) {
    group.push(...batch);
    length += batch.reduce((sum, record) => sum + lengthOf(record), 0);
    if (group.length < limits.rowsMax && length < limits.lengthMax) continue;
    rows += group.length;
    yield writeGroup(group);
    group = [];
    length = 0;
  }
  if (group.length > 0) yield writeGroup(group);
  void writer.finish();
  yield take();
  return rows + group.length;
}
