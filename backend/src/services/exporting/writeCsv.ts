import type { CsvProfile } from '@stenograf/contracts/exportRecords';
import type { FileChunks } from './exportSource';

/** Without it Excel reads UTF-8 as the code page of the machine, and Russian is lost. */
const BYTE_ORDER_MARK = '\uFEFF';

export async function* writeCsv(
  rows: AsyncGenerator<Uint8Array, number>,
  profile: CsvProfile,
): FileChunks {
  if (profile === 'excel') yield BYTE_ORDER_MARK;
  return yield* rows;
}
