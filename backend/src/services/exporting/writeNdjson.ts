import type { FileChunks, RecordList } from './exportSource';

/** One record a line, as JSON. */
export async function* writeNdjson(lists: readonly RecordList[]): FileChunks {
  let rows = 0;
  for (const { batches } of lists) {
    for await (const batch of batches) {
      rows += batch.length;
      yield batch.map((record) => `${JSON.stringify(record)}\n`).join('');
    }
  }
  return rows;
}
