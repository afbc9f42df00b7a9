import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import { stripVolatile } from '@stenograf/sandbox/world/stripVolatile';

export const keyOf = (record: ExportRecord): string => {
  switch (record.kind) {
    case 'post':
      return `post ${record.owner_id}_${record.id}`;
    case 'comment':
      return `comment ${record.owner_id}_${record.id}`;
    case 'author':
      return `author ${record.id}`;
    case 'community':
      return `community ${record.id}`;
  }
};

/** VK sends one flag as 0 and as false: as values of raw attachments both mean the same. */
const settleFlags = (value: unknown): unknown => {
  if (typeof value === 'boolean') return Number(value);
  if (Array.isArray(value)) return value.map(settleFlags);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, settleFlags(child)]),
  );
};

const RAW_FIELDS = ['attachments', 'copy_history', 'geo'];

/** VK's lists do not say when we noticed a deletion, nor that nothing of a record was erased. */
const isOurs = (kind: ExportRecord['kind'], key: string, value: unknown): boolean =>
  (kind === 'comment' && key === 'deleted_at') || (key === 'erased_at' && value === null);

/** Less what differs between two readings of one state, and less what only we know. */
const comparable = (record: ExportRecord): Record<string, unknown> => {
  const fields = Object.entries(record).filter(([key, value]) => !isOurs(record.kind, key, value));
  return Object.fromEntries(
    fields.map(([key, value]) => [
      key,
      RAW_FIELDS.includes(key) ? settleFlags(stripVolatile(value)) : value,
    ]),
  );
};

/** Records by key, for a comparison that names what differs. */
export const byKey = (
  records: readonly ExportRecord[],
): Record<string, Record<string, unknown>> => {
  const result: Record<string, Record<string, unknown>> = {};
  for (const record of records) {
    const key = keyOf(record);
    if (key in result) throw new Error(`${key} stands twice in one list`);
    result[key] = comparable(record);
  }
  return result;
};
