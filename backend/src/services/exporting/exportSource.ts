import type { ExportKind } from '@stenograf/contracts/exportRecords';
import type { RecordChoice } from '../../repositories/exportQueries';
import type { ExportSnapshot, RecordBatches } from '../../repositories/exportRepository';
import type { RecordKind } from './columns';

/** The bytes of a file as they are made; returns the number of records in it. */
export type FileChunks = AsyncGenerator<Uint8Array | string, number>;

/** The records of one kind. Nothing is read before its turn. */
export interface RecordList {
  /** What people call it. */
  name: string;
  kind: RecordKind;
  batches: RecordBatches;
}

/** What an export holds, kind after kind. */
export const listRecords = (
  kind: ExportKind,
  snapshot: ExportSnapshot,
  choice: RecordChoice,
): RecordList[] => {
  const posts = { name: 'posts', kind: 'post', batches: snapshot.readPosts(choice) } as const;
  if (kind === 'posts') return [posts];
  if (kind === 'comments') {
    return [{ name: 'comments', kind: 'comment', batches: snapshot.readComments(choice) }];
  }
  const { filter } = choice;
  return [
    posts,
    { name: 'comments', kind: 'comment', batches: snapshot.readCommentsOfPosts(filter) },
    { name: 'authors', kind: 'author', batches: snapshot.readAuthorsOfPosts(filter) },
    { name: 'communities', kind: 'community', batches: snapshot.readCommunitiesOfPosts(filter) },
  ];
};
