import type { ExportRecord } from '@stenograf/contracts/exportRecords';
import type { RecordBatches } from '../../../repositories/exportRepository';

/** Batches whose records are taken by other portions than they come in. */
export interface RecordQueue {
  /** Waits for the next batch if need be; false at the end. */
  hasMore(): Promise<boolean>;
  /** At most as many; none where `hasMore` has not said that there are some. */
  take(max: number): ExportRecord[];
}

export const createRecordQueue = (batches: RecordBatches): RecordQueue => {
  let waiting: ExportRecord[] = [];
  return {
    async hasMore() {
      while (waiting.length === 0) {
        const { done, value } = await batches.next();
        if (done === true) return false;
        waiting = value;
      }
      return true;
    },
    take(max) {
      const taken = waiting.slice(0, max);
      waiting = waiting.slice(max);
      return taken;
    },
  };
};
