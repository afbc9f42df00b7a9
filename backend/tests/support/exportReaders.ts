import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import {
  EXPORT_COLUMNS,
  type ExportColumn,
  type ExportRecord,
} from '@stenograf/contracts/exportRecords';
import { parse } from 'csv-parse/sync';
import { Workbook, type Worksheet } from 'exceljs';

/** Files as the programs of others open them, brought back to the records that NDJSON has. */

type Kind = ExportRecord['kind'];
type Fields = Record<string, unknown>;

const convert = (
  kind: Kind,
  fields: Fields,
  toValue: (value: unknown, column: ExportColumn) => unknown,
) => {
  const columns: Record<string, ExportColumn> = EXPORT_COLUMNS[kind];
  const entries = Object.entries(columns).map(
    ([name, column]) =>
      [name, fields[name] === null ? null : toValue(fields[name], column)] as const,
  );
  return Object.fromEntries(entries) as unknown as ExportRecord;
};

const fromText = (value: unknown, column: ExportColumn): unknown => {
  const text = value as string;
  switch (column) {
    case 'integer':
    case 'integer?':
      return Number(text);
    case 'boolean':
    case 'boolean?':
      return { true: true, false: false }[text];
    case 'json':
    case 'json?':
      return JSON.parse(text) as unknown;
    case 'text':
    case 'text?':
    case 'time':
    case 'time?':
      return text;
  }
};

/** By csv-parse, which tells nothing from an empty text by the quotes; refuses any other line end. */
export const readCsv = (kind: Kind, bytes: Buffer, delimiter: ',' | ';'): ExportRecord[] =>
  parse(bytes, {
    delimiter,
    columns: true,
    bom: delimiter === ';',
    record_delimiter: '\r\n',
    cast: (value, { quoting, header }) => (value === '' && !quoting && !header ? null : value),
  }).map((fields) => convert(kind, fields as Fields, fromText));

/** A workbook writes `_x000D_` for a character that XML would lose; this reader leaves it so. */
const unescapeCell = (text: string): string =>
  text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );

const fromCell = (value: unknown, column: ExportColumn): unknown => {
  if (typeof value === 'string') {
    // By a comment cut within its JSON: it is looked at as text.
    if (column === 'json' && value.endsWith('… [cut]')) return value;
    return fromText(unescapeCell(value), column);
  }
  return value instanceof Date ? value.toISOString() : value;
};

const readSheet = (kind: Kind, sheet: Worksheet): ExportRecord[] => {
  const valuesOf = (row: number): unknown[] => (sheet.getRow(row).values as unknown[]).slice(1);
  const names = valuesOf(1) as string[];
  return Array.from({ length: sheet.rowCount - 1 }, (_, at) => {
    const values = valuesOf(at + 2);
    const fields = Object.fromEntries(names.map((name, place) => [name, values[place] ?? null]));
    return convert(kind, fields, fromCell);
  });
};

export interface ReadWorkbook {
  names: string[];
  records(sheet: string, kind: Kind): ExportRecord[];
  about: Map<string, string>;
}

/** By exceljs. */
export const readXlsx = async (bytes: Buffer): Promise<ReadWorkbook> => {
  const workbook = new Workbook();
  await workbook.xlsx.load(bytes as unknown as ArrayBuffer);
  const sheetOf = (name: string): Worksheet => {
    const sheet = workbook.getWorksheet(name);
    if (!sheet) throw new Error(`There is no sheet ${name}.`);
    return sheet;
  };
  const about = new Map<string, string>();
  sheetOf('about').eachRow((row) => about.set(row.getCell(1).text, row.getCell(2).text));
  return {
    names: workbook.worksheets.map(({ name }) => name),
    records: (sheet, kind) => readSheet(kind, sheetOf(sheet)),
    about,
  };
};

const fromParquet = (value: unknown, column: ExportColumn): unknown => {
  if (column.startsWith('time')) return new Date(value as string).toISOString();
  if (column.startsWith('boolean')) return value;
  return fromText(value, column);
};

export interface ReadParquet {
  records: ExportRecord[];
  /** By column: the type as DuckDB calls it. */
  types: Record<string, string>;
}

/** By DuckDB. */
export const readParquet = async (kind: Kind, bytes: Buffer): Promise<ReadParquet> => {
  const folder = await mkdtemp(join(tmpdir(), 'stenograf-parquet-'));
  const file = join(folder, 'export.parquet');
  const database = await DuckDBInstance.create(':memory:');
  const connection = await database.connect();
  try {
    await writeFile(file, bytes);
    await connection.run(`SET TimeZone = 'UTC'`);
    const schema = await connection.runAndReadAll(`DESCRIBE SELECT * FROM '${file}'`);
    const rows = await connection.runAndReadAll(`SELECT * FROM '${file}'`);
    return {
      types: Object.fromEntries(
        schema.getRows().map(([name, type]) => [String(name), String(type)]),
      ),
      records: rows.getRowObjectsJson().map((fields) => convert(kind, fields, fromParquet)),
    };
  } finally {
    connection.closeSync();
    database.closeSync();
    await rm(folder, { recursive: true });
  }
};
