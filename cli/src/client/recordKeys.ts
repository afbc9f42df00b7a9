import type { ExportRecord } from '@stenograf/contracts/exportRecords';

/** Which posts and comments an export holds. */
export interface RecordKeys {
  /** `owner_id id`. */
  posts: Set<string>;
  comments: Set<string>;
  /** Comments that answer another one. */
  replies: number;
}

export const keyOf = ({ owner_id, id }: { owner_id: number; id: number }): string =>
  `${owner_id} ${id}`;

const addRecord = (record: ExportRecord, keys: RecordKeys): void => {
  if (record.kind === 'post') keys.posts.add(keyOf(record));
  if (record.kind !== 'comment') return;
  keys.comments.add(keyOf(record));
  if (record.thread_root_id !== null) keys.replies += 1;
};

/** Reads an NDJSON export as it comes; only the keys are kept. */
export const readRecordKeys = async (stream: ReadableStream<Uint8Array>): Promise<RecordKeys> => {
  const keys: RecordKeys = { posts: new Set(), comments: new Set(), replies: 0 };
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) addRecord(JSON.parse(line) as ExportRecord, keys);
  }
  return keys;
};
