import {
  EXPORT_COLUMNS,
  type ExportColumnType,
  type ExportRecord,
} from '@stenograf/contracts/exportRecords';

export type RecordKind = ExportRecord['kind'];

export interface Column {
  name: string;
  type: ExportColumnType;
  isNullable: boolean;
}

/** The fields of a kind of record, in their order. */
export const columnsOf = (kind: RecordKind): Column[] =>
  Object.entries(EXPORT_COLUMNS[kind]).map(([name, column]) => ({
    name,
    type: column.replace('?', '') as ExportColumnType,
    isNullable: column.endsWith('?'),
  }));

/** The value of each column, as the record has it. */
export const valuesOf = (record: ExportRecord, columns: readonly Column[]): unknown[] => {
  const fields = record as unknown as Record<string, unknown>;
  return columns.map(({ name }) => fields[name] ?? null);
};
